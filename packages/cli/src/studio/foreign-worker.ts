/**
 * A service worker that another program left at this address sees what pages here ask and are answered, the token among it. A browser asks
 * for its script past it: the answer removes it, and nothing of the project is given any more in this run.
 */
import type { IncomingMessage } from "node:http";
import { refuse, type Answer } from "./answer.ts";

/** No page can send this header by itself, and the studio has no such worker. */
export function asksForWorker({ headersDistinct }: IncomingMessage): boolean {
  return headersDistinct["service-worker"] !== undefined;
}

/** A worker that takes the place of the other at once, removes itself, and loads the pages anew. */
export function removingWorker(): Answer {
  return {
    status: 200,
    headers: { "content-type": "text/javascript; charset=utf-8", "cache-control": "no-store" },
    body: `self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil((async () => {
  await self.registration.unregister();
  for (const page of await self.clients.matchAll({ type: "window" })) await page.navigate(page.url).catch(() => {});
})()));
`,
  };
}

export function refuseWatched(): Answer {
  return refuse(401, {
    code: "studio/service-worker",
    message: "another program left a service worker at this address, which may have seen the token",
    help: "end `wardline studio` and start it again, on another port; the worker is being removed from this browser",
  });
}
