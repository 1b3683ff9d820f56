/** Where a condition stands while it is checked: who asks, what for, of which row, and what the rule was seen to use. */
import type { ActionModel, Layer, Row, Span } from "@wardline/core";
import type { LetStatement } from "../ast/statement.ts";
import type { Report } from "./report.ts";
import type { EntitySymbol, Model, RoleSymbol } from "./symbols.ts";

/** What a rule was seen to use, over all combinations. */
export interface Use {
  /** The rule's name: a let stands elsewhere. */
  readonly rule: string;
  /** Facts that tenants set, with the first place that reads each. */
  readonly delegated: Map<string, Span>;
  /** First place that says `resource`, and first that says `prior` or `next`. */
  resource: Span | null;
  side: { readonly row: "prior" | "next"; readonly span: Span } | null;
  /** Names that would have been right, by the place of a wrong one. */
  readonly candidates: Map<string, Set<string>>;
  /** Terms looked at in this combination, lets expanded, and how deep they stand in one another. */
  terms: number;
  depth: number;
  tooDeep: boolean;
  /** Whether the rule's conditions were held against each other. */
  compared: boolean;
}

export function newUse(rule: string): Use {
  return {
    rule,
    delegated: new Map(),
    resource: null,
    side: null,
    candidates: new Map(),
    terms: 0,
    depth: 0,
    tooDeep: false,
    compared: false,
  };
}

/** Where a field is sealed: entity → field → the place of the `encrypt`. */
export type SealedFields = ReadonlyMap<
  string,
  ReadonlyMap<string, { readonly span: Span; readonly layer: Layer }>
>;

/** What all rules of one file share. */
export interface Setting {
  readonly model: Model;
  readonly layer: Layer;
  /** Roles that the file can name: the model's, and in a policy the tenant's own. */
  readonly roles: ReadonlyMap<string, RoleSymbol>;
  readonly lets: ReadonlyMap<string, LetStatement>;
  /** Lets that were reported already: they stand for nothing. */
  readonly brokenLets: ReadonlySet<string>;
  readonly sealed: SealedFields;
  readonly report: Report;
}

export interface Scope {
  readonly setting: Setting;
  readonly principal: EntitySymbol;
  readonly action: ActionModel;
  readonly entity: EntitySymbol;
  /** The row that `resource` is. */
  readonly row: Row;
  readonly use: Use;
  /** Terms that the rule may expand to. */
  readonly limit: number;
}

/** A key for notes about a place. */
export function placeKey(code: string, span: Span): string {
  return `${code} ${span.file} ${span.start} ${span.end}`;
}
