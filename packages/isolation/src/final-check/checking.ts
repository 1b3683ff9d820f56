/** What the check of one statement works with: the model's tables, the rules, names in sight, and what was found so far. */
import type { Node, SelectStmt } from "libpg-query";
import type { NodeKind } from "./node-kinds.ts";
import { Refused, type Demand } from "./rules.ts";
import { blindIndex, type TypeName } from "./types.ts";

export interface CheckedTable {
  readonly name: string;
  /** Null where the rows belong to no tenant. */
  readonly tenant: string | null;
  readonly readOnly: boolean;
  readonly key: readonly string[];
  /** With the tenant column. */
  readonly columns: ReadonlyMap<string, TypeName>;
  /** Columns of blind indexes, each with the sealed column that it is of. */
  readonly indexes: ReadonlyMap<string, string>;
}

export interface CheckedModel {
  readonly schema: string;
  readonly tables: ReadonlyMap<string, CheckedTable>;
}

/** One check of one statement. */
export interface Checking {
  readonly model: CheckedModel;
  readonly demand: Demand;
  readonly found: Found;
  readonly parts: Parts;
}

/** The two parts of the grammar that all others lead back to. */
export interface Parts {
  expression(checking: Checking, names: Names, node: Node | undefined): Typed;
  select(checking: Checking, select: SelectStmt, outside: Names, place: Place): CheckedSelect;
}

/** Where a select stands: `table` is an expression of WITH, `arm` a part of a set operation. */
export type Place = "statement" | "from" | "table" | "arm" | "expression";

export interface CheckedSelect {
  readonly node: SelectStmt;
  readonly columns: readonly Column[];
}

/** What is only known when the whole statement has been read. */
export interface Found {
  /** `$1` as the tenant. */
  tenants: number;
  /** `$1` as anything else. */
  firsts: number;
  /** Something outside of the views could tell of a row. */
  leaks: boolean;
  /** A view without a fence. */
  opens: boolean;
  /** How often each parameter stands in the text. */
  readonly uses: Map<number, number>;
  /** How often each name of a relation is given. */
  readonly aliases: Map<string, number>;
  readonly targets: Set<string>;
}

export interface Column {
  readonly name: string;
  readonly type: TypeName;
}

export interface Relation {
  readonly name: string;
  readonly columns: readonly Column[];
}

/** Names in sight. */
export interface Names {
  readonly relations: readonly Relation[];
  readonly ctes: ReadonlyMap<string, readonly Column[]>;
  /**
   * `view`: text of ours, inside of a guarded view. `own`: a statement of the driver over a table itself; selects within it are
   * outside again, since they may be a caller's.
   */
  readonly level: "outside" | "view" | "own";
  readonly outer: Names | null;
}

export const noNames: Names = { relations: [], ctes: new Map(), level: "outside", outer: null };

/** A checked part and what it yields. */
export interface Typed {
  readonly node: Node;
  readonly type: TypeName;
}

/** The kind and the content of a node; no kind where nothing stands. */
export function opened(node: Node | undefined): readonly [string, Record<string, unknown>] {
  const entries = Object.entries(node ?? {});
  const [entry] = entries;
  if (entry === undefined || entries.length > 1) return ["", {}];
  return entry as [string, Record<string, unknown>];
}

/** The content of a node of the one kind that may stand here. */
export function expected<K extends NodeKind>(
  node: Node | undefined,
  kind: K,
): Extract<Node, Readonly<Record<K, unknown>>>[K] {
  const [found, content] = opened(node);
  if (found !== kind) throw new Refused("node/kind");
  return content as Extract<Node, Readonly<Record<K, unknown>>>[K];
}

/** Refuses whatever else a node says. Where it was in the text says nothing. */
export function onlyParts(checking: Checking, content: object, parts: readonly string[]): void {
  checking.demand(
    "node/part",
    Object.keys(content).every((part) => part === "location" || parts.includes(part)),
  );
}

/** The texts of a list of names; refused where something else stands there, such as a star. */
export function texts(nodes: readonly Node[] | undefined): readonly string[] {
  return (nodes ?? []).map((node) => expected(node, "String").sval ?? "");
}

/** Notes the name of a relation of the statement. */
export function noteAlias(checking: Checking, alias: string | undefined, otherwise = ""): string {
  checking.demand("shape/alias", alias !== undefined && alias !== "");
  const name = alias ?? otherwise;
  checking.found.aliases.set(name, (checking.found.aliases.get(name) ?? 0) + 1);
  return name;
}

/** An expression of any type but a blind index: with that nothing is computed. */
export function checkExpression(checking: Checking, names: Names, node: Node | undefined): Typed {
  const checked = checkCell(checking, names, node);
  checking.demand("index/place", checked.type !== blindIndex);
  return checked;
}

/** What may be a blind index: the output of a view or of a select in FROM, and what is looked for among values. */
export function checkCell(checking: Checking, names: Names, node: Node | undefined): Typed {
  return checking.parts.expression(checking, names, node);
}

/** Refuses blind indexes where the rows themselves are compared, or leave the statement. */
export function demandNoIndex(checking: Checking, columns: readonly Column[]): void {
  checking.demand(
    "index/shown",
    columns.every(({ type }) => type !== blindIndex),
  );
}

export function checkSelect(
  checking: Checking,
  select: SelectStmt,
  outside: Names,
  place: Place,
): CheckedSelect {
  return checking.parts.select(checking, select, outside, place);
}

/** Notes an expression of the caller that could tell of a row on which it is run. */
export function noteLeak(checking: Checking, names: Names): void {
  if (names.level === "outside") checking.found.leaks = true;
}
