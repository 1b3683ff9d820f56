/** Permits, forbids, requires, ceilings, floors, shares and asserts as sentences. */
import type { AssertStatement, Clause, RequireStatement, RuleStatement, Who } from "@wardline/compiler";
import { listNamed, option, type CardContext } from "../card-context.ts";
import { addConditions, type ConditionWords } from "../condition/conditions.ts";
import { listed, plain } from "../../plain-words.ts";
import type { Block } from "../text/blocks.ts";
import { refuse } from "../text/change.ts";
import { Unshown, type CardDraft } from "../text/draft.ts";
import { addBecause, addChoice, addWith, inserter, removeTerm, takeOut } from "./clauses.ts";
import type { ObligationPlace } from "./argument-slot.ts";
import { addObligation } from "./obligation-parts.ts";
import { addExcept, shownField } from "./assert-parts.ts";
import { aboutOf, actionsSlot, addTouching, touchingSegments, typesSlot } from "./reach-slots.ts";
import { whoSlot } from "./who-slot.ts";

export interface StatementPlace {
  readonly ctx: CardContext;
  readonly block: Block;
  readonly draft: CardDraft;
}

/** `only when`: a grant; `when`: what else follows, and what is granted whatever else is written. */
export const onlyWords: ConditionWords = {
  when: "only when",
  whenBare: "only",
  unless: "never when",
  unlessBare: "never",
  again: "and",
};
export const whenWords: ConditionWords = {
  when: "when",
  whenBare: "when it is asked",
  unless: "unless",
  unlessBare: "unless it is asked",
  again: "or",
};

export function addRule(place: StatementPlace, statement: RuleStatement): void {
  const { ctx, block, draft } = place;
  const { kind, reach, clauses } = statement;
  const about = aboutOf(ctx, reach);
  const who = whoSlot(place, reach.who, kind === "forbid");
  const word = kind === "forbid" ? "or" : "and";
  const rest = [
    actionsSlot(place, reach, word),
    typesSlot(place, reach, word),
    ...touchingSegments(place, reach),
  ];
  const [before, between, after] = heads(kind, reach.who);
  draft.part({ id: "head", kind: "head" }, [before, who, between, ...rest, after]);
  const insert = inserter(block, ctx.text, reach.span.end, clauses);
  if (kind === "permit" || kind === "share")
    addWith({ ctx, draft, about, carrier: kind }, block, clauses, insert);
  else if (clauses.some((clause) => clause.kind === "with"))
    throw new Unshown(`A ${kind} carries no obligations.`);
  // What a floor leaves open is not forbidden: other rules decide it.
  const says = kind === "forbid" || kind === "floor" ? whenWords : onlyWords;
  addConditions({ ctx, block, draft, about, clauses, says, insert });
  addBecause(draft, block, clauses, insert);
  addTouching(place, reach);
  addTrusting(place, clauses, insert);
}

function heads(kind: RuleStatement["kind"], who: Who): readonly [string, string, string] {
  switch (kind) {
    case "permit":
      return ["", "may", ""];
    case "forbid":
      return ["", who.kind === "anyone" ? "may" : "may never", ""];
    case "ceiling":
      return ["At the most,", "can be allowed to", ""];
    case "floor":
      return ["", "may always", ", whatever else is written"];
    case "share":
      return ["From another organisation,", "may", ""];
  }
}

export function addRequire(place: StatementPlace, statement: RequireStatement): void {
  const { ctx, block, draft } = place;
  const { reach, terms, clauses } = statement;
  const about = aboutOf(ctx, reach);
  if (reach === null) draft.part({ id: "head", kind: "head" }, ["Always:"]);
  else {
    const who = whoSlot(place, reach.who, false);
    const rest = [actionsSlot(place, reach), typesSlot(place, reach), ...touchingSegments(place, reach)];
    draft.part({ id: "head", kind: "head" }, [who, "who asks to", ...rest]);
  }
  const carried: ObligationPlace = { ctx, draft, about, carrier: "require" };
  for (const [at, term] of terms.entries()) {
    const remove = terms.length === 1 ? undefined : () => removeTerm(terms, at);
    addObligation(carried, term, `must-${at}`, at === 0, remove);
  }
  const last = terms.at(-1)?.span.end ?? block.end;
  if (reach !== null) addChoice(carried, terms, (text) => [{ start: last, end: last, text: `, ${text}` }]);
  if (clauses.some((clause) => clause.kind === "with"))
    throw new Unshown("A require has what it asks for before `for`, not after `with`.");
  const insert = inserter(block, ctx.text, reach?.span.end ?? last, clauses);
  if (reach !== null) addConditions({ ctx, block, draft, about, clauses, says: whenWords, insert });
  else if (clauses.some(({ kind }) => kind === "when" || kind === "unless"))
    throw new Unshown("What holds always has no condition.");
  addBecause(draft, block, clauses, insert);
  if (reach !== null) addTouching(place, reach);
  addTrusting(place, clauses, insert);
}

/** What a rule of the platform reads although tenants set it. */
function addTrusting(
  { ctx, block, draft }: StatementPlace,
  clauses: readonly Clause[],
  insert: (kind: Clause["kind"], text: string) => ReturnType<typeof takeOut>,
): void {
  const all = clauses.filter((clause) => clause.kind === "trusting");
  const list = listNamed(ctx, "what tenants set", () => [
    ...ctx.roles
      .filter(({ delegated }) => delegated)
      .map(({ name, documentation }) => option(name, plain(name), documentation)),
    option("clock", "the clock", "Tenants choose their time zone."),
  ]);
  for (const [index, { names, span }] of all.entries()) {
    const [first, last] = [names[0], names.at(-1)];
    if (first === undefined || last === undefined) continue;
    const at = { start: first.span.start, end: last.span.end };
    const value = names.map(({ text }) => text);
    const slot = draft.slot({
      id: `trusting-${index}`,
      label: "What is trusted",
      shown: listed(value.map(plain), "and"),
      picker: { kind: "many", options: list, least: 1, all: null },
      value,
      ...at,
      set: (chosen) => {
        if (typeof chosen === "string" || chosen.length === 0) return refuse("Choose at least one.");
        const known = new Set([...value, ...(ctx.lists.get(list) ?? []).map(({ id }) => id)]);
        return chosen.every((name) => known.has(name))
          ? [{ ...at, text: chosen.join(", ") }]
          : refuse("Tenants do not set one of these.");
      },
    });
    draft.part({ id: `trusting-${index}`, kind: "trusting", remove: () => takeOut(block, span) }, [
      "(it trusts what organisations set:",
      slot,
      ")",
    ]);
  }
  if (all.length > 0 || ctx.role.kind !== "platform") return;
  draft.addition("trusting", "Trust what organisations set", "trusting", list, (choice) =>
    (ctx.lists.get(list) ?? []).some(({ id }) => id === choice)
      ? insert("trusting", `trusting ${choice}`)
      : refuse("Choose what is trusted."),
  );
}

export function addAssert(place: StatementPlace, statement: AssertStatement): void {
  const { ctx, block, draft } = place;
  const { claim, clauses, except, quantifier } = statement;
  if (clauses.some(({ kind }) => kind === "with" || kind === "trusting"))
    throw new Unshown("An assert has conditions alone.");
  const about = aboutOf(ctx, claim.kind === "permit" ? claim.reach : null);
  if (claim.kind === "permit") {
    const { reach } = claim;
    const who = whoSlot(place, reach.who, quantifier === "never");
    const rest = [actionsSlot(place, reach), typesSlot(place, reach), ...touchingSegments(place, reach)];
    const [before, between] =
      quantifier === "always"
        ? ["It must always be so that", "may"]
        : ["It must always be so that", reach.who.kind === "anyone" ? "may" : "may never"];
    draft.part({ id: "head", kind: "head" }, [before, who, between, ...rest]);
  } else {
    const who = whoSlot(place, claim.to, false);
    draft.part({ id: "head", kind: "head" }, [shownField(place, claim), "must never be shown to", who]);
  }
  const end = claim.kind === "permit" ? claim.reach.span.end : claim.to.span.end;
  const insert = inserter(block, ctx.text, end, clauses);
  const entity = claim.kind === "show" ? ctx.words.entities.get(claim.entity.text) : undefined;
  const shown = entity === undefined ? about : { ...aboutOf(ctx, null), entities: [entity] };
  addConditions({ ctx, block, draft, about: shown, clauses, says: whenWords, insert });
  addBecause(draft, block, clauses, insert);
  addExcept(place, except);
}
