/**
 * Plans of selects, kept by all that they are made from: the policy, the schema, what is known of whoever asks, and the whole
 * tree of the query but its values. The text that came with a query only says where to look: a plan is found where the tree has
 * its shape. A kept plan was made from a tree that had no values, so none can be in its text.
 */
import type { KnownFacts } from "@wardline/core";
import type { PolicyGuard, Sealer } from "../contracts.ts";
import { Hole } from "../scope/hole.ts";
import type { Column } from "../scope/relation.ts";
import { valuesIn, type Shape } from "../scope/shape.ts";
import { Sought, soughtIndexes, soughtTexts } from "../scope/sought.ts";
import { lastingKey, textKey } from "../scope/structure-key.ts";
import type { ReadLimit } from "../scope/guarded-source.ts";
import type { ReadDuty, ReadNotice } from "./read-record.ts";
import type { AskedTable } from "./row-claim.ts";

/** A plan whose parameters may be holes, blind indexes of what is in holes, or texts with the marker of sealed cells in them, which is new for each statement. */
export interface KeptPlan {
  readonly shape: Shape;
  readonly text: string;
  readonly columns: readonly Column[];
  readonly parameters: readonly Slot[];
  readonly asked: readonly AskedTable[];
  readonly duties: readonly ReadDuty[];
  readonly limits: readonly ReadLimit[];
  readonly notices: readonly ReadNotice[];
}

type Slot = Hole | Sought | { readonly value: unknown } | { readonly around: readonly string[] };

/** The most characters of keys, shapes and texts that a process keeps, and the most of one text and of the facts in one key. */
const mostKept = 16_777_216;
const maxText = 65_536;
const maxFacts = 16_384;
const maxKey = 65_536;

/** The most plans under one key: they differ in the kinds of values, or came with a text that says nothing of them. */
const maxAlike = 8;

/** The least recently used first. */
const plans = new Map<string, readonly KeptPlan[]>();
let size = 0;

/** A plan and the values of a tree that has its shape. */
export function findPlan(
  key: string,
  tree: unknown,
): { readonly plan: KeptPlan; readonly values: readonly unknown[] } | null {
  const alike = plans.get(key);
  if (alike === undefined) return null;
  for (const plan of alike) {
    const values = valuesIn(plan.shape, tree);
    if (values === null) continue;
    plans.delete(key);
    plans.set(key, alike);
    return { plan, values };
  }
  return null;
}

export function keepPlan(key: string, plan: KeptPlan): void {
  if (plan.text.length > maxText || key.length > maxKey) return;
  const alike = plans.get(key) ?? [];
  dropPlans(key);
  const kept = [plan, ...alike.slice(0, maxAlike - 1)];
  plans.set(key, kept);
  size += sizeOf(key, kept);
  for (const oldest of plans.keys()) {
    if (size <= mostKept) break;
    dropPlans(oldest);
  }
}

function dropPlans(key: string): void {
  const alike = plans.get(key);
  if (alike !== undefined) size -= sizeOf(key, alike);
  plans.delete(key);
}

function sizeOf(key: string, alike: readonly KeptPlan[]): number {
  return alike.reduce(
    (sum, { text, parameters, shape }) => sum + text.length + 64 * parameters.length + shape.size,
    key.length,
  );
}

/** The parameters of one statement. The blind indexes are made for it alone, by the sealer of its tenant. */
export function fillPlan(
  plan: KeptPlan,
  values: readonly unknown[],
  marker: string,
  sealer: Sealer,
): readonly unknown[] {
  const inHole = ({ index }: Hole): unknown => values[index];
  return plan.parameters.map((slot) => {
    if (slot instanceof Hole) return inHole(slot);
    if (slot instanceof Sought) return soughtIndexes(slot, sealer, inHole);
    return "around" in slot ? slot.around.join(marker) : slot.value;
  });
}

/** The columns of one statement: what cells have to hold is among its values. */
export function filledColumns(columns: readonly Column[], values: readonly unknown[]): readonly Column[] {
  if (!columns.some(({ holds }) => holds !== undefined)) return columns;
  return columns.map(({ holds, ...column }) =>
    holds === undefined
      ? column
      : {
          ...column,
          holds: new Sought(
            holds.field,
            soughtTexts(holds, ({ index }) => values[index]),
          ),
        },
  );
}

/** A plan as it is kept; null if the marker is anywhere but in a text that is a parameter. It is random: nothing else has it. */
export function keepable(
  text: string,
  columns: readonly Column[],
  parameters: readonly unknown[],
  marker: string,
): Omit<KeptPlan, "asked" | "duties" | "limits" | "notices" | "shape"> | null {
  if (text.includes(marker)) return null;
  const slots: Slot[] = [];
  for (const value of parameters) {
    if (value instanceof Hole || value instanceof Sought) slots.push(value);
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
  let known = "";
  for (const name of Object.keys(facts)) {
    if (name === "now" || name === "clock") continue;
    const of = lastingKey(facts[name as keyof KnownFacts]);
    if (of === null) return null;
    known += textKey(name) + of;
  }
  if (known.length > maxFacts) return null;
  return `${policyId(guard)};${textKey(schema)}${mayOpen ? "T" : "F"}${known}}`;
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
