/** How the facts of a table are found in worlds: one step for each slot, settled when the table is compiled. */
import {
  type EntityModel,
  type EntityPath,
  type ModelIr,
  type Program,
  type Slot,
  type Table,
} from "@wardline/core";
import { createLevel, type Level } from "../closure/level.ts";
import { readingOf, type Reading, type ReadingOptions } from "../closure/reading.ts";
import { ancestorsView } from "./ancestor-members.ts";
import type { Entity, StoredValue } from "./entity.ts";
import type { State } from "../closure/state.ts";
import { noMembers } from "./values.ts";
import type { World } from "./world.ts";

/** Whom a decision is about, by the names that paths begin with. */
export interface Roots {
  readonly principal: Entity;
  readonly resource: Entity | null;
  readonly prior: Entity | null;
  readonly next: Entity | null;
}

/** Finds the fact of one slot. `undefined`: it is absent. */
type Find = (roots: Roots, home: World) => unknown;

interface Step {
  readonly slot: number;
  readonly find: Find;
  /** The fact must be there, unless the reference that it stands behind is absent (null: it stands behind none). */
  readonly required: boolean;
  readonly behind: Find | null;
}

/** What worlds know, and what is given with each question. */
export interface Filling {
  readonly steps: readonly Step[];
  readonly context: Level | null;
  readonly clock: Level | null;
  readonly limits: readonly { readonly rule: string; readonly level: Level }[];
  readonly now: Reading | null;
}

export function compileFilling(
  program: Program,
  table: Table,
  options: Omit<ReadingOptions, "behind">,
): Filling {
  const slots = table.slots.map((id) => program.slots[id] as Slot);
  const read = (slot: Slot, key: string) => readingOf(key, slot, { ...options, behind: -1 });
  const context: Reading[] = [];
  const clock: Reading[] = [];
  const limits = new Map<string, Reading[]>();
  const steps: Step[] = [];
  let now: Reading | null = null;
  for (const slot of slots) {
    const { source } = slot;
    if (source.from === "context") context.push(read(slot, source.name));
    else if (source.from === "clock") clock.push(read(slot, source.part));
    else if (source.from === "now") now = read(slot, "now");
    else if (source.from === "limit")
      limits.set(source.rule, [...(limits.get(source.rule) ?? []), read(slot, source.part)]);
    else
      steps.push({
        slot: slot.id,
        find: compileFind(program.model, table, slot),
        required: !slot.optional,
        behind: behindOf(program.model, table, slot),
      });
  }
  return {
    steps,
    context: context.length === 0 ? null : createLevel(context),
    clock: clock.length === 0 ? null : createLevel(clock),
    limits: [...limits].map(([rule, readings]) => ({ rule, level: createLevel(readings) })),
    now,
  };
}

/** Writes the facts that worlds know; false if one is missing. */
export function fillFacts({ steps }: Filling, roots: Roots, home: World, state: State): boolean {
  const { facts } = state;
  for (let i = 0; i < steps.length; i += 1) {
    const { slot, find, required, behind } = steps[i] as Step;
    const fact = find(roots, home);
    if (fact === undefined && required && (behind === null || behind(roots, home) !== undefined))
      return false;
    facts[slot] = fact;
  }
  return true;
}

/** The reference that a slot stands behind. */
function behindOf(model: ModelIr, table: Table, { source }: Slot): Find | null {
  if (source.from !== "reference") return null;
  const { root, attribute, further } = source.of;
  if (attribute === null) return null;
  return further === undefined
    ? valueFind(model, table, { root, attribute: null }, attribute)
    : valueFind(model, table, { root, attribute }, further);
}

function compileFind(model: ModelIr, table: Table, { source }: Slot): Find {
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
      const { row, part } = source;
      return part === "id"
        ? (roots) => (roots[row] as Entity).id
        : (roots) => (roots[row] as Entity).kind.world.tenant;
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

function valueFind(model: ModelIr, table: Table, path: EntityPath, name: string): Find {
  const { follow, ends } = compilePath(model, table, path);
  const at = fieldAt(ends, name);
  return (roots) => follow(roots)?.values[at];
}

interface Way {
  readonly follow: (roots: Roots) => Entity | undefined;
  /** What the path leads to. */
  readonly ends: EntityModel;
}

/** Follows a path through the references of stored entities. One that leads nowhere gives undefined. */
function compilePath(model: ModelIr, table: Table, { root, attribute, further }: EntityPath): Way {
  const start = entityNamed(model, root === "principal" ? table.principal : table.resource);
  const first: Way = { follow: (roots) => roots[root] ?? undefined, ends: start };
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
        const id: StoredValue = from?.values[at];
        return from === undefined || id === undefined
          ? undefined
          : from.kind.world.entity(target, id as string);
      },
      ends: entityNamed(model, target),
    };
  }, first);
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
