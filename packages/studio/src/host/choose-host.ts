/** Which host this page has. */
import { besideHost } from "./browser-host.ts";
import type { ProjectHost } from "./project-host.ts";

export function chooseHost(): ProjectHost {
  return besideHost();
}
