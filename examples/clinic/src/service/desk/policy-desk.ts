/**
 * Where a tenant's administrator edits the tenant's policy: looked at, compared with what is in force, published. It works on a copy of the
 * project, and only ever on the one tenant's text in it.
 */
import { createHash, randomUUID } from "node:crypto";
import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { CommandThread } from "./command-thread.ts";
import { readFindings, type Finding } from "./findings.ts";

export interface DeskOptions {
  /** The folder that the desk keeps: project, drafts, keys of signing and the repository. */
  readonly folder: string;
  /** The project as it comes with the service: the model, what no tenant can change, and each tenant's first policy. */
  readonly project: string;
}

export type Looked =
  | { readonly kind: "looked"; readonly findings: readonly Finding[]; readonly changes: string | null }
  | { readonly kind: "too-much" }
  | { readonly kind: "busy" };

export type Published =
  | { readonly kind: "published"; readonly revision: string; readonly findings: readonly Finding[] }
  | { readonly kind: "refused"; readonly findings: readonly Finding[]; readonly because: string }
  /** Another text was published since the author looked. */
  | { readonly kind: "passed" }
  | { readonly kind: "too-much" }
  | { readonly kind: "busy" };

/** Milliseconds. */
const looking = { time: 10_000 };
const longestPublication = { time: 60_000 };
/** What is published of one tenant alone leaves what is in force for the others as it is. */
const publishing = (project: string, tenant?: string): readonly string[] => [
  "publish",
  project,
  "--to",
  "repository",
  "--keys",
  "signing",
  ...(tenant === undefined ? [] : ["--tenant", tenant]),
];

/** Projects with a text that is being published, each once; one is left there after an end in its midst. */
const trials = "trials";

/** Characters that a form may send; the compiler's own limit is lower, and says so in words. */
export const longestText = 200_000;

interface Config {
  readonly model: string;
  readonly platform: readonly string[];
  readonly tenants: Readonly<Record<string, string>>;
}

export class PolicyDesk {
  readonly #options: DeskOptions;
  readonly #config: Config;
  readonly #thread = new CommandThread();
  /** Tenants with a job that waits or runs: one each, so that nobody fills the queue. */
  readonly #working = new Set<string>();
  #publications: Promise<unknown> = Promise.resolve();

  private constructor(options: DeskOptions, config: Config) {
    this.#options = options;
    this.#config = config;
  }

  /** Makes what is missing: the project's copy, the keys, a first publication. Throws where they cannot be made. */
  static async open(options: DeskOptions): Promise<PolicyDesk> {
    const { folder, project } = options;
    const copy = join(folder, "project");
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    // The model and the platform's files are the service's, whatever version of it comes; tenants' texts are theirs.
    const config = JSON.parse(readFileSync(join(project, "wardline.config.json"), "utf8")) as Config;
    mkdirSync(join(copy, "policy"), { recursive: true });
    const { $schema: _, ...plain } = config as Config & { readonly $schema?: string };
    writeFileSync(join(copy, "wardline.config.json"), JSON.stringify(plain));
    let isChanged = !existsSync(join(folder, "repository")) || wasCutOff(folder);
    for (const file of [config.model, ...config.platform]) {
      const text = readFileSync(join(project, file), "utf8");
      isChanged ||= !existsSync(join(copy, file)) || readFileSync(join(copy, file), "utf8") !== text;
      replace(join(copy, file), text);
    }
    for (const file of Object.values(config.tenants))
      if (!existsSync(join(copy, file))) cpSync(join(project, file), join(copy, file));
    const desk = new PolicyDesk(options, config);
    if (!existsSync(join(folder, "signing"))) await desk.#must("keys", "init", "signing", "project");
    if (isChanged) await desk.#must(...publishing("project"));
    else await desk.refresh();
    rmSync(join(folder, trials), { recursive: true, force: true });
    return desk;
  }

  /** The repository that this publishes into, and the root that vouches for it. */
  get repository(): string {
    return join(this.#options.folder, "repository");
  }
  get root(): string {
    return join(this.#options.folder, "signing", "metadata", "1.root.json");
  }

  get tenants(): readonly string[] {
    return Object.keys(this.#config.tenants);
  }

  /** The text that was published last. */
  text(tenant: string): string {
    return readFileSync(join(this.#options.folder, "project", this.#file(tenant)), "utf8");
  }

  /** What is to be said of a text, and whom it would let do what, compared with what is in force. */
  look(tenant: string, text: string): Promise<Looked> {
    return this.#alone(tenant, () => this.#look(tenant, text));
  }

  /** Puts a text in force, or leaves everything as it is. `before`: the digest of the text that it was made of. */
  publish(tenant: string, text: string, before: string): Promise<Published> {
    return this.#alone(tenant, async () => {
      if (before !== digestOf(this.text(tenant))) return { kind: "passed" };
      const looked = await this.#look(tenant, text);
      if (looked.kind !== "looked") return looked;
      const { findings } = looked;
      if (findings.some(({ severity }) => severity === "error"))
        return { kind: "refused", findings, because: "the policy has errors" };
      return this.#oneByOne(() => this.#putInForce(tenant, text, findings));
    });
  }

  /** Signs that what was published is still the present state: from a timer, before the last signature is too old. */
  async refresh(): Promise<void> {
    await this.#must("refresh", "repository", "--keys", "signing");
  }

  close(): Promise<void> {
    return this.#thread.close();
  }

  async #look(tenant: string, text: string): Promise<Looked> {
    const { folder } = this.#options;
    const [before, after] = [join("drafts", tenant, "before"), join("drafts", tenant, "after")];
    this.#draft(join(folder, before), tenant, this.text(tenant));
    this.#draft(join(folder, after), tenant, text);
    const checked = await this.#thread.run(
      { cwd: join(folder, after), args: ["check", ".", "--format", "json"] },
      looking,
    );
    if (checked.kind === "over-budget") return { kind: "too-much" };
    const findings = readFindings(checked.done.out, this.#file(tenant), text);
    if (findings.some(({ severity }) => severity === "error"))
      return { kind: "looked", findings, changes: null };
    const compared = await this.#thread.run(
      { cwd: join(folder, "drafts", tenant), args: ["diff", "before", "after"] },
      looking,
    );
    const changes = compared.kind === "done" && compared.done.code === 0 ? compared.done.out : null;
    return { kind: "looked", findings, changes };
  }

  /** Invariant: nobody's text stands in the project before it is published, where another tenant's publication would take it along. */
  async #putInForce(tenant: string, text: string, findings: readonly Finding[]): Promise<Published> {
    const { folder } = this.#options;
    const name = join(trials, randomUUID());
    const [project, trial] = [join(folder, "project"), join(folder, name)];
    const file = this.#file(tenant);
    cpSync(project, trial, { recursive: true });
    writeFileSync(join(trial, file), text);
    const ran = await this.#thread.run({ cwd: folder, args: publishing(name, tenant) }, longestPublication);
    const { code, out, err } = ran.kind === "done" ? ran.done : { code: null, out: "", err: "" };
    const revision = new RegExp(`^${tenant}: revision (\\d+) `, "m").exec(out)?.[1];
    if (code === 0 && revision !== undefined) replace(join(project, file), text);
    // How far it came is not known: what was in force is published again.
    else if (ran.kind === "over-budget") await this.#must(...publishing("project"));
    rmSync(trial, { recursive: true, force: true });
    if (ran.kind === "over-budget") return { kind: "too-much" };
    if (code === 0 && revision !== undefined) return { kind: "published", revision, findings };
    return { kind: "refused", findings, because: err === "" ? `it ended with ${code}` : err };
  }

  #file(tenant: string): string {
    const { tenants } = this.#config;
    const file = Object.hasOwn(tenants, tenant) ? tenants[tenant] : undefined;
    if (file === undefined) throw new RangeError("there is no such tenant");
    return file;
  }

  /** A project with this tenant alone. */
  #draft(to: string, tenant: string, text: string): void {
    const { model, platform } = this.#config;
    rmSync(to, { recursive: true, force: true });
    for (const file of [model, ...platform])
      cpSync(join(this.#options.folder, "project", file), join(to, file));
    writeFileSync(join(to, this.#file(tenant)), text);
    const config = { model, platform, tenants: { [tenant]: this.#file(tenant) } };
    writeFileSync(join(to, "wardline.config.json"), JSON.stringify(config));
  }

  async #must(...args: readonly string[]): Promise<void> {
    const ran = await this.#thread.run({ cwd: this.#options.folder, args }, longestPublication);
    if (ran.kind === "over-budget") throw new Error(`wardline ${args[0] ?? ""} took too long`);
    if (ran.done.code !== 0) throw new Error(`wardline ${args.join(" ")}: ${ran.done.err}${ran.done.out}`);
  }

  /** After the publications that were asked for before. */
  #oneByOne<T>(work: () => Promise<T>): Promise<T> {
    const next = this.#publications.then(work);
    this.#publications = next.catch(() => undefined);
    return next;
  }

  async #alone<T>(tenant: string, work: () => Promise<T>): Promise<T | { readonly kind: "busy" }> {
    if (this.#working.has(tenant)) return { kind: "busy" };
    this.#working.add(tenant);
    try {
      return await work();
    } finally {
      this.#working.delete(tenant);
    }
  }
}

function wasCutOff(folder: string): boolean {
  const place = join(folder, trials);
  return existsSync(place) && readdirSync(place).length > 0;
}

export const digestOf = (text: string): string => createHash("sha256").update(text).digest("hex");

/** Whole or not at all. */
function replace(path: string, text: string): void {
  writeFileSync(`${path}.new`, text);
  renameSync(`${path}.new`, path);
}
