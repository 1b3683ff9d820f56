/** Starts the language server's worker. It loads beside the page. */

export function startWorker(): Worker {
  return new Worker(new URL("./language-worker.ts", import.meta.url), {
    type: "module",
    name: "wardline language server",
  });
}
