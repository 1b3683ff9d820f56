/** How a value of a pack's parameter is picked, by its type and bounds, and a first one. */
import type { ParameterStatement } from "@wardline/compiler";
import { maxInt } from "@wardline/core";
import type { Picker } from "../card.ts";
import { listNamed, type CardContext } from "../card-context.ts";
import { durationPicker, firstValue, periodPicker, pickerOf, textOf } from "../condition/value.ts";
import { classOptions } from "../rule/reach-slots.ts";
import { Unshown } from "../text/draft.ts";

/** How a parameter is picked, with the bound that the pack sets. */
export function parameterPickerOf(ctx: CardContext, { type }: ParameterStatement): Picker {
  if (!("name" in type)) return { kind: "one", options: listNamed(ctx, "classes", () => classOptions(ctx)) };
  const { bounds } = type;
  const most = bounds?.kind === "range" ? bounds.high : null;
  switch (type.name.text) {
    case "Bool":
      return pickerOf(ctx, { kind: "bool" });
    case "Int":
      return pickerOf(ctx, {
        kind: "int",
        min: Number(bounds?.low ?? -maxInt),
        max: Number(bounds?.high ?? maxInt),
      });
    case "Decimal":
      return pickerOf(ctx, {
        kind: "decimal",
        precision: Number(bounds?.low ?? 18),
        scale: Number(bounds?.high ?? 0),
      });
    case "Duration":
      return durationPicker(ctx, most);
    case "Period":
      return periodPicker(ctx);
    case "String":
      return pickerOf(ctx, { kind: "string" });
    case "Instant":
      return pickerOf(ctx, { kind: "instant" });
    case "Date":
      return pickerOf(ctx, { kind: "date" });
    case "Time":
      return pickerOf(ctx, { kind: "time" });
    case "Ip":
      return pickerOf(ctx, { kind: "ip" });
    case "Uuid":
      return pickerOf(ctx, { kind: "uuid" });
  }
  throw new Unshown(`\`${type.name.text}\` is no type of a parameter.`);
}

/** What stands for a parameter first: its own value, else the first that it takes. */
export function firstArgument(ctx: CardContext, parameter: ParameterStatement): string | null {
  const { default: own, type } = parameter;
  if (own?.kind === "literal") return own.text;
  if (own?.kind === "class") return `#${own.name.text}`;
  if ("name" in type && type.bounds?.kind === "range" && type.name.text !== "Int") return type.bounds.high;
  const picker = parameterPickerOf(ctx, parameter);
  const text = textOf(ctx, picker, firstValue(ctx, picker));
  return typeof text === "string" && text !== "" ? text : null;
}
