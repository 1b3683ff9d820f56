/** A case of a list: which of some rows somebody gets. */
import type { Datum, Expect } from "@wardline/compiler";
import type { Slot } from "../card.ts";
import { listNamed, option } from "../card-context.ts";
import { listed, plain } from "../../plain-words.ts";
import { tokensBetween, type Stretch } from "../condition/outer.ts";
import { endOf } from "../text/blocks.ts";
import { refuse } from "../text/change.ts";
import { nameSlot } from "./name-slot.ts";
import { datumWords, referenceSlot } from "./reference-slot.ts";
import type { Step } from "./step.ts";
import { namesOf, principalTypes, type TestScope } from "./test-scope.ts";

export function addListCase(
  scope: TestScope,
  { id, part, remove }: Step<"expect">,
  expect: Extract<Expect, { kind: "list" }>,
): void {
  const { ctx, draft, block } = scope;
  const { ir } = ctx.words;
  const { action, entity, over, gives, principal } = expect;
  const lists = tokensBetween(block, entity.span.end, part.span.end).filter(({ token }) =>
    ["over", "gives"].includes(token.image),
  );
  const [overWord, givesWord] = lists;
  const before = givesWord?.token.startOffset ?? part.span.end;
  const overEnd = tokensBetween(block, entity.span.end, before).at(-1);
  const from = (word: typeof overWord) => (word === undefined ? part.span.end : endOf(word) + 1);
  const reads = ir.actions.filter(({ kind, entities }) => kind === "reads" && entities.includes(entity.text));
  const options = listNamed(ctx, `lists of ${entity.text}`, () =>
    reads.map(({ name }) => option(name, plain(name))),
  );
  const actionSlot = nameSlot(scope, {
    id: `${id}.action`,
    label: "What is done",
    name: action,
    options,
    among: reads,
    refused: "This is nothing that reads the rows.",
  });
  draft.part({ id, kind: "step", depth: 1, remove }, [
    referenceSlot(scope, { id: `${id}.who`, label: "Who asks" }, principalTypes(ctx), principal),
    "asks to",
    actionSlot,
    `${entity.text} among`,
    rowsSlot(scope, { id: `${id}.over`, label: "Which rows there are" }, expect, over, {
      start: from(overWord),
      end: overEnd === undefined ? before : endOf(overEnd),
    }),
    "and gets",
    rowsSlot(scope, { id: `${id}.gives`, label: "Which rows are given" }, expect, gives, {
      start: from(givesWord),
      end: part.span.end,
    }),
  ]);
}

/** Rows by the names that the test has for them. What is described on the spot is told. */
function rowsSlot(
  scope: TestScope,
  asked: { readonly id: string; readonly label: string },
  { entity }: Extract<Expect, { kind: "list" }>,
  rows: readonly Datum[],
  at: Stretch,
): Slot | string {
  const value = rows.flatMap((row) => (row.kind === "name" ? [row.name.text] : []));
  const shown =
    rows.length === 0
      ? "none"
      : listed(
          rows.map((row) => datumWords(row)),
          "and",
        );
  if (value.length < rows.length) return shown;
  const names = [...new Set([...namesOf(scope, [entity.text]), ...value])];
  const { ctx, draft } = scope;
  const first = ctx.text.indexOf("[", at.start - 1);
  const stretch = { start: Math.min(first < 0 ? at.start : first, at.end), end: at.end };
  return draft.slot({
    ...asked,
    ...stretch,
    shown,
    picker: {
      kind: "many",
      options: listNamed(ctx, `rows ${names.join(" ")}`, () =>
        names.map((name) => option(name, plain(name))),
      ),
      least: 0,
      all: null,
    },
    value,
    set: (chosen) => {
      if (typeof chosen === "string") return refuse("Give a list of names.");
      if (chosen.some((name) => !names.includes(name))) return refuse("The test has no such row.");
      if (new Set(chosen).size < chosen.length) return refuse("The same name stands there twice.");
      return [{ ...stretch, text: `[${chosen.join(", ")}]` }];
    },
  });
}
