/** Checks of atoms: operands exist, have values of their type, and agree with each other. */
import { sameType, type ScalarType, type ValueType } from "../../value/type.ts";
import { formatNetwork, parseNetwork } from "../../value/ip.ts";
import { decimalUnits, instantMicros, isWireScalar, type WireScalar } from "../../value/wire.ts";
import type { Atom, Operand } from "../atom.ts";
import type { Program } from "../program.ts";
import type { EntityPath, Slot, SlotSource } from "../slot.ts";
import { checkScalarType, checkUnique } from "./check-model.ts";
import { refuse, under, type Place } from "../../value/decode.ts";

export function checkAtoms(program: Program, at: Place): void {
  const seen = new Set<string>();
  program.atoms.forEach((atom, i) => {
    const here = under(at, i);
    const identity = JSON.stringify(atom);
    if (seen.has(identity)) refuse(here, "an equal atom stands before it");
    seen.add(identity);
    checkAtom(program, atom, here);
  });
}

function checkAtom(program: Program, atom: Atom, at: Place): void {
  switch (atom.kind) {
    case "compare": {
      const type = operandType(program, atom.left, under(at, "left"), true);
      agree(operandType(program, atom.right, under(at, "right"), true), type, under(at, "right"));
      if (atom.op !== "eq" && !isOrdered(type))
        refuse(under(at, "op"), `values of type ${type.kind} have no order`);
      return;
    }
    case "truth":
      return agree(operandType(program, atom.of, under(at, "of")), { kind: "bool" }, under(at, "of"));
    case "one_of":
      checkScalarType(program.model, atom.type, under(at, "type"));
      agree(operandType(program, atom.of, under(at, "of")), atom.type, under(at, "of"));
      return checkValues(atom.values, atom.type, under(at, "values"));
    case "contains": {
      checkScalarType(program.model, atom.type, under(at, "type"));
      const set = slotAt(program, atom.set, under(at, "set")).type;
      if (set.kind !== "set") refuse(under(at, "set"), "the slot is not a set");
      agree(set.of, atom.type, under(at, "set"));
      return agree(operandType(program, atom.of, under(at, "of")), atom.type, under(at, "of"));
    }
    case "empty":
      if (slotAt(program, atom.set, under(at, "set")).type.kind !== "set")
        refuse(under(at, "set"), "the slot is not a set");
      return;
    case "text":
      agree(operandType(program, atom.of, under(at, "of")), { kind: "string" }, under(at, "of"));
      return agree(operandType(program, atom.part, under(at, "part")), { kind: "string" }, under(at, "part"));
    case "in_network":
      agree(operandType(program, atom.of, under(at, "of")), { kind: "ip" }, under(at, "of"));
      return checkNetworks(atom.networks, under(at, "networks"));
    case "has":
      slotAt(program, atom.slot, under(at, "slot"));
      return;
    case "role": {
      const source = slotAt(program, atom.slot, under(at, "slot")).source;
      if (source.from !== "principal" || source.part !== "roles")
        refuse(under(at, "slot"), "the slot is not principal.roles");
      if (atom.roles.length === 0) refuse(under(at, "roles"), "must not be empty");
      return checkUnique(atom.roles, under(at, "roles"));
    }
    case "within":
      return checkWithin(program, atom, at);
    case "related": {
      const source = slotAt(program, atom.slot, under(at, "slot")).source;
      if (source.from !== "relation") refuse(under(at, "slot"), "the slot is not a relation");
      const relation = program.model.relations.find((r) => r.name === source.name);
      if (relation === undefined) refuse(under(at, "slot"), `there is no relation ${source.name}`);
      for (const end of ["from", "to"] as const)
        agree(
          operandType(program, atom[end], under(at, end)),
          { kind: "entity", entity: relation[end] },
          under(at, end),
        );
      return;
    }
  }
}

function checkWithin(program: Program, atom: Extract<Atom, { kind: "within" }>, at: Place): void {
  const entity = operandType(program, atom.entity, under(at, "entity"));
  const group = operandType(program, atom.group, under(at, "group"));
  if (entity.kind !== "entity") refuse(under(at, "entity"), "must be an entity");
  if (group.kind !== "entity") refuse(under(at, "group"), "must be an entity");
  if (atom.same !== (entity.entity === group.entity))
    refuse(under(at, "same"), "does not agree with the types");
  if (atom.ancestors === null) return;
  const source = slotAt(program, atom.ancestors, under(at, "ancestors")).source;
  const path = atom.entity.kind === "slot" ? pathOf((program.slots[atom.entity.slot] as Slot).source) : null;
  if (
    source.from !== "ancestors" ||
    source.entity !== group.entity ||
    JSON.stringify(source.of) !== JSON.stringify(path)
  )
    refuse(under(at, "ancestors"), "the slot does not hold the ancestors of the entity");
}

function checkNetworks(networks: readonly string[], at: Place): void {
  checkUnique(networks, at);
  networks.forEach((text, i) => {
    const network = parseNetwork(text);
    if (network === undefined || network.stray || formatNetwork(network) !== text)
      refuse(under(at, i), "is not a network in canonical form");
    if (i > 0 && (networks[i - 1] as string) >= text) refuse(under(at, i), "is out of order");
  });
}

/** What a reference leads to, as a path; null for what is no reference. */
function pathOf(source: SlotSource): EntityPath | null {
  switch (source.from) {
    case "principal":
      return { root: "principal", attribute: null };
    case "principal_attribute":
      return { root: "principal", attribute: source.name };
    case "row":
      return { root: source.row, attribute: null };
    case "row_attribute":
      return { root: source.row, attribute: source.name };
    case "reference":
      // The ancestors of what stands behind two references are the deepest that a request carries.
      return source.of.further === undefined ? { ...source.of, further: source.name } : null;
    case "tenant":
    case "tenant_attribute":
    case "context":
    case "now":
    case "clock":
    case "limit":
    case "ancestors":
    case "relation":
      return null;
  }
}

/** The type of an operand. A `now` that is moved stands in comparisons alone. */
function operandType(program: Program, operand: Operand, at: Place, compared = false): ScalarType {
  if (operand.kind === "constant") {
    checkScalarType(program.model, operand.type, under(at, "type"));
    if (!isWireScalar(operand.value, operand.type))
      refuse(under(at, "value"), `is not a value of type ${operand.type.kind}`);
    return operand.type;
  }
  const { type } = slotAt(program, operand.slot, under(at, "slot"));
  if (type.kind === "set") refuse(under(at, "slot"), "the slot is a set");
  if (operand.kind === "now") {
    if (!compared) refuse(at, "now is moved in comparisons alone");
    if (slotAt(program, operand.slot, under(at, "slot")).source.from !== "now")
      refuse(under(at, "slot"), "the slot is not now");
    if (operand.offset === 0) refuse(under(at, "offset"), "must not be zero");
    return { kind: "instant" };
  }
  if (operand.fallback !== null && !isWireScalar(operand.fallback, type))
    refuse(under(at, "fallback"), `is not a value of type ${type.kind}`);
  return type;
}

function slotAt(program: Program, id: number, at: Place): Slot {
  const slot = program.slots[id] ?? refuse(at, `there is no slot ${id}`);
  if (slot.source.from === "limit") refuse(at, "what is left of a limit is no fact of a condition");
  return slot;
}

function agree(found: ValueType, wanted: ValueType, at: Place): void {
  if (!sameType(found, wanted)) refuse(at, `is of type ${found.kind} and does not agree`);
}

function isOrdered(type: ScalarType): boolean {
  return (
    type.kind === "int" ||
    type.kind === "decimal" ||
    type.kind === "instant" ||
    type.kind === "duration" ||
    type.kind === "date" ||
    type.kind === "time"
  );
}

function checkValues(values: readonly WireScalar[], type: ScalarType, at: Place): void {
  if (values.length === 0) refuse(at, "must not be empty");
  checkUnique(values, at);
  values.forEach((value, i) => {
    if (!isWireScalar(value, type)) refuse(under(at, i), `is not a value of type ${type.kind}`);
    if (i > 0 && !precedes(values[i - 1] as WireScalar, value, type)) refuse(under(at, i), "is out of order");
  });
}

/** By value where there is an order, else by code point. */
function precedes(a: WireScalar, b: WireScalar, type: ScalarType): boolean {
  if (type.kind === "decimal")
    return (
      (decimalUnits(a as string, type.precision, type.scale) ?? 0n) <
      (decimalUnits(b as string, type.precision, type.scale) ?? 0n)
    );
  if (type.kind === "instant") return (instantMicros(a as string) ?? 0n) < (instantMicros(b as string) ?? 0n);
  if (typeof a !== "string" || typeof b !== "string") return Number(a) < Number(b);
  const [left, right] = [Array.from(a), Array.from(b)];
  const differs = left.findIndex((point, i) => point !== right[i]);
  if (differs < 0) return left.length < right.length;
  if (differs >= right.length) return false;
  return (left[differs] as string).codePointAt(0)! < (right[differs] as string).codePointAt(0)!;
}
