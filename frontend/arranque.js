// Starts the wasm: with trabajo.js and its worker the only scripts of ours that are not Rust. Small, external, nothing inline
// (docs/decisions/0011). The build puts the hashed names in.
import init, * as wasm from "__GLUE__";

const work = () => {
  const section = document.querySelector("[data-trabajo]");
  if (section) {
    import("__WORK__").then(
      (module) => module.default(section),
      () => {
        section.dataset.estado = "letras";
      },
    );
  }
};

const hydrate = (root) => {
  work();
  for (const island of root.querySelectorAll("leptos-island")) {
    wasm[island.dataset.component]?.(island);
  }
};

work();
// Without the wasm, which may not arrive, the page works as it does without script.
init({ module_or_path: new URL("__WASM__", import.meta.url) }).then(
  () => {
    wasm.start(hydrate);
    hydrate(document);
  },
  () => {},
);
