/** Values for a world: checked against the model once, when they come in, and never again. */
import type { Attributes, FactModel, ValueType, WireScalar } from "@wardline/core";
import { ListMembers, type Members } from "../closure/members.ts";
import { ownValue } from "../closure/own.ts";
import { compileScalarCheck } from "../closure/value-check.ts";
import type { StoredValue } from "./entity.ts";

/** What is wrong with something that a world is given. It is not taken in. */
export class WorldError extends Error {
  readonly code = "world/refused";

  constructor(what: string) {
    super(what);
    this.name = "WorldError";
  }
}

/**
 * The values of some fields or facts, in their order; undefined where one is left out. Throws a {@link WorldError} that names
 * the first that is wrong.
 */
export function takeValues(
  declared: readonly Pick<FactModel, "name" | "type">[],
  attributes: Attributes | undefined,
  whose: string,
): readonly StoredValue[] {
  return declared.map(({ name, type }) => {
    const value = ownValue(attributes, name);
    if (value === undefined || value === null) return undefined;
    const taken = takeValue(type, value);
    if (taken === undefined) throw new WorldError(`${whose}: ${name} is no value of its type`);
    return taken;
  });
}

function takeValue(type: ValueType, value: unknown): StoredValue {
  if (type.kind !== "set") return compileScalarCheck(type)(value) ? (value as WireScalar) : undefined;
  if (!Array.isArray(value)) return undefined;
  const check = compileScalarCheck(type.of);
  const members = new ListMembers();
  const items: unknown[] = [...new Set<unknown>(value)];
  for (const item of items) {
    if (!check(item)) return undefined;
    members.add(item as WireScalar);
  }
  return members;
}

export const noMembers: Members = new ListMembers();
