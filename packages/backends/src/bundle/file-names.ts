/** The names of a bundle's files: exactly these, and nothing that looks like one of them. */
import { refuse } from "./bundle-error.ts";

export const manifestName = ".manifest";
export const signaturesName = ".signatures.json";

/** The files that the manifest names, in the order of an archive. */
export const fileNames = [
  "data.json",
  "ir.json",
  "policy.rego",
  "policy.sql",
  "policy.wasm",
  "source-map.json",
] as const;
export type FileName = (typeof fileNames)[number];

/** Every file that a bundle can have, in the order of an archive. */
export const allNames: readonly string[] = [manifestName, signaturesName, ...fileNames];

/** The largest manifest, signatures file and file that are read, in bytes. */
export const maxManifestSize = 64 * 1024;
export const maxFileSize = 16 * 1024 * 1024;

export function maxSizeOf(name: string): number {
  return name === manifestName || name === signaturesName ? maxManifestSize : maxFileSize;
}

/**
 * Refuses names that lead elsewhere, names that some file systems take for another one of the list, and names that are
 * no file of a bundle.
 */
export function checkNames(names: Iterable<string>): void {
  const seen = new Set<string>();
  const folded = new Map<string, string>();
  for (const name of names) {
    const shown = JSON.stringify(name);
    if (leadsElsewhere(name)) refuse("bundle/bad-path", `${shown} leads out of the bundle`);
    if (seen.has(name)) refuse("bundle/duplicate-file", `${shown} stands there twice`);
    seen.add(name);
    const fold = foldName(name);
    const twin = folded.get(fold) ?? allNames.find((known) => known !== name && foldName(known) === fold);
    if (twin !== undefined) refuse("bundle/case-twin", `${shown} can be taken for ${JSON.stringify(twin)}`);
    folded.set(fold, name);
  }
  for (const name of seen)
    if (!allNames.includes(name))
      refuse("bundle/extra-file", `${JSON.stringify(name)} is no file of a bundle`);
}

function leadsElsewhere(name: string): boolean {
  return (
    /[\\:\0]/.test(name) ||
    name.startsWith("/") ||
    name.split("/").some((part) => part === "" || part === "." || part === "..")
  );
}

/** What a file system that ignores case, composition and trailing dots and spaces makes of a name. */
function foldName(name: string): string {
  return name
    .normalize("NFKC")
    .toLowerCase()
    .replace(/[. ]+$/, "");
}
