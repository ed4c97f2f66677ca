// Starts the wasm: the only script of ours that is not Rust. Small, external, nothing inline (docs/decisions/0011).
// The build puts the hashed names in.
import init, * as wasm from "__GLUE__";

const hydrate = (root) => {
  for (const island of root.querySelectorAll("leptos-island")) {
    wasm[island.dataset.component]?.(island);
  }
};

init({ module_or_path: new URL("__WASM__", import.meta.url) }).then(() => {
  wasm.start(hydrate);
  hydrate(document);
});
