/** Obligations as lines of a card: what is masked, hidden, asked before, counted, and done beside. */
import { obligationForms, type ObligationName, type Term } from "@wardline/compiler";
import type { Change } from "../text/change.ts";
import { Unshown } from "../text/draft.ts";
import type { Call, ObligationPlace, Segments } from "./argument-slot.ts";
import { auditLine, limitLine, notifyLine } from "./duty-lines.ts";
import { evidenceSlot, withinSegments } from "./evidence-slots.ts";
import { fieldsSlot } from "./field-slots.ts";
import { maskLine } from "./mask-line.ts";

/** Adds the line of one obligation. */
export function addObligation(
  place: ObligationPlace,
  term: Term,
  id: string,
  first: boolean,
  remove: (() => Change) | undefined,
): void {
  if (term.kind !== "call" || !Object.hasOwn(obligationForms, term.name.text))
    throw new Unshown("What stands here is no obligation that cards know.");
  const name = term.name.text as ObligationName;
  const segments = shows[name](place, term, id);
  const isDuty = obligationForms[name].kind === "duty";
  const lead = place.carrier === "require" ? (first ? "" : "and") : first && !isDuty ? "but" : "and";
  const depth = place.depth ?? 0;
  place.draft.part({ id, kind: "obligation", depth, ...(remove === undefined ? {} : { remove }) }, [
    lead,
    ...segments,
  ]);
}

const shows: Readonly<Record<ObligationName, (place: ObligationPlace, term: Call, id: string) => Segments>> =
  {
    mask: maskLine,
    hide: (place, term, id) => ["does not see", fieldsSlot(place, term, id, false)],
    step_up: (place, term, id) => [
      place.carrier === "require" ? "must confirm with" : "only after confirming with",
      evidenceSlot(place, term, id, false),
      ...withinSegments(place, term, id),
    ],
    approval: (place, term, id) => [
      place.carrier === "require" ? "must have the approval" : "only with the approval",
      evidenceSlot(place, term, id, true),
      ...withinSegments(place, term, id),
    ],
    reason: (place, term) => {
      if (term.args.length > 0) throw new Unshown("`reason` takes nothing beside it.");
      return [place.carrier === "require" ? "must give a reason" : "only with a reason given"];
    },
    limit: limitLine,
    audit: auditLine,
    notify: notifyLine,
    encrypt: (place, term, id) => [fieldsSlot(place, term, id, true), "are stored encrypted"],
  };
