/** The folder of the project, and somebody else who works in it. */
import { existsSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { changeOf, freshToken, tokensOf } from "./tokens.ts";

const tenants = ["a", "b", "c"] as const;
const lines = (count: number) => Array.from({ length: count }, () => `${freshToken("they")}\n`).join("");

export type OtherDeed = "insert" | "delete" | "replace" | "rewrite" | "remove" | "rename";

export class Disk {
  readonly folder: string;
  /** Tenant → its file, as the configuration has it. */
  #names = new Map<string, string>();
  /** `file token`: the other has taken it away, and it has not come back since. */
  readonly gone = new Set<string>();
  /** `file token`: it has stood there. */
  readonly seen = new Set<string>();

  constructor(folder: string) {
    this.folder = folder;
  }

  begin(): void {
    for (const name of readdirSync(this.folder)) rmSync(join(this.folder, name));
    writeFileSync(join(this.folder, "model.ward"), "model clinic\n");
    this.#configure(new Map(tenants.map((tenant) => [tenant, `${tenant}.ward`])));
    this.#put("a.ward", lines(4));
    this.#put("b.ward", lines(4));
  }

  /** All that the configuration names, be it there or not. */
  get names(): readonly string[] {
    return [...this.#names.values()];
  }

  text(name: string): string | undefined {
    const path = join(this.folder, name);
    if (name !== "model.ward" && !this.names.includes(name)) return undefined;
    return existsSync(path) ? readFileSync(path, "utf8") : undefined;
  }

  act(deed: OtherDeed, which: number, place: number): void {
    const tenant = tenants[which % tenants.length] as string;
    const name = this.#names.get(tenant) as string;
    const before = this.text(name);
    if (before === undefined) {
      if (deed === "insert" || deed === "rewrite") this.#put(name, lines(2));
      return;
    }
    const rows = before.split(/(?<=\n)/);
    const at = place % Math.max(rows.length, 1);
    switch (deed) {
      case "insert":
        return this.#put(name, rows.toSpliced(at, 0, lines(1)).join(""));
      case "delete":
        return this.#put(name, rows.toSpliced(at, 1).join(""));
      case "replace":
        return this.#put(name, rows.toSpliced(at, 1, lines(1)).join(""));
      case "rewrite":
        return this.#put(name, lines(1 + (place % 3)));
      case "remove":
        return this.#remove(name, before);
      case "rename": {
        const next = name === `${tenant}.ward` ? `${tenant}2.ward` : `${tenant}.ward`;
        this.#leave(name, before);
        renameSync(join(this.folder, name), join(this.folder, next));
        this.#configure(new Map([...this.#names, [tenant, next]]));
        return this.noted(next, undefined, before);
      }
    }
  }

  /** What stands in a file now, whoever wrote it. */
  noted(name: string, before: string | undefined, after: string | undefined): void {
    for (const token of tokensOf(after)) {
      this.seen.add(`${name} ${token}`);
      if (changeOf(before, after).appeared.includes(token)) this.gone.delete(`${name} ${token}`);
    }
  }

  #put(name: string, text: string): void {
    const before = this.text(name);
    this.#leave(name, before, text);
    writeFileSync(join(this.folder, name), text);
    this.noted(name, before, text);
  }

  #remove(name: string, before: string): void {
    this.#leave(name, before);
    rmSync(join(this.folder, name));
  }

  #leave(name: string, before: string | undefined, after?: string): void {
    for (const token of changeOf(before, after).vanished) this.gone.add(`${name} ${token}`);
  }

  #configure(names: Map<string, string>): void {
    this.#names = names;
    writeFileSync(
      join(this.folder, "wardline.config.json"),
      JSON.stringify({ model: "model.ward", platform: [], tenants: Object.fromEntries(names) }),
    );
  }
}
