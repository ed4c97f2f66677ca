// Work in place of the letters of a captcha (docs/decisions/0015-captcha.md). Loaded only where a page offers it. It says how the work
// goes, and holds a form back while it is under way. Whatever goes wrong, the letters are there.

// Milliseconds until the letters come back, and for how long a form that is sent waits.
const PATIENCE = 10000;
const HELD = 3000;

// Where it failed once, the next captcha of this document is not tried again.
let failed = false;

export default (section) => {
  const form = section.closest("form");
  if (!form || section.dataset.estado) return;
  const say = (word) => {
    section.dataset.estado = word;
  };
  if (failed) return say("letras");
  // Browsers that know no `scripting` in style sheets show the letters at first. Their place stays, so that no button jumps away.
  if (section.querySelector(".captcha-letras").offsetHeight > 1) {
    section.style.minHeight = `${section.offsetHeight}px`;
  }
  say("probando");
  let worker;
  let held;
  const end = (proof) => {
    if (section.dataset.estado !== "probando") return;
    clearTimeout(patience);
    worker?.terminate();
    failed = !proof;
    section.querySelector("[name=trabajo]").value = proof || "";
    section.style.minHeight = proof ? section.style.minHeight : "";
    say(proof ? "listo" : "letras");
    if (!held) return;
    form.removeAttribute("aria-busy");
    form.classList.remove("enviando");
    if (proof) form.requestSubmit(held.submitter);
    else section.querySelector("[name=captcha]").focus();
  };
  const patience = setTimeout(end, PATIENCE);
  form.addEventListener("submit", (event) => {
    // “Refrescar” has an address of its own, and needs no work.
    if (section.dataset.estado !== "probando" || event.submitter?.hasAttribute("formaction")) return;
    event.preventDefault();
    event.stopPropagation();
    if (held) return;
    held = event;
    form.setAttribute("aria-busy", "true");
    form.classList.add("enviando");
    setTimeout(end, HELD);
  });
  try {
    worker = new Worker(new URL("__WORKER__", import.meta.url));
    worker.onerror = () => end();
    worker.onmessage = ({ data }) => end(data);
    worker.postMessage([section.querySelector("[name=imagen]").value, Number(section.dataset.trabajo)]);
  } catch {
    end();
  }
};
