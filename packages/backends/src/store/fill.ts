/** How the facts of a table are found in worlds: one step for each slot, settled when the table is compiled. */
import {
  entityPathKey,
  type EntityModel,
  type EntityPath,
  type ModelIr,
  type PathStart,
  type Program,
  type Slot,
  type SlotSource,
  type Table,
} from "@wardline/core";
import { createLevel, type Level } from "../closure/level.ts";
import { readingOf, type Reading, type ReadingOptions } from "../closure/reading.ts";
import { ancestorsView } from "./ancestor-members.ts";
import type { Entity } from "./entity.ts";
import type { State } from "../closure/state.ts";
import { noMembers } from "./values.ts";
import type { World } from "./world.ts";

/** Whom a decision is about, by the names that paths begin with. */
export interface Roots {
  principal: Entity;
  resource: Entity | null;
  prior: Entity | null;
  next: Entity | null;
}

/** Finds the fact of one slot. `undefined`: it is absent. */
export type Find = (roots: Roots, home: World) => unknown;

interface Step {
  readonly slot: number;
  readonly find: Find;
}

/** A reference behind which something must stand: what it leads to, and whether it is there. */
interface Behind {
  readonly follow: Way["follow"];
  readonly reference: Find;
}

/** A fact that must be there, unless the reference that it stands behind is absent. */
interface Required {
  readonly find: Find;
  readonly reference: Find | null;
}

/** What worlds know, and what is given with each question. */
export interface Filling {
  /** Something of what is given is read. */
  readonly isGiven: boolean;
  readonly steps: readonly Step[];
  readonly behind: readonly Behind[];
  /** Looked at only where an entity is not whole. */
  readonly required: readonly Required[];
  readonly context: Level | null;
  readonly clock: Level | null;
  readonly limits: readonly { readonly rule: string; readonly level: Level }[];
  readonly now: Reading | null;
}

export interface FillingOptions extends Omit<ReadingOptions, "behind"> {
  /** The slots whose facts rules look up in the state; the others are found when they are asked for. */
  readonly eager: ReadonlySet<number>;
}

export function compileFilling(program: Program, table: Table, options: FillingOptions): Filling {
  const slots = table.slots.map((id) => program.slots[id] as Slot);
  const read = (slot: Slot, key: string) => readingOf(key, slot, { ...options, behind: -1 });
  const context: Reading[] = [];
  const clock: Reading[] = [];
  const limits = new Map<string, Reading[]>();
  const steps: Step[] = [];
  const behind = new Map<string, Behind>();
  const required: Required[] = [];
  let now: Reading | null = null;
  for (const slot of slots) {
    const { source } = slot;
    if (source.from === "context") context.push(read(slot, source.name));
    else if (source.from === "clock") clock.push(read(slot, source.part));
    else if (source.from === "now") now = read(slot, "now");
    else if (source.from === "limit")
      limits.set(source.rule, [...(limits.get(source.rule) ?? []), read(slot, source.part)]);
    else if (options.eager.has(slot.id))
      steps.push({ slot: slot.id, find: compileFind(program.model, table, source) });
    const reference = source.from === "reference" ? referenceFind(program.model, table, source.of) : null;
    if (source.from === "reference" && reference !== null && !slot.optional) {
      const { follow } = compilePath(program.model, table, source.of);
      behind.set(entityPathKey(source.of), { follow, reference });
    }
    if (!slot.optional && isStored(source))
      required.push({ find: compileFind(program.model, table, source), reference });
  }
  return {
    steps,
    behind: [...behind.values()],
    required,
    isGiven: context.length + clock.length + limits.size > 0 || now !== null,
    context: context.length === 0 ? null : createLevel(context),
    clock: clock.length === 0 ? null : createLevel(clock),
    limits: [...limits].map(([rule, readings]) => ({ rule, level: createLevel(readings) })),
    now,
  };
}

/**
 * Writes the facts that worlds know; false if one is missing. Invariant: what a whole entity has was checked when it came in;
 * only what stands behind a reference, or in an entity that is not whole, may be missing.
 */
export function fillFacts(filling: Filling, roots: Roots, home: World, state: State): boolean {
  const { steps, behind } = filling;
  let isWhole = isWholeRow(roots.resource) && isWholeRow(roots.prior) && isWholeRow(roots.next);
  if (!roots.principal.isWhole) isWhole = false;
  for (let i = 0; i < behind.length; i += 1) {
    const { follow, reference } = behind[i] as Behind;
    const entity = follow(roots);
    if (entity === undefined && reference(roots, home) !== undefined) return false;
    if (entity !== undefined && !entity.isWhole) isWhole = false;
  }
  if (!isWhole && !hasRequired(filling, roots, home)) return false;
  for (let i = 0; i < steps.length; i += 1) {
    const { slot, find } = steps[i] as Step;
    state.facts[slot] = find(roots, home);
  }
  return true;
}

function isWholeRow(row: Entity | null): boolean {
  return row === null || row.isWhole;
}

function hasRequired({ required }: Filling, roots: Roots, home: World): boolean {
  return required.every(
    ({ find, reference }) =>
      find(roots, home) !== undefined || (reference !== null && reference(roots, home) === undefined),
  );
}

/** True for what stands in the fields of an entity. */
function isStored({ from }: SlotSource): boolean {
  return from === "principal_attribute" || from === "row_attribute" || from === "reference";
}

function referenceFind(model: ModelIr, table: PathStart, path: EntityPath): Find {
  const { root, attribute, further } = path;
  if (attribute === null) throw new RangeError("a reference has a name");
  return further === undefined
    ? valueFind(model, table, { root, attribute: null }, attribute)
    : valueFind(model, table, { root, attribute }, further);
}

export function compileFind(model: ModelIr, table: PathStart, source: SlotSource): Find {
  switch (source.from) {
    case "principal":
      switch (source.part) {
        case "id":
          return ({ principal }) => principal.id;
        case "type":
          return ({ principal }) => principal.kind.model.name;
        case "tenant":
          return ({ principal }) => principal.kind.world.tenant;
        case "roles":
          return ({ principal }) => principal.roles;
      }
      break;
    case "principal_attribute":
      return valueFind(model, table, { root: "principal", attribute: null }, source.name);
    case "row_attribute":
      return valueFind(model, table, { root: source.row, attribute: null }, source.name);
    case "reference":
      return valueFind(model, table, source.of, source.name);
    case "row": {
      const follow = followRoot(source.row);
      return source.part === "id"
        ? (roots) => follow(roots)?.id
        : (roots) => follow(roots)?.kind.world.tenant;
    }
    case "tenant":
      return (_, home) => home.tenant;
    case "tenant_attribute": {
      const at = model.tenant.findIndex((fact) => fact.name === source.name);
      return (_, home) => home.facts[at];
    }
    case "relation": {
      const { name } = source;
      return (_, home) => home.relation(name);
    }
    case "ancestors": {
      const { follow } = compilePath(model, table, source.of);
      const { entity: type } = source;
      return (roots) => {
        const entity = follow(roots);
        return entity === undefined ? noMembers : ancestorsView(entity, entity.kind.world.kind(type));
      };
    }
    case "context":
    case "clock":
    case "now":
    case "limit":
      throw new TypeError(`${source.from} is given with the question`);
  }
}

function valueFind(model: ModelIr, table: PathStart, path: EntityPath, name: string): Find {
  const { follow, ends } = compilePath(model, table, path);
  const at = fieldAt(ends, name);
  if (path.attribute === null && path.root === "principal") return (roots) => roots.principal.values[at];
  if (path.attribute === null && path.root === "resource") return (roots) => roots.resource?.values[at];
  return (roots) => follow(roots)?.values[at];
}

export interface Way {
  readonly follow: (roots: Roots) => Entity | undefined;
  /** What the path leads to. */
  readonly ends: EntityModel;
}

/** Follows a path through the references of stored entities. One that leads nowhere gives undefined. */
export function compilePath(model: ModelIr, table: PathStart, { root, attribute, further }: EntityPath): Way {
  const start = entityNamed(model, root === "principal" ? table.principal : table.resource);
  const first: Way = { follow: followRoot(root), ends: start };
  return [attribute, further].reduce<Way>((way, step) => {
    if (step === null || step === undefined) return way;
    const at = fieldAt(way.ends, step);
    const type = way.ends.fields[at]?.type;
    if (type?.kind !== "entity") throw new RangeError(`${step} is no reference`);
    const target = type.entity;
    const { follow } = way;
    return {
      follow: (roots) => {
        const from = follow(roots);
        return from === undefined ? undefined : from.kind.world.target(from, at, target);
      },
      ends: entityNamed(model, target),
    };
  }, first);
}

/** Each by a name of its own: a key that varies would have to be searched for. */
function followRoot(root: EntityPath["root"]): Way["follow"] {
  switch (root) {
    case "principal":
      return (roots) => roots.principal;
    case "resource":
      return (roots) => roots.resource ?? undefined;
    case "prior":
      return (roots) => roots.prior ?? undefined;
    case "next":
      return (roots) => roots.next ?? undefined;
  }
}

function fieldAt(entity: EntityModel, name: string): number {
  const at = entity.fields.findIndex((field) => field.name === name);
  if (at < 0) throw new RangeError(`${entity.name} has no field ${name}`);
  return at;
}

function entityNamed(model: ModelIr, name: string): EntityModel {
  const entity = model.entities.find((e) => e.name === name);
  if (entity === undefined) throw new RangeError(`no entity ${name}`);
  return entity;
}
