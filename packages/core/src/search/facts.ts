/**
 * The facts of a request while it is looked for. What depends on another fact follows it: the clock the time, what
 * stands behind a reference the reference, one entity's facts each other wherever they stand.
 */
import { entityPathKey, referenceSource, type EntityPath, type Slot, type SlotSource } from "../ir/slot.ts";
import type { Fact } from "../evaluate/facts.ts";
import { clockAt, weekdays, type Clock } from "../value/clock.ts";
import { instantMicros, timeMicros, type WireScalar } from "../value/wire.ts";
import { valueAtOrdinal } from "../value/ordinal.ts";
import { slotAt, type Space } from "./space.ts";

export interface Draft {
  /** By slot; absent where undefined. */
  readonly facts: ReadonlyMap<number, Fact>;
  /** The time of the request, whether or not a slot reads it. */
  readonly now: string;
}

/** How the facts of a space hang together. */
export interface Ties {
  readonly space: Space;
  readonly now: number | undefined;
  readonly clocks: readonly Slot[];
  /** The ids of the row before and after a write: one row. */
  readonly rowIds: readonly number[];
  readonly entities: readonly EntityFacts[];
  /** Those of them that could be one and the same as another. */
  readonly twins: readonly EntityFacts[];
  /** The slots that hold the same where some entities are one: a list for each attribute and each type of ancestors. */
  readonly sharedBy: (group: readonly EntityFacts[]) => readonly (readonly number[])[];
  /** The clock of the zone at an instant. */
  readonly clockOf: (now: string) => Clock;
}

/** What a request says of the principal, of a row, or of what a reference leads to. */
interface EntityFacts {
  readonly entity: string;
  /** The slot of its id; undefined where the request does not say which it is. */
  readonly id: number | undefined;
  readonly isReference: boolean;
  readonly attributes: ReadonlyMap<string, number>;
  readonly ancestors: ReadonlyMap<string, number>;
}

export function tiesOf(space: Space): Ties {
  const slots = space.slots.map((id) => slotAt(space, id));
  const bySource = new Map(slots.map((slot) => [JSON.stringify(slot.source), slot]));
  const find = (source: SlotSource | null): Slot | undefined => bySource.get(JSON.stringify(source));
  const zone = space.program.settings?.timezone ?? "UTC";
  const clocks = new Map<string, Clock>();
  const shared = new Map<string, readonly (readonly number[])[]>();
  const entities = entitiesOf(space, slots, find);
  return {
    space,
    sharedBy: (group) => {
      const key = group.map(({ id }) => id).join(" ");
      let slots = shared.get(key);
      if (slots === undefined) shared.set(key, (slots = sharedSlots(group)));
      return slots;
    },
    clockOf: (now) => {
      let clock = clocks.get(now);
      if (clock === undefined) clocks.set(now, (clock = clockAt(now, zone)));
      return clock;
    },
    now: find({ from: "now" })?.id,
    clocks: slots.filter((slot) => slot.source.from === "clock"),
    rowIds:
      space.rows.length < 2
        ? []
        : space.rows.flatMap((row) => find({ from: "row", row, part: "id" })?.id ?? []),
    entities,
    twins: entities.filter(
      (one) =>
        one.id !== undefined &&
        entities.some((other) => other !== one && other.id !== undefined && other.entity === one.entity),
    ),
  };
}

function entitiesOf(
  space: Space,
  slots: readonly Slot[],
  find: (source: SlotSource | null) => Slot | undefined,
): readonly EntityFacts[] {
  const paths = new Map<string, EntityPath>();
  const add = (path: EntityPath) => paths.set(entityPathKey(path), path);
  add({ root: "principal", attribute: null });
  for (const row of space.rows) add({ root: row, attribute: null });
  for (const { source } of slots)
    if (source.from === "reference" || source.from === "ancestors") add(source.of);
  return [...paths].map(([key, path]) => {
    const reference = referenceSource(path);
    const id =
      reference === null
        ? find(
            path.root === "principal"
              ? { from: "principal", part: "id" }
              : { from: "row", row: path.root, part: "id" },
          )
        : find(reference);
    const attributes = new Map<string, number>();
    const ancestors = new Map<string, number>();
    for (const { id: slot, source } of slots) {
      if (source.from === "ancestors" && entityPathKey(source.of) === key) ancestors.set(source.entity, slot);
      if (source.from === "reference" && entityPathKey(source.of) === key) attributes.set(source.name, slot);
      if (key === "principal" && source.from === "principal_attribute") attributes.set(source.name, slot);
      // A row before and after a write are two versions of one: what is read behind a reference is neither.
      if (key === "resource" && source.from === "row_attribute") attributes.set(source.name, slot);
    }
    const type = id?.type;
    // A row before and after a write may have other parents.
    const isAfter = key === "next" && space.rows.length > 1;
    const root = path.root === "principal" ? space.principal : space.resource;
    return {
      entity: reference === null ? root : type?.kind === "entity" ? type.entity : "",
      id: isAfter ? undefined : id?.id,
      isReference: reference !== null,
      attributes,
      ancestors,
    };
  });
}

/** The draft with other values in some slots, and all that follows from them. `fill` gives what has to be there. */
export function changed(
  ties: Ties,
  draft: Draft,
  changes: readonly (readonly [slot: number, value: Fact])[],
  fill: (slot: number) => Fact,
): Draft {
  const facts = new Map(draft.facts);
  for (const [slot, value] of changes) facts.set(slot, value);
  const touched = new Set(changes.map(([slot]) => slot));
  const now = settleTime(ties, draft.now, facts, touched);
  const rowId = ties.rowIds.find((slot) => touched.has(slot)) ?? ties.rowIds[0];
  if (rowId !== undefined) for (const slot of ties.rowIds) facts.set(slot, facts.get(rowId));
  settleReferences(ties, facts, fill);
  settleTwins(ties, facts, touched);
  settleAncestors(ties, facts);
  return { facts, now };
}

function settleTime(
  ties: Ties,
  before: string,
  facts: Map<number, Fact>,
  touched: ReadonlySet<number>,
): string {
  let now = ties.now !== undefined && touched.has(ties.now) ? (facts.get(ties.now) as string) : before;
  const wanted = ties.clocks.filter((slot) => touched.has(slot.id));
  for (const { id, source } of wanted)
    if (source.from === "clock") now = instantWith(ties, now, source.part, facts.get(id) as WireScalar);
  if (now === before && wanted.length === 0) return now;
  if (ties.now !== undefined) facts.set(ties.now, now);
  if (ties.clocks.length === 0) return now;
  const clock = ties.clockOf(now);
  for (const { id, source } of ties.clocks) if (source.from === "clock") facts.set(id, clock[source.part]);
  return now;
}

/** The instant nearest by at which the clock shows a value; as near as can be where it never does (a skipped hour). */
function instantWith(ties: Ties, now: string, part: keyof Clock, value: WireScalar): string {
  const clock = ties.clockOf(now);
  const time = timeMicros(clock.time) ?? 0;
  switch (part) {
    case "time":
      return instantAtTime(ties, now, timeMicros(String(value)) ?? time);
    case "hour":
      return instantAtTime(ties, now, (time % 3_600_000_000) + Number(value) * 3_600_000_000);
    case "weekday": {
      const days = weekdays.findIndex((day) => day === value) - weekdays.indexOf(clock.weekday);
      return instantAtTime(ties, moved(now, days * 86_400_000_000), time);
    }
  }
}

function instantAtTime(ties: Ties, now: string, wanted: number): string {
  let at = now;
  // Once across the hours, and once more where the clocks were changed in between.
  for (let i = 0; i < 2; i += 1) at = moved(at, wanted - (timeMicros(ties.clockOf(at).time) ?? 0));
  return at;
}

function moved(instant: string, micros: number): string {
  const at = (instantMicros(instant) ?? 0n) + BigInt(micros);
  return String(valueAtOrdinal(at, { kind: "instant" }) ?? instant);
}

/** What stands behind a reference is there if, and only if, the reference is. */
function settleReferences(ties: Ties, facts: Map<number, Fact>, fill: (slot: number) => Fact): void {
  for (const { id, isReference, attributes, ancestors } of ties.entities) {
    if (!isReference || id === undefined) continue;
    const isThere = facts.get(id) !== undefined;
    for (const slot of attributes.values()) {
      if (!isThere) facts.set(slot, undefined);
      else if (facts.get(slot) === undefined && !slotAt(ties.space, slot).optional)
        facts.set(slot, fill(slot));
    }
    if (!isThere) for (const slot of ancestors.values()) facts.set(slot, []);
  }
}

/** Groups of what a request says of one and the same entity. */
function groupsOf(ties: Ties, facts: ReadonlyMap<number, Fact>): readonly (readonly EntityFacts[])[] {
  const groups = new Map<string, EntityFacts[]>();
  for (const one of ties.twins) {
    const id = one.id === undefined ? undefined : facts.get(one.id);
    if (id === undefined) continue;
    // The name of a type holds no space.
    const key = `${one.entity} ${JSON.stringify(id)}`;
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [one]);
    else group.push(one);
  }
  return [...groups.values()];
}

/** One entity has one value of an attribute, and one set of ancestors, wherever the request says it. */
function settleTwins(ties: Ties, facts: Map<number, Fact>, touched: ReadonlySet<number>): void {
  if (ties.twins.length === 0) return;
  for (const group of groupsOf(ties, facts)) {
    if (group.length < 2) continue;
    for (const slots of ties.sharedBy(group)) {
      const leading = slots.find((slot) => touched.has(slot)) ?? slots[0];
      if (leading !== undefined) for (const slot of slots) facts.set(slot, facts.get(leading));
    }
  }
}

function sharedSlots(group: readonly EntityFacts[]): readonly (readonly number[])[] {
  return (["attributes", "ancestors"] as const).flatMap((part) =>
    [...new Set(group.flatMap((one) => [...one[part].keys()]))].map((name) =>
      group.flatMap((one) => one[part].get(name) ?? []),
    ),
  );
}

/** Nothing is above itself, and what is above an ancestor is an ancestor. */
function settleAncestors(ties: Ties, facts: Map<number, Fact>): void {
  const within = ties.entities.filter((one) => one.ancestors.size > 0);
  if (within.length === 0) return;
  const idOf = (one: EntityFacts) => (one.id === undefined ? undefined : facts.get(one.id));
  const above = (one: EntityFacts, entity: string) => {
    const slot = one.ancestors.get(entity);
    return slot === undefined ? [] : ((facts.get(slot) ?? []) as readonly WireScalar[]);
  };
  for (const lower of within)
    for (const upper of within) {
      const id = idOf(upper);
      if (lower === upper || id === undefined || !above(lower, upper.entity).includes(id as WireScalar))
        continue;
      for (const [entity, slot] of lower.ancestors)
        facts.set(slot, [...new Set([...above(lower, entity), ...above(upper, entity)])]);
    }
  for (const one of within) {
    const own = one.ancestors.get(one.entity);
    if (own !== undefined)
      facts.set(
        own,
        above(one, one.entity).filter((id) => id !== idOf(one)),
      );
  }
}
