/** The keys of one mount of the transit engine, kept in a file over a restart where there is one. */
import { existsSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import type { TransitKey } from "./transit-key.ts";

export class TransitStore {
  readonly keys = new Map<string, TransitKey>();
  readonly #file: string | undefined;

  constructor(file: string | undefined) {
    this.#file = file;
    if (file === undefined || !existsSync(file)) return;
    const saved = JSON.parse(readFileSync(file, "utf8")) as readonly (Omit<TransitKey, "versions"> & {
      readonly versions: readonly string[];
    })[];
    for (const key of saved)
      this.keys.set(key.name, {
        ...key,
        versions: key.versions.map((bytes) => Buffer.from(bytes, "base64")),
      });
  }

  save(): void {
    if (this.#file === undefined) return;
    const keys = [...this.keys.values()].map((key) => ({
      ...key,
      versions: key.versions.map((bytes) => bytes.toString("base64")),
    }));
    const draft = `${this.#file}.new`;
    writeFileSync(draft, JSON.stringify(keys), { mode: 0o600 });
    renameSync(draft, this.#file);
  }
}
