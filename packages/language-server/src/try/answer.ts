/** What *Try it* shows of a decision. Plain data, as it travels to the screen. */
import type { DenyReason, Outcome, RequestDocument, RuleKind, Standing } from "@wardline/core";

export interface TryParams {
  readonly tenant: string;
  readonly request: RequestDocument;
}

/** Where something stands in a file of the project; UTF-16 offsets. */
export interface Place {
  readonly file: string;
  readonly line: number;
  readonly start: number;
  readonly end: number;
}

export interface TryAnswer {
  /** Of a fault: `deny`. */
  readonly outcome: Outcome;
  readonly reason: DenyReason | null;
  /** `Allowed`, `Allowed, once asked for`, `Forbidden`, `Not allowed`. */
  readonly verdict: string;
  /** One sentence. */
  readonly sentence: string;
  /** Engines that disagree: an internal fault. Empty else. */
  readonly faults: readonly string[];
  /** Bytes of the module that decided with them. */
  readonly moduleSize: number | null;
  /** What made it, the decisive first, a sentence each. */
  readonly why: readonly string[];
  /** Of a challenge: the ways to meet it, each what it takes. */
  readonly asks: readonly (readonly string[])[];
  /** What happens beside, and what is drawn from. */
  readonly duties: readonly string[];
  readonly rules: readonly TriedRule[];
  /** What this person would see of the row; empty unless it is permitted. */
  readonly fields: readonly SeenField[];
  readonly misses: readonly TriedMiss[];
  /** What stands there where no change was found; null where some was, or none was looked for. */
  readonly noMiss: string | null;
}

export interface TriedRule {
  readonly rule: string;
  /** Without whose it is. */
  readonly name: string;
  readonly kind: RuleKind;
  /** `the platform`, `this policy`, or the pack. */
  readonly whose: string;
  /** Of an update: which row was asked about. */
  readonly of: string | null;
  readonly place: Place | null;
  readonly standing: Standing;
  /** `grants it`, `does not match`, … */
  readonly says: string;
  /** The decision names it. */
  readonly decides: boolean;
  readonly because: string | null;
  readonly documentation: string | null;
  readonly condition: TracedCondition;
  readonly preconditions: readonly {
    readonly words: string;
    readonly met: boolean;
    readonly condition: TracedCondition;
  }[];
}

export type TracedCondition =
  | {
      readonly kind: "question";
      readonly holds: boolean;
      readonly text: string;
      readonly place: Place | null;
      /** `resource.fee is 2.00` */
      readonly facts: readonly string[];
    }
  | { readonly kind: "all" | "any"; readonly holds: boolean; readonly of: readonly TracedCondition[] };

export interface SeenField {
  readonly field: string;
  readonly label: string;
  readonly classes: readonly string[];
  /** The value of the row, as people read it. */
  readonly value: string;
  /** What is shown of it; null: nothing. */
  readonly shown: string | null;
  readonly effect: "shown" | "masked" | "hidden";
  /** How it is masked. */
  readonly how: string | null;
}

export interface TriedMiss {
  /** `would be allowed if context.mfa were true` */
  readonly text: string;
  readonly place: Place | null;
  /** The changed request; null where none was found. */
  readonly request: RequestDocument | null;
}

/** The same question of people with one role each. */
export interface TriedRole {
  readonly role: string | null;
  readonly label: string;
  readonly outcome: Outcome;
  readonly verdict: string;
  readonly why: string;
  /** What is masked or hidden from them. */
  readonly effects: readonly string[];
  readonly request: RequestDocument;
}
