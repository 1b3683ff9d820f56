/** Checks of slots against the model: each stands under its own id and has the type that its source has. */
import type { ScalarType, ValueType } from "../../value/type.ts";
import { weekdayType } from "../../value/clock.ts";
import { maxInt, sameType } from "../../value/type.ts";
import type { FactModel, ModelIr } from "../model.ts";
import type { Program } from "../program.ts";
import type { Slot } from "../slot.ts";
import { checkEntityName, checkType } from "./check-model.ts";
import { refuse, under, type Place } from "../../value/decode.ts";

export function checkSlots(program: Program, at: Place): void {
  const seen = new Set<string>();
  program.slots.forEach((slot, i) => {
    const here = under(at, i);
    if (slot.id !== i) refuse(under(here, "id"), `must be ${i}, its place`);
    const identity = JSON.stringify([slot.source, slot.type, slot.optional]);
    if (seen.has(identity)) refuse(here, "an equal slot stands before it");
    seen.add(identity);
    checkType(program.model, slot.type, under(here, "type"));
    checkSource(program.model, slot, here);
  });
}

/** What a slot's source alone says. Attributes of principals and rows depend on the table and are checked there. */
function checkSource(model: ModelIr, slot: Slot, at: Place): void {
  const { source, type } = slot;
  switch (source.from) {
    case "principal":
      switch (source.part) {
        case "id":
          return mustBe(isKind(type, "entity"), at, "an id of an entity");
        case "roles":
          return mustBe(type.kind === "set" && type.of.kind === "string", at, "a set of strings");
        case "type":
        case "tenant":
          return mustBe(isKind(type, "string"), at, "a string");
      }
      return;
    case "row":
      if (source.part === "id") return mustBe(isKind(type, "entity"), at, "an id of an entity");
      return mustBe(isKind(type, "string"), at, "a string");
    case "tenant":
      return mustBe(isKind(type, "string"), at, "a string");
    case "now":
      return mustBe(isKind(type, "instant"), at, "an instant");
    case "tenant_attribute":
      return checkFact(model.tenant, source.name, slot, at);
    case "context":
      return checkFact(model.context, source.name, slot, at);
    case "clock":
      if (slot.optional) refuse(under(at, "optional"), "must be false");
      return mustBe(sameType(type, clockTypes[source.part]), at, `the type of clock.${source.part}`);
    case "limit":
      return checkLimit(slot, source.part, at);
    case "ancestors":
      if (slot.optional)
        refuse(under(at, "optional"), "must be false: a list that is left out would hold nobody");
      checkEntityName(model, source.entity, under(at, "source", "entity"));
      return mustBe(
        type.kind === "set" && sameType(type.of, { kind: "entity", entity: source.entity }),
        at,
        `a set of ${source.entity}`,
      );
    case "relation":
      if (slot.optional)
        refuse(under(at, "optional"), "must be false: a list that is left out would hold nobody");
      if (!model.relations.some((relation) => relation.name === source.name))
        refuse(under(at, "source", "name"), `there is no relation ${source.name}`);
      return mustBe(type.kind === "set" && type.of.kind === "string", at, "a set of strings");
    case "principal_attribute":
    case "row_attribute":
    case "reference":
      return;
  }
}

const clockTypes: { readonly [Part in "time" | "hour" | "weekday"]: ScalarType } = {
  time: { kind: "time" },
  hour: { kind: "int", min: 0, max: 23 },
  weekday: weekdayType,
};

function checkLimit({ type, optional }: Slot, part: "left" | "retry_after", at: Place): void {
  const isLeft = part === "left";
  const fits = isLeft
    ? type.kind === "int" && type.min === 0 && type.max === maxInt
    : type.kind === "duration";
  mustBe(fits, at, isLeft ? "Int(0..)" : "a duration");
  if (optional === isLeft) refuse(under(at, "optional"), `must be ${String(!isLeft)}`);
}

function checkFact(facts: readonly FactModel[], name: string, slot: Slot, at: Place): void {
  const fact = facts.find((f) => f.name === name);
  if (fact === undefined) refuse(under(at, "source", "name"), `the model has no fact ${name}`);
  checkDeclared(fact, slot, at);
}

/** The slot has exactly the type that was declared, and may be absent exactly if the declaration says so. */
export function checkDeclared(
  declared: { readonly type: ValueType; readonly optional: boolean },
  slot: Slot,
  at: Place,
): void {
  if (JSON.stringify(declared.type) !== JSON.stringify(slot.type))
    refuse(under(at, "type"), "the model has another type");
  if (declared.optional !== slot.optional) refuse(under(at, "optional"), "the model says otherwise");
}

function isKind(type: ValueType, kind: ScalarType["kind"]): boolean {
  return type.kind === kind;
}

function mustBe(holds: boolean, at: Place, what: string): void {
  if (!holds) refuse(under(at, "type"), `must be ${what}`);
}
