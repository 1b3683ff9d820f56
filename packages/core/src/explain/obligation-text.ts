/** Obligations as the language writes them. */
import type { Obligation } from "../decision/obligation.ts";
import type { Mask } from "../value/mask.ts";
import { durationText } from "./value-text.ts";

/** `step_up(mfa, within: 5m)`, `mask(card, partial(last: 4))`, `audit(full)`, … */
export function obligationText(obligation: Obligation): string {
  switch (obligation.type) {
    case "mask":
      return `mask(${obligation.field}, ${maskText(obligation.mask)})`;
    case "hide":
      return `hide(${obligation.field})`;
    case "encrypt":
      return `encrypt(${obligation.fields.join(", ")})`;
    case "step_up":
      return `step_up(${obligation.factor}${withinText(obligation.within)})`;
    case "approval":
      return `approval(${obligation.by}${withinText(obligation.within)})`;
    case "reason":
      return "reason";
    case "limit":
      return `limit(${obligation.count}, per: ${obligation.per}, by: ${obligation.by})`;
    case "audit":
      return `audit(${obligation.level})`;
    case "notify":
      return `notify(${obligation.whom})`;
  }
}

/** `initials`, `partial(last: 4)`, `bucket(1000)`, … */
export function maskText(mask: Mask): string {
  switch (mask.kind) {
    case "partial":
      return `partial(last: ${mask.last})`;
    case "partial_first":
      return `partial(first: ${mask.first})`;
    case "bucket":
      return `bucket(${mask.size})`;
    case "show":
    case "initials":
    case "month":
    case "year":
    case "token":
    case "hash":
    case "redact":
    case "hide":
      return mask.kind;
  }
}

function withinText(micros: number | null): string {
  return micros === null ? "" : `, within: ${durationText(micros)}`;
}
