/** Which host this page has. */
import { besideHost } from "./browser-host.ts";
import type { ProjectHost } from "./project-host.ts";
import { servedHost } from "./served-host.ts";
import { refuseForeignWorker } from "./foreign-worker.ts";
import { reloadOnToken, takeToken } from "./session-token.ts";

/** Rejects with a sentence for people where nothing may be asked for. */
export async function chooseHost(): Promise<ProjectHost> {
  reloadOnToken();
  const token = takeToken();
  await refuseForeignWorker();
  return token === null ? besideHost() : servedHost(token);
}
