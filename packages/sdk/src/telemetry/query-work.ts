/** What may be said of a query: its kind, and which tables of the model it names. No text of it is looked at. */
import type { ModelIr } from "@wardline/core";
import type { CompiledQuery } from "kysely";
import type { QueryOperation, Work } from "./telemetry.ts";

const operations: ReadonlyMap<unknown, QueryOperation> = new Map([
  ["SelectQueryNode", "select"],
  ["InsertQueryNode", "insert"],
  ["UpdateQueryNode", "update"],
  ["DeleteQueryNode", "delete"],
  ["RawNode", "raw"],
]);

/** Of nodes that are looked at; what is larger names no tables. */
const mostNodes = 5_000;

export function queryWork(model: ModelIr, query: CompiledQuery): Work {
  try {
    const node: unknown = query.query;
    const operation = operations.get(isNode(node) ? node.kind : null) ?? "other";
    return { kind: "query", operation, tables: tablesIn(model, node) };
  } catch {
    return { kind: "query", operation: "other", tables: [] };
  }
}

function tablesIn(model: ModelIr, root: unknown): readonly string[] {
  const known = tableNames(model);
  const found = new Set<string>();
  const waiting: unknown[] = [root];
  for (let looked = 0; waiting.length > 0; looked += 1) {
    if (looked === mostNodes) return [];
    const next = waiting.pop();
    if (Array.isArray(next)) {
      if (next.length > mostNodes) return [];
      waiting.push(...(next as unknown[]));
    } else if (isNode(next)) {
      if (next.kind === "IdentifierNode" && typeof next.name === "string" && known.has(next.name))
        found.add(next.name);
      // Columns may be called as tables are.
      else if (next.kind !== "ColumnNode" && next.kind !== "AliasNode") waiting.push(...Object.values(next));
      else if (next.kind === "AliasNode") waiting.push(next["node"]);
    }
  }
  return [...found].toSorted();
}

interface NodeLike {
  readonly kind: string;
  readonly name?: unknown;
  readonly [part: string]: unknown;
}

function isNode(value: unknown): value is NodeLike {
  return (
    typeof value === "object" && value !== null && typeof (value as { kind?: unknown }).kind === "string"
  );
}

const names = new WeakMap<ModelIr, ReadonlySet<string>>();

function tableNames(model: ModelIr): ReadonlySet<string> {
  const known = names.get(model);
  if (known !== undefined) return known;
  const all = [
    ...model.entities.flatMap(({ storage }) => (storage === null ? [] : [storage.table])),
    ...model.relations.map(({ table }) => table),
  ];
  const made = new Set(all);
  names.set(model, made);
  return made;
}
