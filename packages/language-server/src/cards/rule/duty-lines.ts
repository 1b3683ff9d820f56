/** What is counted and done beside: `limit`, `audit`, `notify`. */
import { auditLevels } from "@wardline/core";
import type { Picker } from "../card.ts";
import { option } from "../card-context.ts";
import { oneOf } from "../condition/value.ts";
import { listed, plain } from "../../plain-words.ts";
import { shownNumber } from "../condition/shown.ts";
import { refuse } from "../text/change.ts";
import { Unshown } from "../text/draft.ts";
import {
  argumentSlot,
  parameterSlot,
  bareName,
  wordArgument,
  type Call,
  type ObligationPlace,
  type Segments,
} from "./argument-slot.ts";

export function limitLine(place: ObligationPlace, term: Call, id: string): Segments {
  const { ctx } = place;
  const [count, ...rest] = term.args;
  const per = rest.find(({ label }) => label?.text === "per");
  const by = rest.find(({ label }) => label?.text === "by");
  if (
    count === undefined ||
    count.label !== null ||
    per === undefined ||
    rest.some((one) => one !== per && one !== by)
  )
    throw new Unshown("This limit does not say how many and in which time.");
  const picker: Picker = { kind: "number", min: "1", max: null, decimals: 0 };
  const number =
    count.term.kind === "literal"
      ? argumentSlot(
          place,
          {
            id: `${id}.count`,
            label: "How often",
            shown: shownNumber(count.term.text),
            picker,
            value: count.term.text,
          },
          count,
        )
      : parameterSlot(place, count, `${id}.count`, "How often");
  const window = wordArgument(
    place,
    per,
    `${id}.per`,
    "In which time",
    oneOf(ctx, "windows of time", () =>
      ["second", "minute", "hour", "day"].map((word) => option(word, word)),
    ),
  );
  const keys = oneOf(ctx, "what limits count by", () => [
    option("principal", "each who asks"),
    option("tenant", "the organisation"),
    option("resource", "each thing that is asked for"),
  ]);
  if (by === undefined) {
    const { end } = per.term.span;
    place.draft.addition(
      `${id}.by`,
      "What it is counted by",
      "obligation",
      null,
      () => [{ start: end, end, text: ", by: principal" }],
      id,
    );
  }
  const counted =
    by === undefined ? [] : ["counted for", wordArgument(place, by, `${id}.by`, "Counted for", keys)];
  const verb = place.carrier === "require" ? "may do so at most" : "at most";
  return [verb, number, "times a", window, ...counted];
}

const levelLabels: Readonly<Record<string, string>> = {
  decision: "that it was decided",
  fields: "which fields were asked for",
  full: "everything",
};

export function auditLine(place: ObligationPlace, term: Call, id: string): Segments {
  const [level] = term.args;
  const picker = oneOf(place.ctx, "what is put on record", () =>
    auditLevels.map((one) => option(one, levelLabels[one] ?? one)),
  );
  if (level === undefined)
    return [place.carrier === "require" ? "leaves everything on record" : "everything is put on record"];
  return [
    place.carrier === "require" ? "leaves on record:" : "it is put on record:",
    wordArgument(place, level, `${id}.level`, "How much", picker),
  ];
}

export function notifyLine({ draft, carrier }: ObligationPlace, term: Call, id: string): Segments {
  const names = term.args.map(bareName);
  const [first, last] = [term.args[0], term.args.at(-1)];
  if (first === undefined || last === undefined || names.includes(null))
    throw new Unshown("This does not say who is told.");
  const at = { start: first.term.span.start, end: last.term.span.end };
  const value = names as readonly string[];
  const slot = draft.slot({
    id: `${id}.whom`,
    label: "Who is told",
    shown: listed(value.map(plain), "and"),
    picker: { kind: "list", of: { kind: "name" }, least: 1 },
    value,
    ...at,
    set: (chosen) => {
      if (typeof chosen === "string" || chosen.length === 0) return refuse("Say who is told.");
      const wrong = chosen.find((name) => !/^[a-z][a-z0-9_]*$/.test(name));
      return wrong === undefined ? [{ ...at, text: chosen.join(", ") }] : refuse(`\`${wrong}\` is no name.`);
    },
  });
  return carrier === "require" ? ["lets", slot, "know"] : ["a notice goes to", slot];
}
