/** Whose code the application bundles, in the page and in its workers, with the licences and notices that stand in their packages. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type { Plugin } from "vite";

export interface ThirdParty {
  /** Writes the file, after all workers were bundled. */
  readonly page: Plugin;
  /** Looks at what a worker bundles. */
  readonly worker: Plugin;
}

/** Throws where a bundled package says nothing of its licence. */
export function thirdParty(fileName: string): ThirdParty {
  const folders = new Set<string>();
  const look = (bundle: Readonly<Record<string, { readonly type: string }>>) => {
    for (const chunk of Object.values(bundle))
      for (const id of "moduleIds" in chunk ? (chunk.moduleIds as readonly string[]) : [])
        if (id.includes("/node_modules/") && !id.startsWith("\0")) folders.add(packageOf(id));
  };
  return {
    worker: {
      name: "third-party-of-worker",
      generateBundle: (_, bundle) => look(bundle),
    },
    page: {
      name: "third-party",
      apply: "build",
      generateBundle: {
        order: "post",
        handler(_, bundle) {
          look(bundle);
          const packages = new Map([...folders].map((folder) => noticeOf(folder)));
          const sections = [...packages].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([, text]) => text);
          const source = `# Licences of what is bundled\n\n${sections.join("\n\n")}\n`;
          this.emitFile({ type: "asset", fileName, source });
        },
      },
    },
  };
}

/** The folder of the package that a module stands in: packages hold further manifests, without a version. */
function packageOf(id: string): string {
  let folder = dirname(id.replace(/[?#].*$/, ""));
  while (!existsSync(join(folder, "package.json")) || manifestOf(folder).version === undefined)
    folder = dirname(folder);
  return folder;
}

interface Manifest {
  readonly name?: string;
  readonly version?: string;
  readonly license?: string;
}

function manifestOf(folder: string): Manifest {
  return JSON.parse(readFileSync(join(folder, "package.json"), "utf8")) as Manifest;
}

function noticeOf(folder: string): readonly [key: string, text: string] {
  const { name = "", version = "", license } = manifestOf(folder);
  if (license === undefined) throw new Error(`${name}@${version} says nothing of its licence`);
  const texts = readdirSync(folder)
    .filter((file) => /^(?:licen[cs]e|copying|notice|third-?party-?notices)(?:\.|$)/i.test(file))
    .toSorted()
    .map((file) => readFileSync(join(folder, file), "utf8").trim());
  return [`${name}@${version}`, [`## ${name} ${version} (${license})`, ...texts].join("\n\n")];
}
