/** The picker of a fact by its type, and what there is to choose from: what rules compare it with, and ids that were named. */
import {
  formatType,
  slotPath,
  valueAt,
  valueText,
  type ScalarType,
  type Slot,
  type ValueType,
  type WireScalar,
  type WireValue,
} from "@wardline/core";
import { constantsOf } from "./constants.ts";
import { ordinaryId } from "./default-value.ts";
import type { Question } from "./facts.ts";
import { knownIds } from "./fixtures.ts";
import { formOf } from "./read-value.ts";
import type { Choice, FactPicker } from "./scenario.ts";
import { plain } from "../plain-words.ts";

export function pickerOf(question: Question, { source, type }: Slot): FactPicker {
  if (source.from === "principal" && source.part === "roles")
    return { kind: "many", options: question.roles, free: false };
  if (source.from === "ancestors") {
    return { kind: "many", options: idOptions(question, source.entity), free: true };
  }
  const constants = constantsOf(question.program, question.table, source);
  if (type.kind === "set") {
    const options = optionsOf(question, type.of) ?? constants.map(plainOption);
    return { kind: "many", options, free: type.of.kind !== "enum" };
  }
  const options = optionsOf(question, type);
  if (options !== null) return { kind: "one", options, free: type.kind === "entity" };
  switch (type.kind) {
    case "bool":
      return { kind: "bool" };
    case "int":
      return { kind: "number", min: type.min, max: type.max, scale: 0 };
    case "decimal":
      return { kind: "number", min: null, max: null, scale: type.scale };
    case "string":
      return constants.length === 0
        ? { kind: "text", form: null }
        : { kind: "one", options: constants.map(plainOption), free: true };
    case "instant":
    case "duration":
    case "uuid":
    case "ip":
    case "date":
    case "time":
      return { kind: "text", form: formOf(type) };
    case "enum":
    case "entity":
      return { kind: "text", form: formatType(type) };
  }
}

function optionsOf(question: Question, type: ScalarType): readonly Choice[] | null {
  if (type.kind === "enum")
    return type.values.map((value) => ({ value, label: plain(value), documentation: null }));
  return type.kind === "entity" ? idOptions(question, type.entity) : null;
}

/** Who asks, what the request and the tests name already, and two that nobody named. */
function idOptions({ program, table, request, tests }: Question, entity: string): readonly Choice[] {
  const me = entity === table.principal ? [request.principal.id] : [];
  const here = table.slots.flatMap((id) => {
    const { source, type } = program.slots[id] as Slot;
    const value = valueAt(request, slotPath(source));
    if (source.from === "ancestors" && source.entity === entity) return (value ?? []) as readonly string[];
    return type.kind === "entity" && type.entity === entity && typeof value === "string" ? [value] : [];
  });
  const ids = new Set([
    ...me,
    ...here,
    ...knownIds(tests, entity),
    ordinaryId(entity, 1),
    ordinaryId(entity, 2),
  ]);
  return [...ids].map((value) => ({
    value,
    label: me.includes(value) ? `${value} (who asks)` : value,
    documentation: null,
  }));
}

function plainOption(value: string): Choice {
  return { value, label: value, documentation: null };
}

/** As the picker takes it. */
export function pickedValue(value: unknown, type: ValueType): WireValue | null {
  if (value === null || value === undefined) return null;
  if (type.kind === "set") return Array.isArray(value) ? (value as readonly WireScalar[]) : [];
  switch (type.kind) {
    case "instant":
    case "duration":
    case "time":
      return valueText(value as WireScalar, type);
    case "bool":
    case "int":
    case "decimal":
    case "string":
    case "enum":
    case "entity":
    case "uuid":
    case "ip":
    case "date":
      return value as WireScalar;
  }
}
