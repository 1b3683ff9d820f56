/** The keys and aliases of one account. What is to be deleted is gone when its time has come, by the store's own clock. */
import { randomBytes, randomUUID } from "node:crypto";
import { existsSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { KmsError } from "./kms-error.ts";

export interface KmsKey {
  readonly id: string;
  readonly materials: Buffer[];
  readonly description: string;
  readonly made: number;
  readonly tags: Map<string, string>;
  state: "Enabled" | "Disabled" | "PendingDeletion";
  /** Milliseconds since 1970. */
  deletion: number | null;
}

export class KmsStore {
  readonly keys = new Map<string, KmsKey>();
  readonly aliases = new Map<string, string>();
  readonly #account: string;
  readonly #file: string | undefined;
  /** Milliseconds that the store's clock is before the machine's. */
  ahead = 0;

  /** What stands in `file` is there again. */
  constructor(region: string, file: string | undefined) {
    this.#account = `arn:aws:kms:${region}:111122223333`;
    this.#file = file;
    if (file !== undefined && existsSync(file)) this.#load(readFileSync(file, "utf8"));
  }

  now(): number {
    return Date.now() + this.ahead;
  }

  arnOf(key: KmsKey): string {
    return `${this.#account}:key/${key.id}`;
  }

  /** By its id, its ARN, an alias or an alias's ARN. Throws `NotFoundException`. */
  find(name: string): KmsKey {
    this.#deleteDue();
    const short = name.startsWith(`${this.#account}:`) ? name.slice(this.#account.length + 1) : name;
    const id = short.startsWith("alias/") ? this.aliases.get(short) : short.replace(/^key\//, "");
    const key = id === undefined ? undefined : this.keys.get(id);
    if (key !== undefined) return key;
    const what = short.startsWith("alias/") ? "Alias" : "Key";
    throw new KmsError("NotFoundException", `${what} ${this.#account}:${short} is not found.`);
  }

  make(description: string, tags: ReadonlyMap<string, string>): KmsKey {
    const key: KmsKey = {
      id: randomUUID(),
      materials: [randomBytes(32)],
      description,
      made: this.now(),
      tags: new Map(tags),
      state: "Enabled",
      deletion: null,
    };
    this.keys.set(key.id, key);
    return key;
  }

  addAlias(name: string, key: KmsKey): void {
    this.#deleteDue();
    if (this.aliases.has(name))
      throw new KmsError(
        "AlreadyExistsException",
        `An alias with the name ${this.#account}:${name} already exists`,
      );
    this.aliases.set(name, key.id);
  }

  #deleteDue(): void {
    for (const key of this.keys.values()) {
      if (key.deletion === null || key.deletion > this.now()) continue;
      this.keys.delete(key.id);
      for (const [alias, id] of this.aliases) if (id === key.id) this.aliases.delete(alias);
    }
  }

  save(): void {
    if (this.#file === undefined) return;
    const keys = [...this.keys.values()].map((key) => ({
      ...key,
      materials: key.materials.map((bytes) => bytes.toString("base64")),
      tags: [...key.tags],
    }));
    const draft = `${this.#file}.new`;
    writeFileSync(draft, JSON.stringify({ keys, aliases: [...this.aliases], ahead: this.ahead }), {
      mode: 0o600,
    });
    renameSync(draft, this.#file);
  }

  #load(text: string): void {
    const saved = JSON.parse(text) as {
      readonly keys: readonly (Omit<KmsKey, "materials" | "tags"> & {
        readonly materials: readonly string[];
        readonly tags: readonly (readonly [string, string])[];
      })[];
      readonly aliases: readonly (readonly [string, string])[];
      readonly ahead: number;
    };
    for (const key of saved.keys) {
      const materials = key.materials.map((bytes) => Buffer.from(bytes, "base64"));
      this.keys.set(key.id, { ...key, materials, tags: new Map(key.tags) });
    }
    for (const [alias, id] of saved.aliases) this.aliases.set(alias, id);
    this.ahead = saved.ahead;
  }
}
