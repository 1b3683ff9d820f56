/** The texts that the parser's tests read: the corpus of the repository, and sample files beside it when present. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

const root = new URL("../../../../", import.meta.url);

export const corpus = fileURLToPath(new URL("grammar/corpus/syntax/", root));

/** Sample files written by others, or null where they are not present. */
export const samples: string | null = (() => {
  const folder = fileURLToPath(new URL("../shared/design/samples/", root));
  return existsSync(folder) ? folder : null;
})();

export const trojanSource: string | null = (() => {
  const folder = fileURLToPath(new URL("../shared/conformance/trojan-source/", root));
  return existsSync(folder) ? folder : null;
})();

export interface TextFile {
  readonly name: string;
  readonly text: string;
}

/** The files of a folder with an ending, in the order of their names. */
export function textsIn(folder: string, ending: string): TextFile[] {
  const names = readdirSync(folder).filter((name) => name.endsWith(ending));
  return names.toSorted().map((name) => ({ name, text: readFileSync(folder + name, "utf8") }));
}

const examplesFolder = fileURLToPath(new URL("examples/", root));

/** The policies of the repository's own examples. */
export const examples: readonly TextFile[] = readdirSync(examplesFolder)
  .filter((example) => existsSync(`${examplesFolder}${example}/policy`))
  .flatMap((example) =>
    textsIn(`${examplesFolder}${example}/policy/`, ".ward").map(({ name, text }) => ({
      name: `${example}/${name}`,
      text,
    })),
  );

/** The pages that show policies. */
export const pages: readonly TextFile[] = [
  "README.md",
  ...readdirSync(fileURLToPath(new URL("docs/", root)))
    .filter((name) => name.endsWith(".md"))
    .map((name) => `docs/${name}`),
].map((name) => ({ name, text: readFileSync(fileURLToPath(new URL(name, root)), "utf8") }));
