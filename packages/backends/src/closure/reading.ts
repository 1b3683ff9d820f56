/** How one fact is taken from a request: checked, and written to its slot. */
import type { ScalarType, Slot } from "@wardline/core";
import { ListMembers } from "./members.ts";
import { ownValue } from "./own.ts";
import type { RoleNumbers } from "./role-numbers.ts";
import type { State } from "./state.ts";
import { compileScalarCheck, isText, isTextValue, type ValueCheck } from "./value-check.ts";

/** What is to be done with a value. The commonest types are checked without a call. */
type Take = "text" | "own" | "roles" | "bool" | "int" | "scalar" | "set" | "pairs" | "presence";

export interface Reading {
  readonly key: string;
  readonly slot: number;
  readonly optional: boolean;
  /** The slot of the reference that it stands behind, or −1: it may be absent where that is. */
  readonly behind: number;
  readonly take: Take;
  readonly min: number;
  readonly max: number;
  readonly check: ValueCheck;
  /** The numbers of the principal's roles; null for all other facts. */
  readonly roles: RoleNumbers | null;
  readonly own: string;
}

export interface ReadingOptions {
  readonly behind: number;
  readonly roles: RoleNumbers;
  /** The tenant of the program: what tenants are expected to be. */
  readonly own: string;
}

export function readingOf(
  key: string,
  { id, type, optional, source }: Slot,
  { behind, roles, own }: ReadingOptions,
): Reading {
  const scalar: ScalarType = type.kind === "set" ? type.of : type;
  const [min, max] = scalar.kind === "int" ? [scalar.min, scalar.max] : [0, 0];
  const isRoles = source.from === "principal" && source.part === "roles";
  const isTenant = "part" in source && (source.part === "tenant" || source.from === "tenant");
  const take = isRoles
    ? "roles"
    : isTenant
      ? "own"
      : source.from === "relation"
        ? "pairs"
        : type.kind === "set"
          ? "set"
          : takeOf(scalar);
  return {
    key,
    slot: id,
    optional,
    behind,
    take,
    min,
    max,
    check: take === "scalar" || take === "set" ? compileScalarCheck(scalar) : isTextValue,
    roles: isRoles ? roles : null,
    own,
  };
}

/** Looks whether something stands there, whatever it is. */
export function presenceOf(key: string, slot: number): Reading {
  return {
    key,
    slot,
    optional: true,
    behind: -1,
    take: "presence",
    min: 0,
    max: 0,
    check: isTextValue,
    roles: null,
    own: "",
  };
}

function takeOf(type: ScalarType): Take {
  switch (type.kind) {
    case "string":
    case "entity":
      return "text";
    case "bool":
      return "bool";
    case "int":
      return "int";
    case "decimal":
    case "instant":
    case "duration":
    case "enum":
    case "uuid":
    case "ip":
    case "date":
    case "time":
      return "scalar";
  }
}

/** Writes the fact to its slot; false if it is malformed, or absent where it may not be. */
export function takeFact(reading: Reading, value: unknown, state: State): boolean {
  if (value === undefined || value === null) return takeAbsent(reading, state);
  switch (reading.take) {
    case "text":
      if (typeof value !== "string" || !isText(value)) return false;
      break;
    case "own":
      if (value !== reading.own && !isTextValue(value)) return false;
      break;
    case "int":
      if (typeof value !== "number" || !(value >= reading.min && value <= reading.max)) return false;
      if (Math.floor(value) !== value) return false;
      break;
    case "bool":
      if (typeof value !== "boolean") return false;
      break;
    case "scalar":
      if (!reading.check(value)) return false;
      break;
    case "set":
      return takeSet(reading, value, state);
    case "roles":
      return takeRoles(reading, value, state);
    case "pairs":
      return takePairs(reading, value, state);
    case "presence":
      break;
  }
  state.facts[reading.slot] = value;
  return true;
}

export function takeAbsent({ slot, optional, behind, roles }: Reading, state: State): boolean {
  if (!optional && (behind < 0 || state.facts[behind] !== undefined)) return false;
  if (roles !== null) state.roleCount = 0;
  state.facts[slot] = undefined;
  return true;
}

// Invariant: each element is read once; what is checked is what rules see.
function takeSet({ slot, check }: Reading, value: unknown, state: State): boolean {
  if (!Array.isArray(value)) return false;
  const { length } = value;
  const list = emptyList(state, slot, length);
  for (let i = 0; i < length; i += 1) {
    const item: unknown = value[i];
    if (!check(item)) return false;
    list.add(item as string);
  }
  state.facts[slot] = list;
  return true;
}

function takeRoles(reading: Reading, value: unknown, state: State): boolean {
  const { numbers, isSet } = reading.roles as RoleNumbers;
  if (!Array.isArray(value)) return false;
  const { length } = value;
  const list = isSet ? emptyList(state, reading.slot, length) : null;
  const { ownRoles } = state;
  let held = 0;
  for (let i = 0; i < length; i += 1) {
    const role: unknown = value[i];
    const number = numbers.get(role);
    if (number !== undefined) {
      ownRoles[held] = number;
      held += 1;
    } else if (!isTextValue(role)) return false;
    if (list !== null) list.add(role as string);
  }
  state.roles = ownRoles;
  state.roleCount = held;
  state.facts[reading.slot] = list ?? noMembers;
  return true;
}

/** Stands for roles that no rule asks as a set. */
const noMembers = new ListMembers();

function takePairs({ slot }: Reading, value: unknown, state: State): boolean {
  if (!Array.isArray(value)) return false;
  const { length } = value;
  const list = emptyList(state, slot, 2 * length);
  for (let i = 0; i < length; i += 1) {
    const pair: unknown = value[i];
    const from = ownValue(pair, "from");
    const to = ownValue(pair, "to");
    if (!isTextValue(from) || !isTextValue(to)) return false;
    list.add(from as string);
    list.add(to as string);
  }
  state.facts[slot] = list;
  return true;
}

/** Places beyond this many are not kept for the next decision. */
const mostKept = 1024;

function emptyList({ lists }: State, slot: number, length: number): ListMembers {
  if (length > mostKept) return new ListMembers();
  const kept = (lists[slot] ??= new ListMembers());
  kept.count = 0;
  return kept;
}
