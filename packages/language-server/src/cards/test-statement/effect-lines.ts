/** `with …` of a case: what is shown in part or not at all, and what is asked for first. */
import type { Term } from "@wardline/compiler";
import { listNamed, option } from "../card-context.ts";
import type { About } from "../condition/facts.ts";
import { endBefore } from "../condition/outer.ts";
import type { ObligationPlace } from "../rule/argument-slot.ts";
import { removeTerm } from "../rule/clauses.ts";
import { fieldsSlot } from "../rule/field-slots.ts";
import { newObligations, obligationLabels } from "../rule/new-obligations.ts";
import { addObligation } from "../rule/obligation-parts.ts";
import { refuse, type Change } from "../text/change.ts";
import { Unshown } from "../text/draft.ts";
import { without, type ClausePlace, type OneCase, type Step } from "./step.ts";
import { entityOf, type TestScope } from "./test-scope.ts";

export function addEffects(
  scope: TestScope,
  { id, part }: Step<"expect">,
  expect: OneCase,
  clauses: readonly ClausePlace[],
  headEnd: number,
): void {
  const { ctx, draft, block } = scope;
  const entity = entityOf(scope, expect.resource);
  const about: About = {
    principals: [],
    entities: entity === undefined ? [] : [entity],
    updates: false,
  };
  const place: ObligationPlace = { ctx, draft, about, carrier: "permit", depth: 2 };
  const terms = expect.with ?? [];
  const withs = clauses.filter(({ word }) => word === "with");
  for (const [at, term] of terms.entries()) {
    const clause = withs.find(({ start, end }) => term.span.start >= start && term.span.end <= end);
    const own = terms.filter(
      ({ span }) => clause !== undefined && span.start >= clause.start && span.end <= clause.end,
    );
    const remove = (): Change =>
      clause !== undefined && own.length === 1
        ? [without(block, clause)]
        : removeTerm(own, own.indexOf(term));
    addEffect(scope, place, term, `${id}.with-${at}`, at === 0, remove);
  }
  if (expect.outcome === "deny") return;
  const texts = new Map<string, string>(newObligations(place, terms));
  const [first] = entity?.fields ?? [];
  if (expect.outcome === "permit" && first !== undefined) texts.set("show", `show(${first.name})`);
  if (texts.size === 0) return;
  const choices = listNamed(ctx, `expected: ${[...texts.keys()].join(" ")}`, () =>
    [...texts.keys()].map((name) =>
      option(
        name,
        name === "show" ? "Show fields in full" : obligationLabels[name as keyof typeof obligationLabels],
      ),
    ),
  );
  const reason = clauses.find(({ word }) => word === "as");
  const end = reason === undefined ? Math.max(part.span.end, headEnd) : endBefore(block, reason.start);
  draft.addition(
    `${id}.with`,
    "What is shown or asked for",
    "obligation",
    choices,
    (choice) => {
      const text = texts.get(choice ?? "");
      if (text === undefined) return refuse("Choose what goes with it.");
      const last = terms.at(-1);
      return last === undefined
        ? [{ start: end, end, text: ` with ${text}` }]
        : [{ start: last.span.end, end: last.span.end, text: `, ${text}` }];
    },
    id,
  );
}

/** What cards of rules do not show is told here: a test is never locked for it. */
function addEffect(
  { ctx, draft }: TestScope,
  place: ObligationPlace,
  term: Term,
  id: string,
  first: boolean,
  remove: () => Change,
): void {
  const part = { id, kind: "obligation", depth: 2, remove } as const;
  const lead = first ? "but" : "and";
  try {
    if (term.kind === "call" && term.name.text === "show")
      draft.part(part, [lead, "sees in full", fieldsSlot(place, term, id, false)]);
    else addObligation(place, term, id, first, remove);
  } catch (error) {
    if (!(error instanceof Unshown)) throw error;
    draft.part(part, [lead, `\`${ctx.text.slice(term.span.start, term.span.end)}\``]);
  }
}
