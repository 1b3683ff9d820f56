/** Clauses and obligations of a statement: where new ones go, and how those that are there are taken out. */
import type { Clause, Term } from "@wardline/compiler";
import { clauseWords } from "@wardline/compiler";
import { listNamed, option } from "../card-context.ts";
import { quoted } from "../condition/value.ts";
import { endBefore } from "../condition/outer.ts";
import type { Block } from "../text/blocks.ts";
import { refuse, type Change } from "../text/change.ts";
import type { CardDraft } from "../text/draft.ts";
import type { ObligationPlace } from "./argument-slot.ts";
import { addObligation } from "./obligation-parts.ts";
import { newObligations, obligationLabels } from "./new-obligations.ts";

const orderOf = (kind: Clause["kind"]) => (clauseWords as readonly string[]).indexOf(kind);

/** Puts a clause where the formatter has it: behind the last of its kind, or of those that go before it. */
export function inserter(block: Block, text: string, headEnd: number, clauses: readonly Clause[]) {
  return (kind: Clause["kind"], clause: string): Change => {
    const before = clauses.filter((other) => orderOf(other.kind) <= orderOf(kind));
    const end = Math.max(headEnd, ...before.map(({ span }) => span.end));
    return [insertLine(block, text, end, `  ${clause}`)];
  };
}

/** A line of its own after what ends at an offset, and after the comment behind that. */
export function insertLine(block: Block, text: string, offset: number, line: string) {
  const comment = block.comments.find(({ start }) => start >= offset);
  const isBehind = comment !== undefined && /^[^\S\n]*$/.test(text.slice(offset, comment.start));
  const at = isBehind ? comment.start + comment.text.trimEnd().length : offset;
  return { start: at, end: at, text: `\n${line}` };
}

/** Takes a stretch out together with the space before it. */
export const takeOut = (
  block: Block,
  { start, end }: { readonly start: number; readonly end: number },
): Change => [{ start: endBefore(block, start), end, text: "" }];

/** `because "…"` as a line, or as what can be added. */
export function addBecause(
  draft: CardDraft,
  block: Block,
  clauses: readonly Clause[],
  insert: (kind: Clause["kind"], text: string) => Change,
): void {
  const all = clauses.filter((clause) => clause.kind === "because");
  for (const [index, { text, span }] of all.entries()) {
    const start = endAfter(block, span.start);
    const slot = draft.slot({
      id: index === 0 ? "because" : `because-${index}`,
      label: "Why",
      shown: `“${text}”`,
      picker: { kind: "text", lines: "one", least: 1 },
      value: text,
      start,
      end: span.end,
      set: (value) => {
        const written = typeof value === "string" ? quoted(value, 1) : refuse("Give one text.");
        return typeof written === "string" ? [{ start, end: span.end, text: written }] : written;
      },
    });
    draft.part({ id: `because-${index}`, kind: "because", remove: () => takeOut(block, span) }, [
      "because",
      slot,
    ]);
  }
  if (all.length === 0)
    draft.addition("because", "A reason", "because", null, (choice) => {
      const written = quoted(choice ?? "No reason is written yet", 1);
      return typeof written === "string" ? insert("because", `because ${written}`) : written;
    });
}

/** Where the token behind the one at an offset begins. */
function endAfter(block: Block, offset: number): number {
  const at = block.tokens.findIndex(({ token }) => token.startOffset === offset);
  return block.tokens[at + 1]?.token.startOffset ?? offset;
}

/** `with` clauses as lines, and what can be added to them. */
export function addWith(
  place: ObligationPlace,
  block: Block,
  clauses: readonly Clause[],
  insert: (kind: Clause["kind"], text: string) => Change,
): void {
  const withs = clauses.filter((clause) => clause.kind === "with");
  let number = 0;
  for (const { terms, span } of withs)
    for (const [at, term] of terms.entries()) {
      const remove = () => (terms.length === 1 ? takeOut(block, span) : removeTerm(terms, at));
      addObligation(place, term, `with-${number}`, number === 0, remove);
      number += 1;
    }
  const last = withs.at(-1)?.terms.at(-1);
  addChoice(
    place,
    withs.flatMap(({ terms }) => terms),
    (text) =>
      last === undefined
        ? insert("with", `with ${text}`)
        : [{ start: last.span.end, end: last.span.end, text: `, ${text}` }],
  );
}

/** A term out of a list of them, with a comma. */
export function removeTerm(terms: readonly Term[], at: number): Change {
  const own = terms[at] as Term;
  const [before, after] = [terms[at - 1], terms[at + 1]];
  if (before !== undefined) return [{ start: before.span.end, end: own.span.end, text: "" }];
  return [{ start: own.span.start, end: after?.span.start ?? own.span.end, text: "" }];
}

export function addChoice(
  place: ObligationPlace,
  terms: readonly Term[],
  put: (text: string) => Change,
): void {
  const texts = newObligations(place, terms);
  if (texts.size === 0) return;
  const names = [...texts.keys()];
  const choices = listNamed(place.ctx, `obligations: ${names.join(" ")}`, () =>
    names.map((name) => option(name, obligationLabels[name])),
  );
  place.draft.addition("obligation", "What goes with it", "obligation", choices, (choice) => {
    const text = texts.get(choice as (typeof names)[number]);
    return text === undefined ? refuse("Choose what goes with it.") : put(text);
  });
}
