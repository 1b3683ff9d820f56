/** Every text of the language that the repository holds, and the samples beside it when they are present. */
import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { samples, textsIn } from "./parse/texts.ts";
import type { TextFile } from "./parse/texts.ts";

const root = fileURLToPath(new URL("../../../", import.meta.url));

/** Every `.ward` file below a folder of the repository, named by its path. */
export function textsBelow(folder: string): readonly TextFile[] {
  return readdirSync(root + folder, { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".ward") && !name.includes("node_modules"))
    .toSorted()
    .map((name) => ({ name: `${folder}/${name}`, text: readFileSync(`${root}${folder}/${name}`, "utf8") }));
}

export const allTexts: readonly TextFile[] = [
  ...textsBelow("grammar/corpus"),
  ...textsBelow("examples"),
  ...(samples === null ? [] : textsIn(samples, ".ward")),
];
