/**
 * A caller's SELECT over guarded views. It decides what every relation is and passes on the rest as it stands: whatever is
 * not known to it is refused by the final check, which reads all of it.
 */
import type { Node, SelectStmt } from "libpg-query";
import { opened } from "../final-check/checking.ts";
import { rawFrom } from "./raw-from.ts";
import { refuseRaw, refuseSchema, refuseStatement } from "./raw-names.ts";
import type { Ctes, Outputs, RawNames, RawParts, RawReading, RawSelect } from "./raw-names.ts";
import { rawTargets } from "./raw-targets.ts";
import { rawWith } from "./raw-with.ts";
import { rowCall } from "./row-call.ts";

export const rawParts: RawParts = { select: rawSelect, node: rawNode };

function rawSelect(reading: RawReading, given: SelectStmt, outside: Ctes): RawSelect {
  const { withClause, intoClause, lockingClause, larg, rarg, fromClause, targetList, ...rest } = given;
  if (intoClause !== undefined) refuseStatement();
  if (lockingClause !== undefined) refuseRaw("rows are locked by the writes that change them");
  const { node: withNode, ctes } = rawWith(reading, withClause, outside);
  const head = withNode === undefined ? {} : { withClause: withNode };
  if (larg !== undefined && rarg !== undefined) {
    const left = rawSelect(reading, larg, ctes);
    const right = rawSelect(reading, rarg, ctes);
    const others = rawStruct(reading, { ctes, relations: [] }, rest);
    return { node: { ...others, ...head, larg: left.node, rarg: right.node }, columns: left.columns };
  }
  const from = rawFrom(reading, fromClause ?? [], ctes);
  const names: RawNames = { ctes, relations: from.relations };
  const targets = rawTargets(reading, names, targetList ?? []);
  const others = rawStruct(reading, names, rest);
  return {
    node: {
      ...others,
      ...head,
      ...(targets.nodes.length === 0 ? {} : { targetList: [...targets.nodes] }),
      ...(from.nodes.length === 0 ? {} : { fromClause: [...from.nodes] }),
    },
    columns: rest.valuesLists === undefined ? targets.columns : valueColumns(rest.valuesLists),
  };
}

function rawNode(reading: RawReading, names: RawNames, node: Node): Node {
  const [kind, content] = opened(node);
  if (kind === "SelectStmt") return { SelectStmt: rawSelect(reading, content, names.ctes).node };
  // Invariant: a relation stands for what was decided in a FROM, and is passed on nowhere else.
  if (kind === "RangeVar") return refuseRaw("a table stands where no relation can");
  if (kind === "FuncCall") {
    const { funcname = [] } = content as { readonly funcname?: readonly Node[] };
    const [schema] = funcname;
    if (
      funcname.length > 1 &&
      !(schema !== undefined && "String" in schema && schema.String.sval === "pg_catalog")
    )
      refuseSchema("a function");
    return rawStruct(reading, names, rowCall(names, content) ?? node);
  }
  return rawStruct(reading, names, node);
}

/** The same for what has several parts, or a list. */
function rawStruct<T>(reading: RawReading, names: RawNames, part: T): T {
  if (Array.isArray(part)) return part.map((item) => rawPart(reading, names, item)) as T;
  if (typeof part !== "object" || part === null) return part;
  return Object.fromEntries(
    Object.entries(part).map(([key, value]) => [key, rawPart(reading, names, value)]),
  ) as T;
}

function rawPart(reading: RawReading, names: RawNames, part: unknown): unknown {
  const isNode = typeof part === "object" && part !== null && !Array.isArray(part) && isKind(part);
  return isNode ? rawNode(reading, names, part as Node) : rawStruct(reading, names, part);
}

/** A node is an object with one key, its kind, which begins with a capital as no name of a part does. */
function isKind(part: object): boolean {
  const [kind = ""] = Object.keys(part);
  return /^[A-Z]/.test(kind);
}

function valueColumns(rows: readonly Node[]): Outputs {
  const [first] = rows;
  const items = first !== undefined && "List" in first ? (first.List.items ?? []) : [];
  return items.map((_, index) => `column${index + 1}`);
}
