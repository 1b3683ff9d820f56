/** What of the runtime a policy never asks for, so that its module does without. */
import type { Atom, ScalarType, Slot } from "@wardline/core";
import type { TablePlan } from "./table-plan.ts";

/** The names of functions of the runtime that nothing can call: of facts of no slot, and of answers that cannot be. */
export function needless(
  slots: readonly Slot[],
  atoms: readonly Atom[],
  plans: readonly TablePlan[],
): readonly string[] {
  const facts = slots.filter((slot) => slot.source.from !== "relation");
  const kinds = new Set(facts.map(({ type }) => (type.kind === "set" ? type.of : type).kind));
  const has = (...some: readonly ScalarType["kind"][]) => some.some((kind) => kinds.has(kind));
  const relations = facts.length < slots.length;
  const needed: Readonly<Record<string, boolean>> = {
    readInteger: has("int", "duration"),
    readDecimal: has("decimal"),
    readInstant: has("instant"),
    readDate: has("date"),
    readTime: has("time"),
    readIp: has("ip") || atoms.some((atom) => atom.kind === "in_network"),
    isUuid: has("uuid"),
    readItems: relations || facts.some(({ type }) => type.kind === "set"),
    readPair: relations,
    challenge: plans.some((plan) => plan.places.length > 0),
    limited: plans.some((plan) => plan.draws.length > 0),
    markOf: plans.some((plan) => plan.fields.length > 0),
  };
  return Object.entries(needed).flatMap(([name, isNeeded]) => (isNeeded ? [] : [name]));
}
