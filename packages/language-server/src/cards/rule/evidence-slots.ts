/** What is asked before: a second factor, an approval, and how old it may be. */
import type { Picker, Slot } from "../card.ts";
import { option, type CardContext } from "../card-context.ts";
import { oneOf } from "../condition/value.ts";
import { plain } from "../../plain-words.ts";
import { Unshown } from "../text/draft.ts";
import {
  argumentSlot,
  bareName,
  timeArgument,
  type Call,
  type ObligationPlace,
  type Segments,
} from "./argument-slot.ts";

export function evidenceSlot(
  place: ObligationPlace,
  term: Call,
  id: string,
  approval: boolean,
): Slot | string {
  const [first] = term.args;
  if (first === undefined || first.label !== null) {
    if (approval) return "of somebody else";
    throw new Unshown("`step_up` does not say with what.");
  }
  const name = bareName(first);
  if (name === null) throw new Unshown("This names no evidence.");
  const picker = evidencePicker(place.ctx, approval);
  return argumentSlot(
    place,
    { id: `${id}.evidence`, label: "What is asked for", shown: plain(name), picker, value: name },
    first,
  );
}

function evidencePicker(ctx: CardContext, approval: boolean): Picker {
  const names = evidenceNames(ctx, approval);
  return oneOf(ctx, approval ? "approvals" : "factors", () => names.map((name) => option(name, plain(name))));
}

export const evidenceNames = ({ words: { evidence } }: CardContext, approval: boolean) =>
  evidence.filter((name) => name !== "reason" && (approval || name !== "approval"));

export function withinSegments(place: ObligationPlace, term: Call, id: string): Segments {
  const within = term.args.find(({ label }) => label?.text === "within");
  const odd = term.args.slice(1).find((argument) => argument !== within);
  if (odd !== undefined) throw new Unshown(`\`${term.name.text}\` says more than cards show.`);
  const { ctx, draft } = place;
  if (within === undefined) {
    const [first] = term.args;
    const { end } = term.span;
    const bare = !ctx.text.slice(term.span.start, end).includes("(");
    const at = first?.term.span.end ?? end - 1;
    draft.addition(
      `${id}.within`,
      "How old it may be",
      "obligation",
      null,
      () =>
        bare ? [{ start: end, end, text: "(within: 5m)" }] : [{ start: at, end: at, text: ", within: 5m" }],
      id,
    );
    return [];
  }
  return ["not longer ago than", timeArgument(place, within, `${id}.within`)];
}
