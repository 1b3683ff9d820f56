/** What the files of an opened project are, by its configuration or by their headers. */
import type { HostedProject } from "../host/project-host.ts";

export type FileKind =
  | { readonly kind: "model" | "platform" | "pack" | "unknown" }
  | { readonly kind: "policy"; readonly tenant: string };

export interface StudioProject {
  readonly title: string;
  readonly config: string | null;
  readonly writable: boolean;
  /** Policies first, in the order of the configuration. */
  readonly files: readonly {
    readonly name: string;
    readonly is: FileKind;
    /** Why it cannot be saved; null where it can. */
    readonly readOnly: string | null;
  }[];
  readonly tenants: readonly string[];
  /** Tenants without a policy, each with the file that it would stand in. */
  readonly lacking: readonly { readonly tenant: string; readonly name: string }[];
  /** The folder of new tenants' policies; null where there can be none. */
  readonly newPolicies: string | null;
}

export function projectOf(hosted: HostedProject): StudioProject {
  const { title, config, writable, files, lacking = [], newPolicies = null } = hosted;
  const named = config === null ? new Map<string, FileKind>() : kindsByConfig(config);
  const listed = files.map(({ name, text, readOnly = null }) => ({
    name,
    is: named.get(name) ?? kindByHeader(text),
    readOnly,
  }));
  const rank = (is: FileKind) => ["policy", "model", "platform", "pack", "unknown"].indexOf(is.kind);
  const place = (name: string) => [...named.keys()].indexOf(name);
  const ordered = listed.toSorted((a, b) => rank(a.is) - rank(b.is) || place(a.name) - place(b.name));
  const tenants = ordered.flatMap(({ is }) => (is.kind === "policy" ? [is.tenant] : []));
  return {
    title,
    config,
    writable,
    files: ordered,
    tenants: [...new Set(tenants)],
    lacking,
    newPolicies,
  };
}

interface ConfigShape {
  readonly model?: unknown;
  readonly platform?: unknown;
  readonly packs?: unknown;
  readonly tenants?: unknown;
}

/** What is wrong with a configuration is the language server's to say; here what it names is taken. */
function kindsByConfig(config: string): ReadonlyMap<string, FileKind> {
  let shape: ConfigShape;
  try {
    shape = (JSON.parse(config) ?? {}) as ConfigShape;
  } catch {
    return new Map();
  }
  const list = (names: unknown, kind: "model" | "platform" | "pack") =>
    (Array.isArray(names) ? names : [names])
      .filter((name) => typeof name === "string")
      .map((name): [string, FileKind] => [name, { kind }]);
  const tenants = typeof shape.tenants === "object" && shape.tenants !== null ? shape.tenants : {};
  return new Map([
    ...Object.entries(tenants)
      .filter((entry): entry is [string, string] => typeof entry[1] === "string")
      .map(([tenant, name]): [string, FileKind] => [name, { kind: "policy", tenant }]),
    ...list(shape.model, "model"),
    ...list(shape.platform, "platform"),
    ...list(shape.packs, "pack"),
  ]);
}

function kindByHeader(text: string): FileKind {
  const [, word, name] = /^(model|platform|policy|pack)\s+(\w+)/m.exec(text) ?? [];
  if (word === "policy") return { kind: "policy", tenant: name ?? "" };
  return word === "model" || word === "platform" || word === "pack" ? { kind: word } : { kind: "unknown" };
}
