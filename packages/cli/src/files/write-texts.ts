/** Writes changed texts back to their files. */
import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import type { Texts } from "@wardline/compiler";
import { UsageError } from "../exit-code.ts";
import { writeFileAtomically } from "./write-file.ts";

const byteOrderMark = "\uFEFF";

/**
 * Writes the texts that differ, each file as a whole or not at all. A file that someone else changed since it was read
 * is left alone, and nothing after it is written.
 */
export function writeTexts(cwd: string, before: Texts, after: Texts): void {
  for (const [name, text] of after) {
    const read = before.get(name);
    if (text === read) continue;
    const path = resolve(cwd, name);
    const stored = readFileSync(path, "utf8");
    const mark = stored.startsWith(byteOrderMark) ? byteOrderMark : "";
    if (stored !== mark + (read ?? ""))
      throw new UsageError(`${name} was changed by someone else meanwhile`, "run the command again");
    writeFileAtomically(path, mark + text);
  }
}
