/** A case of a test: who asks for what, what is decided, and by what. */
import type { Slot, SlotValue } from "../card.ts";
import { listNamed, option, type CardContext } from "../card-context.ts";
import { listed, plain } from "../../plain-words.ts";
import { endBefore, tokensBetween } from "../condition/outer.ts";
import { refuse, type Change } from "../text/change.ts";
import { wantedOf } from "./datum-segments.ts";
import { addEntryLines, addInstanceLines } from "./entry-lines.ts";
import { nameSlot } from "./name-slot.ts";
import { addEffects } from "./effect-lines.ts";
import { referenceSlot } from "./reference-slot.ts";
import { rulesThatDecide } from "../rule/rules-that-decide.ts";
import { clausesOf, without, type ClausePlace, type OneCase, type Step } from "./step.ts";
import { entityOf, isDescribed, principalTypes, type TestScope } from "./test-scope.ts";
import { addListCase } from "./list-lines.ts";

export function addExpect(scope: TestScope, step: Step<"expect">): void {
  const { expect } = step.part;
  if (expect.kind === "list") addListCase(scope, step, expect);
  else addCase(scope, step, expect);
}

function addCase(scope: TestScope, step: Step<"expect">, expect: OneCase): void {
  const { ctx, draft, block } = scope;
  const { id, part, remove } = step;
  const { ir } = ctx.words;
  const braces = tokensBetween(block, expect.resource.span.end, part.span.end).find(
    ({ token }) => token.image === "{",
  );
  const last = expect.becomes?.at(-1)?.span.end ?? braces?.token.startOffset;
  const close = tokensBetween(block, last ?? 0, part.span.end).find(({ token }) => token.image === "}");
  const headEnd =
    expect.becomes === null || close === undefined ? expect.resource.span.end : close.token.startOffset + 1;
  const clauses = clausesOf(block, headEnd, part.span.end);
  const action = ir.actions.find(({ name }) => name === expect.action.text);
  const rows = action?.entities ?? ir.entities.map(({ name }) => name);
  draft.part({ id, kind: "step", depth: 1, remove }, [
    referenceSlot(scope, { id: `${id}.who`, label: "Who asks" }, principalTypes(ctx), expect.principal),
    outcomeSlot(scope, step, expect, clauses),
    actionSlot(scope, id, expect),
    referenceSlot(scope, { id: `${id}.what`, label: "What is asked for" }, rows, expect.resource),
    ...decidedBy(scope, step, expect, clauses, headEnd),
    ...reasonSegments(scope, step, expect, clauses),
  ]);
  const subjects = [
    ["who", "of the one who asks, ", expect.principal],
    ["what", "of what is asked for, ", expect.resource],
  ] as const;
  for (const [name, lead, subject] of subjects)
    if (isDescribed(subject)) addInstanceLines(scope, subject, `${id}.${name}`, id, 2, null, lead);
  addBecomes(scope, step, expect, headEnd);
  addEffects(scope, step, expect, clauses, headEnd);
}

const outcomes = { permit: "may", deny: "may not", challenge: "is first asked for something to" } as const;

function outcomeSlot(
  { ctx, draft, block }: TestScope,
  { id, part }: Step<"expect">,
  expect: OneCase,
  clauses: readonly ClausePlace[],
): Slot {
  const [, token] = tokensBetween(block, part.span.start, part.span.end);
  const start = token?.token.startOffset ?? part.span.start;
  const end = start + expect.outcome.length;
  const options = listNamed(ctx, "outcomes", () => [
    option("permit", outcomes.permit, "It is permitted."),
    option("deny", outcomes.deny, "It is denied."),
    option("challenge", outcomes.challenge, "Something is asked for first, such as a second factor."),
  ]);
  return draft.slot({
    id: `${id}.outcome`,
    label: "What is decided",
    shown: outcomes[expect.outcome],
    picker: { kind: "one", options },
    value: expect.outcome,
    start,
    end,
    set: (chosen) => {
      if (typeof chosen !== "string" || !Object.hasOwn(outcomes, chosen))
        return refuse("Choose one of them.");
      // A reason is of a denial alone, and what is shown or asked for is not.
      const out =
        chosen === expect.outcome
          ? []
          : clauses.filter(({ word }) => word === (chosen === "deny" ? "with" : "as"));
      return [{ start, end, text: chosen }, ...out.map((clause) => without(block, clause))];
    },
  });
}

function actionSlot(scope: TestScope, id: string, { action }: OneCase): Slot {
  const { ir, documentation } = scope.ctx.words;
  const options = listNamed(scope.ctx, "actions of a case", () =>
    ir.actions.map(({ name, entities }) =>
      option(name, plain(name), documentation.get(`action ${name}`) ?? `Of ${listed(entities, "and")}.`),
    ),
  );
  return nameSlot(scope, {
    id: `${id}.action`,
    label: "What is done",
    name: action,
    options,
    among: ir.actions,
    refused: "The model has no such action.",
  });
}

/** The rules that decide: no more and no fewer. */
function decidedBy(
  { ctx, draft, block }: TestScope,
  { id, part }: Step<"expect">,
  { by }: OneCase,
  clauses: readonly ClausePlace[],
  headEnd: number,
): readonly (Slot | string)[] {
  const own = clauses.filter(({ word }) => word === "by");
  const names = (by ?? []).map(({ text }) => text);
  if (own.length > 1) return [", decided by", listed(names.map(plain), "and")];
  const [clause] = own;
  const at =
    clause === undefined
      ? { start: headEnd, end: headEnd }
      : { start: clause.start, end: Math.min(clause.end, part.span.end) };
  const options = rulesThatDecide(ctx);
  const slot = draft.slot({
    id: `${id}.by`,
    label: "Which rules decide",
    shown: names.length === 0 ? "any rule" : listed(names.map(plain), "and"),
    picker: { kind: "many", options, least: 0, all: null },
    value: names,
    ...at,
    set: (chosen) => {
      const wrong = wrongNames(ctx, options, names, chosen);
      if (wrong !== null) return refuse(wrong);
      if (chosen.length === 0) return clause === undefined ? [] : [without(block, clause)];
      const text = `by ${[chosen].flat().join(", ")}`;
      return [{ ...at, text: clause === undefined ? ` ${text}` : text }];
    },
  });
  return [", decided by", slot];
}

function wrongNames(
  ctx: CardContext,
  options: string,
  before: readonly string[],
  chosen: SlotValue,
): string | null {
  if (typeof chosen === "string") return "Give a list of names.";
  const known = new Set([...before, ...(ctx.lists.get(options) ?? []).map(({ id }) => id)]);
  if (chosen.some((name) => !known.has(name))) return "No rule is called so.";
  return new Set(chosen).size < chosen.length ? "The same name stands there twice." : null;
}

const reasonLabels = {
  "": "whatever the reason",
  not_granted: "since nothing grants it",
  forbidden: "since something forbids it",
  out_of_scope: "since it is another organisation's",
} as const;

/** Why it is denied. */
function reasonSegments(
  { ctx, draft, block }: TestScope,
  { id, part }: Step<"expect">,
  expect: OneCase,
  clauses: readonly ClausePlace[],
): readonly (Slot | string)[] {
  const own = clauses.filter(({ word }) => word === "as");
  const said = expect.as?.text ?? "";
  if (own.length > 1 || (said !== "" && !Object.hasOwn(reasonLabels, said))) return [`, as ${plain(said)}`];
  if (expect.outcome !== "deny" && said === "") return [];
  const [clause] = own;
  const { start, end } = clause ?? { start: part.span.end, end: part.span.end };
  const options = listNamed(ctx, "reasons of a denial", () =>
    Object.entries(reasonLabels).map(([reason, label]) => option(reason, label)),
  );
  const slot = draft.slot({
    id: `${id}.as`,
    label: "Why it is denied",
    shown: reasonLabels[said as keyof typeof reasonLabels],
    picker: { kind: "one", options },
    value: said,
    start,
    end,
    set: (chosen): Change => {
      if (typeof chosen !== "string" || !Object.hasOwn(reasonLabels, chosen))
        return refuse("Choose one of them.");
      if (chosen === "") return clause === undefined ? [] : [without(block, clause)];
      return [{ start, end, text: `${clause === undefined ? " " : ""}as ${chosen}` }];
    },
  });
  return [",", slot];
}

/** What an update makes of the row. */
function addBecomes(scope: TestScope, step: Step<"expect">, expect: OneCase, headEnd: number): void {
  const { ctx, block } = scope;
  const entity = entityOf(scope, expect.resource);
  const action = ctx.words.ir.actions.find(({ name }) => name === expect.action.text);
  const entries = expect.becomes ?? [];
  if (action?.kind !== "updates" && expect.becomes === null) return;
  const { end } = expect.resource.span;
  const wanted = new Map(
    entity === undefined ? [] : [...wantedOf(entity)].filter(([key]) => key !== "roles"),
  );
  addEntryLines(scope, {
    id: `${step.id}.to`,
    part: step.id,
    depth: 2,
    entries,
    wanted,
    says: (key, several) => `so that its ${plain(key)} ${several ? "become" : "becomes"}`,
    stretch: { start: end, end: headEnd },
    add: "What it becomes",
    own: null,
    owner: entity?.name ?? "",
    removeLast: () => [{ start: endBefore(block, end + 1), end: headEnd, text: "" }],
    open: (entry) => [{ start: end, end, text: ` to { ${entry} }` }],
  });
}
