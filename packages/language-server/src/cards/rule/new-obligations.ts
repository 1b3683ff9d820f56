/** Obligations that can be added, each with a text that is valid. */
import { maskFunctions, maskNames, obligationsOn, type ObligationName, type Term } from "@wardline/compiler";
import { canMask } from "@wardline/core";
import { isEvidenceFor } from "../../evidence-word.ts";
import { bareName, type ObligationPlace } from "./argument-slot.ts";
import { maskText } from "./mask-line.ts";

/** What can be added, with its text; what does not fit the model or the statement is left out. */
export function newObligations(
  place: Pick<ObligationPlace, "ctx" | "about" | "carrier">,
  terms: readonly Term[],
): ReadonlyMap<ObligationName, string> {
  const { ctx, about, carrier } = place;
  const written = new Set(terms.flatMap((term) => (term.kind === "call" ? [term.name.text] : [])));
  const touched = new Set(terms.flatMap((term) => (term.kind === "call" ? term.args.map(bareName) : [])));
  const fields = (about.entities[0]?.fields ?? []).filter(
    ({ name }) =>
      !touched.has(name) &&
      about.entities.every((entity) => entity.fields.some((field) => field.name === name)),
  );
  // A second factor is no approval: where nobody else's word is evidence, none is offered.
  const { evidence } = ctx.words;
  const factor = evidence.find((one) => isEvidenceFor("step_up", one));
  const approver = evidence.find((one) => isEvidenceFor("approval", one));
  const masked = fields.flatMap((field) => {
    const mask = maskNames.find((one) => canMask(maskFunctions[one].make(null, 1), field.type));
    return mask === undefined ? [] : [`mask(${field.name}, ${maskText(mask)})`];
  });
  const texts: Readonly<Record<ObligationName, string | undefined>> = {
    mask: masked[0],
    hide: fields[0] === undefined ? undefined : `hide(${fields[0].name})`,
    step_up: factor === undefined ? undefined : `step_up(${factor}, within: 5m)`,
    approval: evidence.includes("approval") ? "approval" : approver && `approval(${approver})`,
    reason: evidence.includes("reason") ? "reason" : undefined,
    limit: written.has("limit") ? undefined : "limit(20, per: day, by: principal)",
    audit: written.has("audit") ? undefined : "audit(full)",
    notify: "notify(tenant_admins)",
    encrypt: undefined,
  };
  const found = obligationsOn(carrier).flatMap((name) => {
    const text = texts[name];
    return text === undefined ? [] : [[name, text] as const];
  });
  return new Map(found);
}

export const obligationLabels: Readonly<Record<ObligationName, string>> = {
  mask: "Show a field only in part",
  hide: "Hide fields",
  step_up: "Ask for a second factor",
  approval: "Ask for somebody's approval",
  reason: "Ask for a reason",
  limit: "Limit how often",
  audit: "Put it on record",
  notify: "Tell somebody",
  encrypt: "Seal fields in the database",
};
