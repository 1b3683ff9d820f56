/** Where a Chromium stands, or that there is none. Nothing is installed here: `.ci/run` does. */
import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";

export type FoundChromium = { readonly path: string } | { readonly missing: string };

/** Debian's name, other distributions', and that of Chrome. */
const names = ["chromium", "chromium-browser", "google-chrome"];

/** The first one on the PATH. With `WARDLINE_CHROMIUM=required` a missing one is an error. */
export function findChromium(): FoundChromium {
  const folders = (process.env["PATH"] ?? "").split(delimiter).filter((folder) => folder !== "");
  const path = names.flatMap((name) => folders.map((folder) => join(folder, name))).find(isExecutable);
  if (path !== undefined) return { path };
  const missing = `there is no ${names.join(", ")} on the PATH: on Debian, apt-get install chromium`;
  if (process.env["WARDLINE_CHROMIUM"] === "required") throw new Error(missing);
  return { missing };
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
