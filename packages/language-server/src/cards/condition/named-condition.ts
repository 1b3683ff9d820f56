/** Relations, and conditions of the file that have a name: what is asked is the name alone. */
import type { Segment, Slot } from "../card.ts";
import { listNamed, option, type CardContext } from "../card-context.ts";
import { refuse } from "../text/change.ts";
import type { LetAtom, RelationAtom } from "./atom.ts";
import type { AtomLine, ConditionPlace } from "./condition-part.ts";
import { aboutKey } from "./facts.ts";
import { letFits } from "./let-fits.ts";
import { andText, plain } from "../../plain-words.ts";

export function relationSegments(
  place: ConditionPlace,
  atom: RelationAtom,
  line: AtomLine,
): readonly (Segment | string)[] {
  const { ctx, draft } = place;
  const [from, to] = atom.sides;
  const relation = ctx.words.ir.relations.find(({ name }) => name === atom.name.text);
  const like = ctx.words.ir.relations.filter((r) => r.from === relation?.from && r.to === relation.to);
  const name = draft.slot({
    id: `${line.id}.relation`,
    label: "How they are related",
    shown: plain(atom.name.text),
    picker: {
      kind: "one",
      options: listNamed(ctx, `relations of ${relation?.from} and ${relation?.to}`, () =>
        like.map((r) =>
          option(r.name, plain(r.name), ctx.words.documentation.get(`relation ${r.name}`) ?? null),
        ),
      ),
    },
    value: atom.name.text,
    start: atom.name.start,
    end: atom.name.end,
    set: (chosen) =>
      like.some((r) => r.name === chosen)
        ? [{ start: atom.name.start, end: atom.name.end, text: String(chosen) }]
        : refuse("These two are not related so."),
  });
  const says = polaritySlot(place, atom.name, line, joining(atom.name.text));
  return [line.prefix, from ?? "", says, name, to ?? ""];
}

/** `guards` and `lent_to` are said differently: a person is one who guards, a loan is lent to a person. */
function joining(relation: string): readonly [string, string] {
  return /_(?:to|by|of|in|on|at|for|from|with|under)$/.test(relation)
    ? ["is", "is not"]
    : ["is one who", "is not one who"];
}

export function letSegments(
  place: ConditionPlace,
  atom: LetAtom,
  line: AtomLine,
): readonly (Segment | string)[] {
  const { ctx, draft } = place;
  const name = draft.slot({
    id: `${line.id}.let`,
    label: "Which condition",
    shown: plain(atom.name.text),
    picker: { kind: "one", options: letList(place, atom.args.length) },
    value: atom.name.text,
    start: atom.name.start,
    end: atom.name.end,
    set: (chosen) =>
      ctx.lets.some((one) => one.name === chosen && one.parameters === atom.args.length)
        ? [{ start: atom.name.start, end: atom.name.end, text: String(chosen) }]
        : refuse("No condition of this file has that name."),
  });
  return [
    line.prefix,
    name,
    andText(atom.args),
    polaritySlot(place, atom.name, line, ["holds", "does not hold"]),
  ];
}

/** Named conditions that are given so much, and ask what this statement can ask. */
export function letList({ ctx, about }: Pick<ConditionPlace, "ctx" | "about">, parameters = 0): string {
  // What one with parameters reads depends on what it is given.
  const fits = ({ facts }: CardContext["lets"][number]) => parameters > 0 || letFits(ctx, about, facts);
  return listNamed(ctx, `lets of ${parameters}: ${aboutKey(about)}`, () =>
    ctx.lets
      .filter((one) => one.parameters === parameters && fits(one))
      .map(({ name, documentation }) => option(name, plain(name), documentation)),
  );
}

/** Whether a condition or its opposite is meant. */
function polaritySlot(
  { ctx, draft }: ConditionPlace,
  { start }: { readonly start: number },
  { id, isNegated }: AtomLine,
  [yes, no]: readonly [string, string],
): Slot {
  return draft.slot({
    id: `${id}.operator`,
    label: "Whether it holds",
    shown: isNegated ? no : yes,
    picker: {
      kind: "one",
      options: listNamed(ctx, `${yes} or ${no}`, () => [option("true", yes), option("no:true", no)]),
    },
    value: isNegated ? "no:true" : "true",
    start,
    end: start,
    set: (chosen) => {
      if (chosen !== "true" && chosen !== "no:true") return refuse("Choose one of the two.");
      return draft.negate(id);
    },
  });
}
