/** Which host this page has. */
import { besideHost } from "./browser-host.ts";
import type { ProjectHost } from "./project-host.ts";
import { servedHost } from "./served-host.ts";
import { reloadOnToken, takeToken } from "./session-token.ts";

export function chooseHost(): ProjectHost {
  reloadOnToken();
  const token = takeToken();
  return token === null ? besideHost() : servedHost(token);
}
