/** Suites of others, which stand beside the repository where there are any. */
import { existsSync } from "node:fs";
import { dirname, join } from "node:path";

/** The folder of a suite, or null where it is not present; then that is said. */
export function conformance(name: string): string | null {
  for (let folder = import.meta.dirname; dirname(folder) !== folder; folder = dirname(folder)) {
    const suite = join(folder, "shared/conformance", name);
    if (existsSync(suite)) return suite;
  }
  console.log(`the suite ${name} is not present: its cases are skipped`);
  return null;
}
