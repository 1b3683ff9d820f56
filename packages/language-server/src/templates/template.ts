/** Templates as a gallery shows them, and what choosing one gives. Plain data, as it travels to the screen. */
import type { TextEdit } from "@wardline/core";
import type { FactPicker } from "../try/scenario.ts";

export interface TemplateParameter {
  readonly name: string;
  readonly label: string;
  readonly documentation: string | null;
  readonly picker: FactPicker;
  /** May be left empty. */
  readonly optional: boolean;
  readonly value: TemplateValue | null;
}

export type TemplateValue = string | number | boolean | readonly string[];

export interface OfferedTemplate {
  readonly id: string;
  readonly kind: "starter" | "pack";
  readonly group: string;
  readonly title: string;
  readonly summary: string;
  /** Why it is not offered for this model or policy; null: it is. */
  readonly missing: string | null;
  readonly parameters: readonly TemplateParameter[];
}

export interface TemplatesParams {
  readonly tenant: string;
}

export interface ApplyTemplateParams {
  readonly tenant: string;
  readonly template: string;
  /** What is left out has its default. */
  readonly values: Readonly<Record<string, TemplateValue | null>>;
  /** Look for warnings and for what access changes too, which takes longer. */
  readonly preview?: boolean;
}

export interface AppliedTemplate {
  readonly file: string;
  readonly edits: readonly TextEdit[];
  /** What is added. */
  readonly text: string;
  /** Warnings that the policy has with it and not without; empty where nobody asked for a preview. */
  readonly warnings: readonly string[];
  /** Tests of the policy that pass without it and fail with it. */
  readonly failing: readonly string[];
  /** Promises (asserts) that hold without it and are broken with it, as far as a search found; empty without a preview. */
  readonly broken: readonly string[];
  /** What access changes, each with a request that shows it; null where nobody asked. */
  readonly changes: readonly TemplateChange[] | null;
}

export interface TemplateChange {
  readonly kind: "gained" | "lost" | "other";
  /** `a billing person can no longer export a Loan` */
  readonly text: string;
  readonly before: string;
  readonly after: string;
  /** A request in words. */
  readonly witness: string;
}
