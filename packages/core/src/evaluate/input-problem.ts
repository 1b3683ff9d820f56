/** Why a request is `invalid_input`, for people. It must never change what is decided: only `evaluate` decides. */
import { findTable, type Program } from "../ir/program.ts";
import { slotPath, type Slot } from "../ir/slot.ts";
import { formatType, type ValueType } from "../value/type.ts";
import { isWireValue } from "../value/wire.ts";
import { isPairs, mayBeAbsent, valueAt } from "./facts.ts";

/** A fact that makes a request improper. */
export interface InputProblem {
  /** Keys from the root of the document, joined by full stops. */
  readonly path: string;
  /** What stands there instead of what should. Never the value. */
  readonly problem: string;
}

/** All facts for which `evaluate` answers `invalid_input`, in the order of the program's slots; empty if it does not. */
export function inputProblems(program: Program, request: unknown): readonly InputProblem[] {
  const heads = [
    ["principal", "type"],
    ["action", "name"],
    ["resource", "type"],
  ];
  const [principal, action, resource] = heads.map((path) => valueAt(request, path));
  if (typeof principal !== "string" || typeof action !== "string" || typeof resource !== "string")
    return heads
      .filter((path) => typeof valueAt(request, path) !== "string")
      .map((path) => ({
        path: path.join("."),
        problem: `expected a name, ${found(valueAt(request, path))}`,
      }));
  const table = findTable(program, principal, action, resource);
  if (table === undefined)
    return [
      {
        path: "action.name",
        problem: `the model has no \`${action}\` by \`${principal}\` on \`${resource}\``,
      },
    ];
  return table.slots.flatMap((id) => {
    const slot = program.slots[id] as Slot;
    const path = slotPath(slot.source);
    const value = valueAt(request, path);
    if (value === undefined || value === null)
      return mayBeAbsent(slot, request)
        ? []
        : [{ path: path.join("."), problem: `expected ${wanted(slot)}, found nothing` }];
    const fits = slot.source.from === "relation" ? isPairs(value) : isWireValue(value, slot.type);
    return fits ? [] : [{ path: path.join("."), problem: `expected ${wanted(slot)}, ${found(value)}` }];
  });
}

function wanted(slot: Slot): string {
  if (slot.source.from === "relation") return "a list of pairs {from, to}";
  return slot.type.kind === "set" ? `a list of ${wire(slot.type.of)}` : wire(slot.type);
}

/** A type by the form that it has in JSON. */
function wire(type: ValueType): string {
  switch (type.kind) {
    case "decimal":
      return `${formatType(type)}, a string with ${type.scale} digits after the point`;
    case "instant":
      return "an Instant, a string YYYY-MM-DDTHH:MM:SS.ffffffZ";
    case "duration":
      return "a Duration, a whole number of microseconds";
    case "entity":
      return `the id of a ${type.entity}, a string`;
    case "enum":
      return `one of ${type.values.map((value) => `"${value}"`).join(", ")}`;
    case "date":
      return "a Date, a string YYYY-MM-DD";
    case "time":
      return "a Time, a string HH:MM:SS.ffffff";
    case "ip":
      return "an Ip, a string as RFC 5952 writes it";
    case "bool":
    case "int":
    case "string":
    case "uuid":
    case "set":
      return formatType(type);
  }
}

function found(value: unknown): string {
  if (value === undefined || value === null) return "found nothing";
  if (Array.isArray(value)) return "found a list";
  return typeof value === "object" ? "found an object" : `found another ${typeof value}`;
}
