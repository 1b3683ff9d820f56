/**
 * What of a query is text of its caller: a whole statement with its values, or a tree that holds a fragment. A tree is
 * written out by the builder's own compiler, from the copy that was made of it, and is a text from then on.
 */
import {
  createQueryId,
  PostgresQueryCompiler,
  type CompiledQuery,
  type ListNode,
  type OperationNode,
  type RawNode,
  type RootOperationNode,
  type ValueNode,
} from "kysely";
import type { LimitedRow } from "../limits/limit-ledger.ts";
import { Hole } from "../scope/hole.ts";
import { scalar } from "../scope/value.ts";
import { snapshot } from "../scope/snapshot.ts";
import { UnsupportedQuery } from "../errors.ts";

export interface RawQuery {
  readonly text: string;
  /** The value of `$1` first. */
  readonly values: readonly unknown[];
}

/** A query of a caller's. What is known of it from `kind`, `text` and `tree` is a guess until the copy, or a kept plan, bears it out. */
export interface AskedQuery {
  readonly kind: string;
  /** Where a plan of it may be kept. */
  readonly text: string;
  /** The copy if it was made, else the tree as it was given, in the same form: that may answer differently each time it is read. */
  tree(): unknown;
  /** The copy of it, made once. */
  copy(): OperationNode;
  /** The one row that is looked at, of which it asks whether it may be read; left out for a query of a caller's. */
  readonly row?: LimitedRow;
}

export function askedQuery(compiled: CompiledQuery, row?: LimitedRow): AskedQuery {
  let copy: OperationNode | undefined;
  const { query, sql: text } = compiled as {
    readonly query?: { readonly kind?: unknown };
    readonly sql: unknown;
  };
  return {
    ...(row === undefined ? {} : { row }),
    kind: String(query?.kind),
    text: typeof text === "string" ? text : "",
    tree: () => copy ?? withValues(compiled.query, compiled.parameters),
    copy: () => (copy ??= snapshot(withValues(snapshot(compiled.query), compiled.parameters))),
  };
}

/**
 * The values of a text that was compiled elsewhere stand beside its tree; here they stand in it, as one list after the one text,
 * which is a form that no tree of a builder has.
 */
function withValues(node: OperationNode, parameters: CompiledQuery["parameters"]): OperationNode {
  if (node.kind !== "RawNode" || parameters.length === 0) return node;
  const { sqlFragments, parameters: inside } = node as RawNode;
  if (sqlFragments?.length !== 1 || inside?.length !== 0) return node;
  const items: unknown[] = [];
  // The list may have brought methods of its own.
  for (let index = 0; index < parameters.length; index += 1) {
    if (index === maxValues) throw new UnsupportedQuery("query/unsupported-node", "the query is too large");
    items.push({ kind: "ValueNode", value: parameters[index] });
  }
  const values = { kind: "ListNode", items };
  return { kind: "RawNode", sqlFragments, parameters: [values] } as unknown as RawNode;
}

/** As many as the protocol takes. */
const maxValues = 65_535;

/** The text of a query that holds any; null for one that is a builder's alone. `node` is a copy. */
export function rawQueryOf(node: OperationNode): RawQuery | null {
  if (!holdsText(node)) return null;
  const { sqlFragments, parameters } = node as Partial<RawNode>;
  const [text, ...more] = node.kind === "RawNode" ? (sqlFragments ?? []) : [];
  const [values] = parameters ?? [];
  if (text !== undefined && more.length === 0 && values?.kind === "ListNode")
    return {
      text,
      values: (values as ListNode).items.map((item) => plainValue((item as Partial<ValueNode>).value)),
    };
  const compiled = compile(node as RootOperationNode);
  return { text: compiled.sql, values: compiled.parameters.map(plainValue) };
}

function compile(node: RootOperationNode): CompiledQuery {
  try {
    return new PostgresQueryCompiler().compileQuery(node, createQueryId());
  } catch {
    // A tree that the builder did not make.
    throw new UnsupportedQuery("query/unsupported-node", "a query with raw SQL has a part that is no node");
  }
}

/** True if some text stands in a tree beside the few words that the builder itself writes so. */
function holdsText(node: unknown, parent?: OperationNode): boolean {
  if (Array.isArray(node)) return node.some((item) => holdsText(item, parent));
  if (typeof node !== "object" || node === null) return false;
  const { kind } = node as { readonly kind?: unknown };
  if (kind === "RawNode") {
    const { sqlFragments = [] } = node as Partial<RawNode>;
    const [only, ...more] = sqlFragments;
    const own = more.length === 0 && only !== undefined && ownWords(parent).includes(only);
    if (!own && sqlFragments.some((text) => text !== "")) return true;
  }
  return Object.values(node).some((child) => holdsText(child, kind === undefined ? parent : (node as never)));
}

function ownWords(parent: OperationNode | undefined): readonly string[] {
  if (parent?.kind === "OnNode") return ["true"];
  return parent?.kind === "OrderByItemNode" ? ["asc", "desc"] : [];
}

/** A value as every driver carries it: a scalar, or a list of them for an array. */
function plainValue(value: unknown): unknown {
  if (value instanceof Hole) return value;
  if (!Array.isArray(value)) return plainScalar(value);
  if (value.includes(null))
    throw new UnsupportedQuery("query/unsupported-value", "a list among the values holds null");
  return value.map(plainScalar);
}

function plainScalar(value: unknown): unknown {
  const plain = scalar(value);
  return typeof plain === "bigint" ? plain.toString() : plain;
}
