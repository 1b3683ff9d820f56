/**
 * Plans of selects, kept by all that they are made from: the policy, the schema, what is known of whoever asks, and the whole
 * tree of the query but its values. A kept plan was made from a tree that had no values, so none can be in its text.
 */
import type { KnownFacts } from "@wardline/core";
import type { PolicyGuard } from "../contracts.ts";
import { Hole } from "../scope/hole.ts";
import type { Column } from "../scope/relation.ts";
import { structureKey, textKey } from "../scope/structure-key.ts";
import type { AskedTable } from "./row-claim.ts";

/** A plan whose parameters may be holes, or texts with the marker of sealed cells in them, which is new for each statement. */
export interface KeptPlan {
  readonly text: string;
  readonly columns: readonly Column[];
  readonly parameters: readonly Slot[];
  readonly asked: readonly AskedTable[];
}

type Slot = Hole | { readonly value: unknown } | { readonly around: readonly string[] };

/** The most characters of keys and texts that a process keeps, and the most of one text and of the facts in one key. */
const mostKept = 16_777_216;
const maxText = 65_536;
const maxFacts = 16_384;

/** The least recently used first. */
const plans = new Map<string, KeptPlan>();
let size = 0;

export function findPlan(key: string): KeptPlan | undefined {
  const found = plans.get(key);
  if (found === undefined) return undefined;
  plans.delete(key);
  plans.set(key, found);
  return found;
}

export function keepPlan(key: string, plan: KeptPlan): void {
  if (plan.text.length > maxText) return;
  dropPlan(key);
  plans.set(key, plan);
  size += sizeOf(key, plan);
  for (const oldest of plans.keys()) {
    if (size <= mostKept) break;
    dropPlan(oldest);
  }
}

function dropPlan(key: string): void {
  const plan = plans.get(key);
  if (plan !== undefined) size -= sizeOf(key, plan);
  plans.delete(key);
}

function sizeOf(key: string, { text, parameters }: KeptPlan): number {
  return key.length + text.length + 64 * parameters.length;
}

/** The parameters of one statement. */
export function fillPlan(plan: KeptPlan, values: readonly unknown[], marker: string): readonly unknown[] {
  return plan.parameters.map((slot) => {
    if (slot instanceof Hole) return values[slot.index];
    return "around" in slot ? slot.around.join(marker) : slot.value;
  });
}

/** A plan as it is kept; null if the marker is anywhere but in a text that is a parameter. It is random: nothing else has it. */
export function keepable(
  text: string,
  columns: readonly Column[],
  parameters: readonly unknown[],
  marker: string,
): Omit<KeptPlan, "asked"> | null {
  if (text.includes(marker)) return null;
  const slots: Slot[] = [];
  for (const value of parameters) {
    if (value instanceof Hole) slots.push(value);
    else if (typeof value === "string" && value.includes(marker)) slots.push({ around: value.split(marker) });
    else if (String(value).includes(marker)) return null;
    else slots.push({ value });
  }
  return { text, columns, parameters: slots };
}

interface Known {
  readonly program: PolicyGuard["program"];
  readonly view: unknown;
  readonly id: number;
}

const policies = new WeakMap<PolicyGuard, Known>();
let policiesKnown = 0;

/**
 * What a plan depends on besides the query. Null where the facts are no plain data, or too many. The present time is not part
 * of it: a plan that reads it is never kept, see {@link watchTime}.
 */
export function surroundingsKey(
  guard: PolicyGuard,
  facts: KnownFacts,
  schema: string,
  mayOpen: boolean,
): string | null {
  if (Object.getOwnPropertyNames(facts).length !== Object.keys(facts).length) return null;
  const { now: _now, clock: _clock, ...lasting } = facts;
  const known = structureKey(lasting);
  if (known === null || known.length > maxFacts) return null;
  return `${policyId(guard)};${textKey(schema)}${mayOpen ? "T" : "F"}${known}`;
}

function policyId(guard: PolicyGuard): number {
  const { program } = guard;
  // Only compared: a guard whose parts were changed is another one.
  const view: unknown = Reflect.get(guard, "view");
  const known = policies.get(guard);
  if (known !== undefined && known.program === program && known.view === view) return known.id;
  const id = ++policiesKnown;
  policies.set(guard, { program, view, id });
  return id;
}

/** The facts, and whether anything has looked at the time in them. */
export function watchTime(facts: KnownFacts): {
  readonly facts: KnownFacts;
  readonly wasRead: () => boolean;
} {
  let read = false;
  const { now, clock, ...lasting } = facts;
  const watched = (value: unknown): PropertyDescriptor => ({
    enumerable: true,
    get: () => {
      read = true;
      return value;
    },
  });
  Object.defineProperties(lasting, {
    ...(now === undefined ? {} : { now: watched(now) }),
    ...(clock === undefined ? {} : { clock: watched(clock) }),
  });
  return { facts: lasting, wasRead: () => read };
}
