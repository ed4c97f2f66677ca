// The worker of trabajo.js, behind what wasm-bindgen wrote: a challenge comes in, a proof goes out, or nothing when it failed.
onmessage = async ({ data: [challenge, hashes] }) => {
  try {
    await wasm_bindgen({ module_or_path: new URL("__WASM__", location.href) });
    postMessage(wasm_bindgen.solve(challenge, hashes));
  } catch {
    postMessage("");
  }
};
