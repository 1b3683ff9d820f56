/** For tests that hold on an embedded database and on a server alike: `describe.each(bothLibraries)("%s", (name, open) => …)`. */
import { openLibrary } from "./driver-library.ts";
import { openServerLibrary } from "./server-library.ts";

export const bothLibraries = [
  ["embedded", openLibrary],
  ["on a server, as the application's role", openServerLibrary],
] as const;
