/** A signed repository in a folder, with everybody's keys at hand, and what its publisher does with it. */
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import {
  buildBundle,
  compileRego,
  compileSql,
  compileWasm,
  generateKey,
  mapSource,
  openKey,
  openMetadata,
  paths,
  trustFormat,
  writeDocument,
  writeRepository,
  type BundleManifest,
  type Lifetime,
  type NextState,
} from "@wardline/backends";
import type { Program } from "@wardline/core";
import { programOf, temporaryFolder } from "./library-bundles.ts";

/** The present of the tests. */
export const present = new Date("2026-11-20T12:00:00Z");
export const second = present.getTime() / 1000;
export const day = 86_400;
const platform = "ab".repeat(32);

export interface Published {
  readonly tenant: string;
  readonly revision: number;
  readonly lifetime?: Partial<Lifetime>;
  readonly program?: Program;
}

export class Town {
  readonly folder: string;
  readonly files = new Map<string, Uint8Array>();
  readonly key: Awaited<ReturnType<typeof openKey>>;
  readonly root: Uint8Array;

  private constructor(folder: string, key: Town["key"], root: Uint8Array) {
    this.folder = folder;
    this.key = key;
    this.root = root;
  }

  /** Without a folder it has one until the end of the test. */
  static async make(folder = temporaryFolder()): Promise<Town> {
    const key = await openKey(await generateKey());
    const role = { keys: [key.publicKey.kid], threshold: 1 };
    const claims = {
      format: trustFormat,
      kind: "root",
      version: 1,
      not_before: second - day,
      expires: second + 365 * day,
      keys: [key.publicKey],
      roles: { root: role, snapshot: role, timestamp: role },
      releases: { [programOf("north").model.name]: role },
    } as const;
    return new Town(folder, key, await writeDocument(claims, [key.signer]));
  }

  /** Publishes bundles at a time, in seconds; the timestamp holds for ten minutes. */
  async publish(bundles: readonly Published[], at = second, change: Partial<NextState> = {}): Promise<void> {
    const previous = this.files.has(paths.timestamp)
      ? await openMetadata({ source: mapSource(this.files), root: this.root, seen: new Map(), now: null })
      : null;
    if (previous !== null && "error" in previous) throw new Error(previous.error.message);
    const built = new Map<string, NextState["bundles"] extends ReadonlyMap<string, infer T> ? T : never>();
    for (const wish of bundles) built.set(wish.tenant, await this.#bundle(wish, at));
    const { publicKey, signer } = this.key;
    const role = { keys: [publicKey.kid], threshold: 1 };
    const month = { notBefore: at, expires: at + 30 * day, signers: [signer] };
    const [first] = built.values();
    const files = await writeRepository({
      previous,
      bundles: built,
      ...(first === undefined
        ? {}
        : {
            release: {
              ...month,
              expires: at + 300 * day,
              model: first.manifest.metadata.wardline.model,
              platform,
              keys: [publicKey],
              tenants: { north: role, south: role, west: role },
            },
          }),
      snapshot: month,
      timestamp: { ...month, expires: at + 600 },
      ...change,
    });
    this.write(files);
  }

  /** Puts files into the folder, as they are. */
  write(files: ReadonlyMap<string, Uint8Array>): void {
    for (const [path, content] of files) {
      this.files.set(path, content);
      mkdirSync(dirname(join(this.folder, path)), { recursive: true });
      writeFileSync(join(this.folder, path), content);
    }
  }

  async #bundle({ tenant, revision, lifetime, program = programOf(tenant) }: Published, at: number) {
    const files = await buildBundle({
      program,
      wasm: compileWasm(program),
      rego: compileRego(program),
      sql: compileSql(program),
      sourceMap: { atoms: program.atoms.map(() => []) },
      platform,
      revision: String(revision),
      compiler: "test",
      signing: {
        signers: [this.key.signer],
        lifetime: { notBefore: at, expires: at + 10 * day, maxStaleness: null, ...lifetime },
      },
    });
    const manifest = JSON.parse(new TextDecoder().decode(files.get(".manifest"))) as BundleManifest;
    return { files, manifest };
  }
}
