/** Request documents as they are edited: by paths, on copies. A path is never taken from a text that a client sent. */
import { valueAt, type RequestDocument, type Row } from "@wardline/core";
import type { Thing } from "./scenario.ts";

export type Draft = Record<string, unknown>;

export function draftOf(request: unknown): Draft {
  const copy = JSON.parse(JSON.stringify(request ?? {})) as unknown;
  return typeof copy === "object" && copy !== null && !Array.isArray(copy) ? (copy as Draft) : {};
}

/** Sets a value, or takes it away where it is null. */
export function put(draft: Draft, path: readonly string[], value: unknown): void {
  let at = draft;
  for (const key of path.slice(0, -1)) {
    const next = Object.hasOwn(at, key) ? at[key] : undefined;
    if (typeof next !== "object" || next === null || Array.isArray(next)) define(at, key, {});
    at = at[key] as Draft;
  }
  const last = path.at(-1) as string;
  if (value === null || value === undefined) delete at[last];
  else define(at, last, value);
}

/** A key such as `__proto__` is one like any other. */
function define(at: Draft, key: string, value: unknown): void {
  Object.defineProperty(at, key, { value, writable: true, enumerable: true, configurable: true });
}

/** Whoever or whatever stands at a root of the document. */
export function thingAt(request: unknown, root: "principal" | Row): Thing {
  const read = (key: string) => valueAt(request, [root, key]);
  const entity = valueAt(request, [root === "principal" ? "principal" : "resource", "type"]);
  return {
    entity: textOf(entity),
    id: textOf(read("id")),
    tenant: textOf(read("tenant")),
    roles: Array.isArray(read("roles")) ? (read("roles") as readonly string[]) : [],
    attributes: recordOf(read("attributes")),
    above: below(valueAt(request, ["ancestors"]), root) as Thing["above"],
    behind: below(valueAt(request, ["references"]), root) as Thing["behind"],
  };
}

/** Puts somebody or something at a root, in place of what stands there. */
export function putThing(draft: Draft, root: "principal" | Row, thing: Thing): void {
  const { entity, id, tenant, roles, attributes } = thing;
  if (root !== "principal" && root !== "resource") put(draft, ["resource"], { type: entity });
  put(draft, [root], {
    ...(root === "principal" || root === "resource" ? { type: entity } : {}),
    id,
    tenant,
    ...(root === "principal" ? { roles } : {}),
    attributes: structuredClone(attributes),
  });
  for (const [key, of] of [
    ["ancestors", thing.above],
    ["references", thing.behind],
  ] as const) {
    const kept = Object.entries(recordOf(draft[key])).filter(([path]) => !isBelow(path, root));
    const moved = Object.entries(of).map(
      ([path, value]) => [path === "" ? root : `${root}.${path}`, structuredClone(value)] as const,
    );
    put(draft, [key], Object.fromEntries([...kept, ...moved]));
  }
}

/** The root under which an action's row stands first. */
export function firstRow(request: unknown): Row {
  const roots = ["prior", "next", "resource"] as const;
  return roots.find((root) => valueAt(request, [root]) !== undefined) ?? "resource";
}

function below(value: unknown, root: string): Readonly<Record<string, unknown>> {
  return Object.fromEntries(
    Object.entries(recordOf(value)).flatMap(([path, at]) =>
      isBelow(path, root) ? [[path.slice(root.length + 1), at] as const] : [],
    ),
  );
}

function isBelow(path: string, root: string): boolean {
  return path === root || path.startsWith(`${root}.`);
}

function recordOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value)
    ? (value as Record<string, unknown>)
    : {};
}

function textOf(value: unknown): string {
  return typeof value === "string" ? value : "";
}

export function asRequest(draft: Draft): RequestDocument {
  return draft as unknown as RequestDocument;
}
