/** The picker of what an operator wants beside a fact. */
import type { ScalarType, ValueType } from "@wardline/core";
import type { Picker } from "../card.ts";
import { listNamed, option, type CardContext } from "../card-context.ts";
import { aboutKey, factOption, factsOf, isGiven, isTenant, type About, type Fact } from "./facts.ts";
import { canRelate, relatesBy, type Relates } from "./comparable.ts";
import type { Operator } from "./operators.ts";
import { goTogether } from "./said-rows.ts";
import { durationPicker, oneOf, pickerOf } from "./value.ts";
import { plain } from "../../plain-words.ts";

/** The picker of what an operator wants beside a fact. */
export function wantedPicker(
  ctx: CardContext,
  about: About,
  fact: Fact,
  { id, wants }: Pick<Operator, "id" | "wants">,
): Picker {
  const type: ScalarType = fact.type.kind === "set" ? fact.type.of : fact.type;
  switch (wants) {
    case "nothing":
      throw new Error("Invariant: what is asked for has a value");
    case "value":
      return isTenant(type) ? { kind: "text", lines: "one", least: 1 } : pickerOf(ctx, type);
    case "values":
      return { kind: "list", of: pickerOf(ctx, type), least: 1 };
    case "fact":
      return { kind: "one", options: likeFacts(ctx, about, fact, type, relatesBy(id)) };
    case "range":
      return { kind: "time_range" };
    case "ranges":
      return { kind: "list", of: { kind: "time_range" }, least: 1 };
    case "network":
      return { kind: "address", networks: true };
    case "networks":
      return { kind: "list", of: { kind: "address", networks: true }, least: 1 };
    case "row":
      return { kind: "entity", entity: rowType(ctx, type) };
    case "rows":
      return { kind: "list", of: { kind: "entity", entity: rowType(ctx, type) }, least: 1 };
    case "duration":
      return durationPicker(ctx, null);
  }
}

function rowType(ctx: CardContext, type: ScalarType): string {
  if (type.kind !== "entity") return "";
  return ctx.words.entities.get(type.entity)?.parents[0]?.entity ?? type.entity;
}

/** Facts of the same type; of references those that can be the same, or what one can lie below. */
function likeFacts(
  ctx: CardContext,
  about: About,
  fact: Fact,
  type: ScalarType,
  relates: Relates | null,
): string {
  const key = type.kind === "entity" && !isTenant(type) ? `reference ${relates ?? ""}` : kindKey(type);
  return listNamed(ctx, `facts like ${key} ${fact.path}: ${aboutKey(about)}`, () =>
    factsOf(ctx, about)
      .filter((other) => other.path !== fact.path && goTogether(fact, other))
      .filter((other) => {
        if (type.kind === "entity" && other.type.kind === "entity")
          return (
            isTenant(other.type) === isTenant(type) &&
            (relates === null || canRelate(ctx, about, relates, fact, other))
          );
        return isGiven(other.type) || (other.type.kind === type.kind && kindKey(other.type) === key);
      })
      .map(factOption),
  );
}

const kindKey = (type: ValueType) => (type.kind === "enum" ? type.name : type.kind);

export function parameterPicker(ctx: CardContext): Picker {
  return oneOf(ctx, "parameters", () =>
    [...ctx.parameters].map(([name, type]) => option(name, plain(name), type)),
  );
}
