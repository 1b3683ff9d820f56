/**
 * The facts that a stated reason and approvals are, as the policy's own preconditions read them: `evidence approval from
 * context.approved, context.approved_age`. A second factor is no fact of ours: it comes with the session.
 */
import {
  childrenOf,
  isWireValue,
  slotsOfAtom,
  type Attributes,
  type KnownFacts,
  type Obligation,
  type Program,
  type Slot,
} from "@wardline/core";
import { NotResumed } from "../write/refusal.ts";

/** The most characters of a stated reason. */
const longestReason = 2_000;

export interface Evidence {
  readonly reason: string | null;
  /** By the name of the evidence: when it was given, in milliseconds since 1970. */
  readonly approvals: ReadonlyMap<string, number>;
}

/** The facts with the evidence among them. Throws `challenge/reason` for what the model takes for no reason. */
export function withEvidence(
  program: Program,
  known: KnownFacts,
  { reason, approvals }: Evidence,
  now: number,
): KnownFacts {
  let facts = known;
  if (reason !== null) {
    if (reason.trim() === "" || reason.length > longestReason || !reason.isWellFormed())
      throw new NotResumed("challenge/reason");
    for (const slot of slotsThatMeet(program, ({ type }) => type === "reason")) {
      if (!isWireValue(reason, slot.type)) throw new NotResumed("challenge/reason");
      facts = withFact(facts, slot, reason);
    }
  }
  for (const [name, at] of approvals)
    for (const slot of slotsThatMeet(program, (one) => one.type === "approval" && one.by === name)) {
      const age = Math.max(0, now - at) * 1000;
      if (slot.type.kind === "bool") facts = withFact(facts, slot, true);
      else if (slot.type.kind === "duration") facts = withFact(facts, slot, age);
    }
  return facts;
}

/** The reason that the facts hold, for the record. */
export function statedReason(program: Program, known: KnownFacts): string | null {
  for (const { source } of slotsThatMeet(program, ({ type }) => type === "reason")) {
    const facts = source.from === "context" ? known.context : known.principal.attributes;
    const value = "name" in source ? facts?.[source.name] : undefined;
    if (typeof value === "string") return value;
  }
  return null;
}

/** What the conditions read that say whether an obligation is met: facts of the context and of the principal. */
function slotsThatMeet(program: Program, isMeant: (obligation: Obligation) => boolean): readonly Slot[] {
  const slots = new Set<number>();
  for (const { passes } of program.tables)
    for (const { grants, requires } of passes)
      for (const { preconditions = [] } of [...grants, ...requires])
        for (const { obligation, met } of preconditions)
          if (isMeant(obligation)) collectSlots(program, met, slots);
  return [...slots].flatMap((id) => {
    const slot = program.slots[id];
    const isFact = slot?.source.from === "context" || slot?.source.from === "principal_attribute";
    return slot !== undefined && isFact ? [slot] : [];
  });
}

function collectSlots(program: Program, index: number, slots: Set<number>): void {
  const condition = program.conditions[index];
  if (condition === undefined) return;
  for (const child of childrenOf(condition)) collectSlots(program, child, slots);
  const atom = condition.kind === "atom" ? program.atoms[condition.atom] : undefined;
  if (atom !== undefined) for (const slot of slotsOfAtom(atom)) slots.add(slot);
}

function withFact(known: KnownFacts, { source }: Slot, value: string | number | boolean): KnownFacts {
  if (source.from === "context") return { ...known, context: own(known.context, source.name, value) };
  if (source.from !== "principal_attribute") return known;
  const { principal } = known;
  return {
    ...known,
    principal: { ...principal, attributes: own(principal.attributes, source.name, value) },
  };
}

/** Own keys only, and no prototype: as the facts of a session are. */
function own(facts: Attributes | undefined, name: string, value: string | number | boolean): Attributes {
  return Object.freeze(Object.assign(Object.create(null) as object, facts, { [name]: value })) as Attributes;
}
