/** How SARIF names a file: as from the root of the repository, or whole. */
import { isAbsolute } from "node:path";
import { pathToFileURL } from "node:url";
import type { Reader } from "../finding-report.ts";

export function artifactOf(file: string, { rooted }: Pick<Reader, "rooted">): { readonly uri: string } {
  const name = rooted(file);
  if (isAbsolute(name)) return { uri: pathToFileURL(name).href };
  return {
    uri: name
      .split("/")
      .map((part) => encodeURIComponent(part))
      .join("/"),
  };
}
