import type { Obligation } from "../decision/obligation.ts";
import type { Mask } from "../value/mask.ts";
import type { Atom } from "./atom.ts";
import type { Condition } from "./condition.ts";
import type { ModelIr } from "./model.ts";
import type { Settings } from "./settings.ts";
import type { Row, Slot } from "./slot.ts";

/** The version of the serialised form. A loader refuses any other. */
export const irFormat = "wardline/ir/1";

export type Layer = "platform" | "tenant";
export type RuleKind = "permit" | "forbid" | "require" | "ceiling" | "floor" | "share";

/**
 * A statement of a policy file. Its id is what logs and decisions name: `platform/x`, `north/x`, or the pack's `hipaa/x`
 * (`north/hipaa/x` where the platform uses that pack as well).
 */
export interface Rule {
  readonly id: string;
  /** Whose it is: a pack's statement belongs to the layer that uses the pack. */
  readonly layer: Layer;
  /** The pack that it comes from. */
  readonly pack?: string;
  readonly kind: RuleKind;
  /** File name and line (from 1) of the statement. */
  readonly file: string;
  readonly line: number;
  readonly because: string | null;
  readonly doc: string | null;
  /** `@control("…")` and the like, in the order of the text; left out where there is none. */
  readonly annotations?: readonly { readonly name: string; readonly text: string | null }[];
}

/** What a grant or a require does to a field. */
export interface FieldEffect {
  readonly field: string;
  readonly mask: Mask;
}

/** A rule in one table. `when` is the index of its whole condition (who, when, unless). */
export interface Entry {
  /** Index into `Program.rules`. */
  readonly rule: number;
  readonly when: number;
}

/** What must be met first, with the condition that says whether it is. */
export interface Precondition {
  readonly obligation: Obligation;
  readonly met: number;
}

/** A limit of one rule: the slots hold what is left of it, and when there will be more. */
export interface LimitUse {
  readonly obligation: Extract<Obligation, { readonly type: "limit" }>;
  readonly left: number;
  readonly retryAfter: number;
}

/** A permit, a floor (no effects, preconditions, limit or duties) or a share. */
export interface GrantEntry extends Entry {
  readonly effects: readonly FieldEffect[];
  /** Left out where there is none. A grant counts if all are met. */
  readonly preconditions?: readonly Precondition[];
  /** A grant whose limit is exhausted is none. */
  readonly limit?: LimitUse;
  /** `audit` and `notify`; left out where there is none. */
  readonly duties?: readonly Obligation[];
}

export interface RequireEntry extends Entry {
  readonly effects: readonly FieldEffect[];
  readonly preconditions: readonly Precondition[];
  /** A require whose limit is exhausted denies. */
  readonly limit?: LimitUse;
  /** `audit` and `notify`; left out where there is none. */
  readonly duties?: readonly Obligation[];
}

/** One asking of a request about one row. */
export interface Pass {
  readonly row: Row;
  /** Index of the condition that some ceiling holds; constant true where the platform has none. */
  readonly ceiling: number;
  /**
   * The ceilings that the condition is the disjunction of, so that an explanation can name them; left out where the
   * platform has none.
   */
  readonly ceilings?: readonly Entry[];
  readonly forbids: readonly Entry[];
  readonly grants: readonly GrantEntry[];
  readonly requires: readonly RequireEntry[];
}

/**
 * All rules for one kind of principal, action and resource. Actions that read are asked once, of `resource`;
 * `creates` of `next`, `deletes` of `prior`; `updates` twice, of `prior` and of `next`.
 */
export interface Table {
  readonly principal: string;
  readonly action: string;
  readonly resource: string;
  readonly passes: readonly Pass[];
  /** Every slot that an answer may depend on, ascending; all are checked before any rule is. */
  readonly slots: readonly number[];
  /** Duties that follow every permit, in a fixed order: what is sealed. */
  readonly duties: readonly Obligation[];
}

/** A checked policy: what every backend compiles. */
export interface Program {
  readonly format: typeof irFormat;
  /** The tenant whose policy this is. */
  readonly tenant: string;
  readonly model: ModelIr;
  readonly rules: readonly Rule[];
  readonly slots: readonly Slot[];
  readonly atoms: readonly Atom[];
  readonly conditions: readonly Condition[];
  readonly tables: readonly Table[];
  /** Fields that are sealed at rest: entity → field names, both in model order. */
  readonly sealed: readonly { readonly entity: string; readonly fields: readonly string[] }[];
  /** The strictest of platform, packs and tenant; left out where no file has settings. */
  readonly settings?: Settings;
}

/** The table for a request, or undefined if the program has none. */
export function findTable(
  program: Program,
  principal: string,
  action: string,
  resource: string,
): Table | undefined {
  return program.tables.find(
    (t) => t.principal === principal && t.action === action && t.resource === resource,
  );
}
