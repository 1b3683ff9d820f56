/** What a path leads to in a test, and how the test would set a fact there. */
import {
  entityPathKey,
  slotPath,
  type EntityModel,
  type EntityPath,
  type Program,
  type Slot,
} from "@wardline/core";
import { instanceKey, type TestInstance, type TestWorld } from "./checked-test.ts";

/** What an expectation asks about. */
export interface Asked {
  readonly program: Program;
  readonly world: TestWorld;
  readonly principal: TestInstance;
  readonly row: TestInstance;
  /** The row as an update would make it. */
  readonly next: TestInstance;
}

export type Reached =
  | { readonly kind: "there"; readonly instance: TestInstance }
  /** A reference that may be absent is. */
  | { readonly kind: "absent" }
  /** The test does not say what a reference that is never absent refers to. */
  | { readonly kind: "unset"; readonly name: string };

export function reach(asked: Asked, path: EntityPath): Reached {
  let at = rootOf(asked, path);
  let name = `of ${at.label}`;
  for (const step of [path.attribute, path.further]) {
    if (step === null || step === undefined) continue;
    const id = at.attributes.get(step);
    const field = entityOf(asked.program, at.entity)?.fields.find((one) => one.name === step);
    const next =
      typeof id === "string" && field?.type.kind === "entity"
        ? asked.world.instances.get(instanceKey(field.type.entity, id))
        : undefined;
    if (next === undefined)
      return field?.optional === false ? { kind: "unset", name: `\`${step}\` ${name}` } : { kind: "absent" };
    at = next;
    name = `of what \`${path.root}.${step}\` refers to`;
  }
  return { kind: "there", instance: at };
}

/** The proper ancestors, of one type, of what a path leads to. */
export function ancestorsOf(asked: Asked, path: EntityPath, entity: string): readonly string[] {
  const start = reach(asked, path);
  if (start.kind !== "there") return [];
  const found = new Map<string, { readonly entity: string; readonly id: string }>();
  const queue = [...start.instance.parents];
  for (let at = queue.shift(); at !== undefined; at = queue.shift()) {
    const key = instanceKey(at.entity, at.id);
    if (found.has(key)) continue;
    found.set(key, at);
    queue.push(...(asked.world.instances.get(key)?.parents ?? []));
  }
  return [...found.values()].filter((at) => at.entity === entity).map((at) => at.id);
}

/** How a test would set the fact of a slot. */
export function slotName(asked: Asked, { source }: Slot): string {
  switch (source.from) {
    case "principal_attribute":
      return `\`${source.name}\` of ${asked.principal.label}`;
    case "row_attribute":
      return `\`${source.name}\` of ${(source.row === "next" ? asked.next : asked.row).label}`;
    case "reference": {
      const reached = reach(asked, source.of);
      if (reached.kind === "unset") return reached.name;
      return `\`${source.name}\` of what \`${entityPathKey(source.of)}\` refers to`;
    }
    case "context":
      return `\`context.${source.name}\``;
    case "tenant_attribute":
      return `\`tenant.${source.name}\``;
    case "principal":
    case "row":
    case "tenant":
    case "now":
    case "clock":
    case "limit":
    case "ancestors":
    case "relation":
      return `\`${slotPath(source).join(".")}\``;
  }
}

export function entityOf(program: Program, name: string): EntityModel | undefined {
  return program.model.entities.find((entity) => entity.name === name);
}

function rootOf({ principal, row, next }: Asked, { root }: EntityPath): TestInstance {
  switch (root) {
    case "principal":
      return principal;
    case "resource":
    case "prior":
      return row;
    case "next":
      return next;
  }
}
