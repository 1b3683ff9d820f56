/** Tests of policies as they are run: names resolved, values in wire form. */
import type { Layer, Span, WireScalar, WireValue } from "@wardline/core";

/** Something that a test speaks of: a principal, a row, or what a row refers to. */
export interface TestInstance {
  readonly entity: string;
  readonly id: string;
  /** What reports call it: the name of its `let`, or its type and id. */
  readonly label: string;
  /** Null: of the tenant whose policy is tested. */
  readonly tenant: string | null;
  readonly roles: readonly string[];
  /** What it stands directly below. */
  readonly parents: readonly { readonly entity: string; readonly id: string }[];
  readonly attributes: ReadonlyMap<string, WireValue>;
}

/** What `given` says, up to one `expect`. */
export interface TestWorld {
  readonly context: ReadonlyMap<string, WireValue>;
  readonly tenant: ReadonlyMap<string, WireValue>;
  /** An Instant, or a time of day on 2026-01-05 in the policy's zone; both in wire form. */
  readonly now: { readonly kind: "instant" | "time"; readonly value: string };
  readonly relations: readonly { readonly name: string; readonly from: string; readonly to: string }[];
  /** All instances of the test, by type and id. */
  readonly instances: ReadonlyMap<string, TestInstance>;
}

/**
 * An obligation as a test writes it: what it names must be so, what it leaves out may be anything.
 * `mask(card, partial(last: 4))` is `{ name: "mask", positional: ["card", "partial(last: 4)"], labelled: {} }`.
 */
export interface ObligationPattern {
  readonly name: string;
  readonly positional: readonly WireScalar[];
  readonly labelled: ReadonlyMap<string, WireScalar>;
}

export interface ExpectOne {
  readonly kind: "one";
  readonly outcome: "permit" | "deny" | "challenge";
  readonly principal: TestInstance;
  readonly action: string;
  readonly resource: TestInstance;
  /** The row as an update would make it; the row itself where the test does not say. */
  readonly next: TestInstance;
  /** Ids of the rules that decide, no more and no fewer; null: any. */
  readonly by: readonly string[] | null;
  /** Field effects exactly, of other obligations at least these; null: any. */
  readonly with: readonly ObligationPattern[] | null;
  readonly as: string | null;
}

export interface ExpectList {
  readonly kind: "list";
  readonly principal: TestInstance;
  readonly action: string;
  readonly entity: string;
  readonly over: readonly TestInstance[];
  readonly gives: readonly TestInstance[];
}

export interface CheckedExpect {
  readonly span: Span;
  /** From 1. */
  readonly line: number;
  readonly world: TestWorld;
  readonly expect: ExpectOne | ExpectList;
}

export interface CheckedTest {
  readonly title: string;
  readonly file: string;
  readonly line: number;
  readonly span: Span;
  readonly layer: Layer;
  readonly expects: readonly CheckedExpect[];
}

export function instanceKey(entity: string, id: string): string {
  return `${entity} ${id}`;
}

/** Obligations that change what is shown of a field. */
export function isFieldEffect(name: string): boolean {
  return name === "mask" || name === "hide";
}
