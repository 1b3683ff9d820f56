/** What a test is given: facts of the request and the organisation, the time, and who is related to what. */
import type { Given, TestPart } from "@wardline/compiler";
import type { Slot } from "../card.ts";
import { listNamed, option } from "../card-context.ts";
import { plain } from "../../plain-words.ts";
import { valueAt } from "../condition/value.ts";
import { refuse, type Change } from "../text/change.ts";
import { insertLine } from "../rule/clauses.ts";
import { endBefore } from "../condition/outer.ts";
import { firstDatum, type Wanted } from "./datum-segments.ts";
import { addEntryLines } from "./entry-lines.ts";
import { nameSlot } from "./name-slot.ts";
import { referenceSlot } from "./reference-slot.ts";
import type { Step } from "./step.ts";
import { namesOf, type TestScope } from "./test-scope.ts";

export function addGiven(scope: TestScope, step: Step<"given">): void {
  const { given } = step.part;
  switch (given.kind) {
    case "facts":
      addFacts(scope, step, given);
      return;
    case "now":
      line(scope, step, ["the time is", timeSlot(scope, step.id, given)]);
      return;
    case "relation":
      line(scope, step, relationSegments(scope, step.id, given));
      return;
  }
}

const line = (
  { draft }: TestScope,
  { id, remove }: Step<"given">,
  segments: readonly (Slot | string)[],
): void => draft.part({ id, kind: "step", depth: 1, remove }, ["given that", ...segments]);

/** The facts that a test can give, by their names. */
function factsGiven({ ctx }: TestScope, of: "context" | "tenant"): ReadonlyMap<string, Wanted> {
  return new Map(ctx.words.ir[of].map(({ name, type }) => [name, { kind: "value", type }]));
}

const owners = { context: "the request", tenant: "the organisation" } as const;

function addFacts(
  scope: TestScope,
  step: Step<"given">,
  { of, values }: Extract<Given, { kind: "facts" }>,
): void {
  const { id, part } = step;
  const owner = owners[of];
  line(scope, step, [values.length === 0 ? `nothing is known of ${owner}` : `of ${owner} this is known:`]);
  addEntryLines(scope, {
    id,
    part: id,
    depth: 2,
    entries: values,
    wanted: factsGiven(scope, of),
    says: (key, several) => `its ${plain(key)} ${several ? "are" : "is"}`,
    stretch: part.span,
    add: `More of ${owner}`,
    own: null,
    owner: of,
  });
}

function timeSlot({ ctx, draft }: TestScope, id: string, given: Extract<Given, { kind: "now" }>): Slot {
  const { start, end } = given.span;
  const picker = { kind: given.type } as const;
  return draft.slot({
    id: `${id}.now`,
    label: "When",
    shown: given.text,
    picker,
    value: given.text,
    start,
    end,
    set: valueAt(ctx, picker, { start, end }),
  });
}

function relationSegments(
  scope: TestScope,
  id: string,
  { name, from, to }: Extract<Given, { kind: "relation" }>,
): readonly (Slot | string)[] {
  const { ctx } = scope;
  const { relations } = ctx.words.ir;
  const relation = relations.find((one) => one.name === name.text);
  const like = relations.filter((one) => one.from === relation?.from && one.to === relation.to);
  const options = listNamed(ctx, `relations of ${relation?.from} and ${relation?.to}`, () =>
    like.map((one) =>
      option(one.name, plain(one.name), ctx.words.documentation.get(`relation ${one.name}`) ?? null),
    ),
  );
  const slot = nameSlot(scope, {
    id: `${id}.relation`,
    label: "How they are related",
    name,
    options,
    among: like,
    refused: "These two are not related so.",
  });
  const types = (entity: string | undefined) => (entity === undefined ? [] : [entity]);
  return [
    referenceSlot(scope, { id: `${id}.from`, label: "Who or what" }, types(relation?.from), from),
    slot,
    referenceSlot(scope, { id: `${id}.to`, label: "To whom or what" }, types(relation?.to), to),
  ];
}

/** What can be given before a case. It holds for the cases after it too, until the next of its kind. */
export function addGiving(scope: TestScope, steps: readonly Step[], at: number): void {
  const { ctx, draft, block } = scope;
  const step = steps[at] as Step;
  const choices = listNamed(ctx, "what a test is given", () => [
    option("time", "the time of day", "Until it is said otherwise it is 12:00.", "The time"),
    option(
      "moment",
      "the day and the time",
      "Until it is said otherwise it is Monday 2026-01-05.",
      "The time",
    ),
    ...(["context", "tenant"] as const).flatMap((of) =>
      ctx.words.ir[of].map(({ name }) =>
        option(
          `${of}.${name}`,
          `${owners[of]}'s ${plain(name)}`,
          ctx.words.documentation.get(`${of}.${name}`) ?? null,
          of === "context" ? "The request" : "The organisation",
        ),
      ),
    ),
    ...ctx.words.ir.relations.map(({ name, from, to }) =>
      option(
        `relation ${name}`,
        `${from} ${plain(name)} ${to}`,
        ctx.words.documentation.get(`relation ${name}`) ?? null,
        "Relations",
      ),
    ),
  ]);
  draft.addition(
    `${step.id}.given`,
    "Given from here on",
    "step",
    choices,
    (choice) => {
      const own = sideBySide(steps, at, choice);
      const text = givenText(scope, choice, entriesInForce(scope, steps, at, choice));
      if (text === null) return refuse("Choose what is given.");
      if (own !== null) return [{ ...own.part.span, text: `given ${text}` }];
      return before(scope, endBefore(block, step.part.span.start), `given ${text}`);
    },
    step.id,
  );
}

const before = ({ block, ctx }: TestScope, end: number, text: string): Change => [
  insertLine(block, ctx.text, end, `  ${text}`),
];

type FactsPart = Extract<TestPart, { kind: "given" }> & { readonly given: Extract<Given, { kind: "facts" }> };

const isFactsOf = (part: TestPart, of: string): part is FactsPart =>
  part.kind === "given" && part.given.kind === "facts" && part.given.of === of;

/** The facts of the same kind that stand before this very case: they are added to. */
function sideBySide(steps: readonly Step[], at: number, choice: string | null): Step | null {
  const of = choice?.split(".")[0] ?? "";
  for (let index = at - 1; index >= 0 && steps[index]?.part.kind === "given"; index -= 1) {
    const step = steps[index] as Step;
    if (isFactsOf(step.part, of)) return step;
  }
  return null;
}

/** Facts hold until the next of their kind: those that hold already are said again. */
function entriesInForce(
  { ctx }: TestScope,
  steps: readonly Step[],
  at: number,
  choice: string | null,
): readonly (readonly [string, string])[] {
  const [of = "", key] = choice?.split(".") ?? [];
  const last = steps.slice(0, at).findLast(({ part }) => isFactsOf(part, of))?.part;
  if (last === undefined || !isFactsOf(last, of)) return [];
  return last.given.values
    .filter((entry) => entry.key.text !== key)
    .map((entry) => [entry.key.text, ctx.text.slice(entry.value.span.start, entry.value.span.end)]);
}

function givenText(
  scope: TestScope,
  choice: string | null,
  inForce: readonly (readonly [string, string])[],
): string | null {
  if (choice === "time") return "now 22:30";
  if (choice === "moment") return "now 2026-01-05T22:30:00Z";
  const [of = "", name = ""] = choice?.split(/[. ]/) ?? [];
  if (of === "relation") {
    const relation = scope.ctx.words.ir.relations.find((one) => one.name === name);
    if (relation === undefined) return null;
    const one = (entity: string) => namesOf(scope, [entity])[0] ?? `${entity} { }`;
    return `${name}(${one(relation.from)}, ${one(relation.to)})`;
  }
  if (of !== "context" && of !== "tenant") return null;
  const wanted = factsGiven(scope, of).get(name);
  const value = wanted === undefined ? null : firstDatum(scope, wanted, null);
  if (value === null) return null;
  const entries = [...inForce, [name, value] as const].map(([key, text]) => `${key}: ${text}`);
  return `${of} { ${entries.join(", ")} }`;
}
