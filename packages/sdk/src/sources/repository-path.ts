/** The one form that a path of a repository has; nothing else is looked for, in any source. */
import { SourceError } from "./source-error.ts";

const form = /^(?:metadata|bundles)(?:\/[A-Za-z0-9_][A-Za-z0-9_.-]{0,199}){1,2}$/;

/**
 * The parts of a path. Throws {@link SourceError} `source/bad-path` for one that leads elsewhere, or that a server, a file system or a
 * broker could read in another way.
 */
export function partsOf(path: string): readonly string[] {
  if (!form.test(path)) throw new SourceError("source/bad-path", "that is no path of a repository");
  return path.split("/");
}
