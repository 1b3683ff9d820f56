/** What can be asked in *Try it*: who, what, which and when, each with a picker. Plain data, as it travels to the screen. */
import type { Attributes, RequestDocument, WireValue } from "@wardline/core";

export interface ScenarioParams {
  readonly tenant: string;
  /** What is asked so far; left out, an ordinary question. It is completed: what it leaves out is as in a test. */
  readonly request?: RequestDocument;
  readonly change?: ScenarioChange;
}

/** One thing that is chosen otherwise. */
export type ScenarioChange =
  /** Another kind of principal, action or type; what does not go with it is chosen anew. */
  | {
      readonly kind: "question";
      readonly principal?: string;
      readonly action?: string;
      readonly resource?: string;
    }
  /** Somebody or something of the fixtures, by key. */
  | { readonly kind: "person" | "thing"; readonly key: string }
  /** A fact by id. The value in wire form, or as people type it; null: absent. */
  | { readonly kind: "fact"; readonly fact: string; readonly value: WireValue | null }
  /** An ordinary request that is permitted, or one that is not. */
  | { readonly kind: "example"; readonly permitted: boolean };

export interface Choice {
  readonly value: string;
  readonly label: string;
  readonly documentation: string | null;
}

/** How a fact is chosen. `free`: other texts than the options are fine. */
export type FactPicker =
  | { readonly kind: "bool" }
  | {
      readonly kind: "number";
      readonly min: number | null;
      readonly max: number | null;
      readonly scale: number;
    }
  | { readonly kind: "text"; readonly form: string | null }
  /** `YYYY-MM-DDTHH:MM` on the clock of the policy's zone. */
  | { readonly kind: "moment"; readonly zone: string }
  | { readonly kind: "one" | "many"; readonly options: readonly Choice[]; readonly free: boolean };

export interface ScenarioFact {
  readonly id: string;
  readonly of: "who" | "row" | "becomes" | "when" | "tenant";
  readonly label: string;
  /** As rules write it. */
  readonly path: string;
  readonly documentation: string | null;
  /** The rules of this action and type read it. Others are only shown. */
  readonly decides: boolean;
  readonly optional: boolean;
  readonly picker: FactPicker;
  /** As the picker takes it; null: absent. */
  readonly value: WireValue | null;
}

/** Somebody or something that can be chosen as a whole. */
export interface Fixture {
  readonly key: string;
  readonly label: string;
  /** The title of the test that it is from; null: it was made up. */
  readonly from: string | null;
}

export interface Scenario {
  readonly tenant: string;
  readonly request: RequestDocument;
  /** `ada (billing) asks to list a Loan` */
  readonly sentence: string;
  readonly principals: readonly Choice[];
  readonly actions: readonly Choice[];
  readonly types: readonly Choice[];
  readonly people: readonly Fixture[];
  readonly things: readonly Fixture[];
  readonly facts: readonly ScenarioFact[];
}

/** Somebody or something with what stands above and behind it. The keys say from where: ``, `branch`, `branch.house`. */
export interface Thing {
  readonly entity: string;
  readonly id: string;
  readonly tenant: string;
  readonly roles: readonly string[];
  readonly attributes: Attributes;
  readonly above: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>>;
  readonly behind: Readonly<Record<string, Attributes>>;
}
