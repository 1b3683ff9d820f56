/** Values as people type them: the picker of a type, a first value, the words that show one, the text in the language. */
import {
  dateDays,
  instantMicros,
  isUuid,
  maxInt,
  parseNetwork,
  timeMicros,
  type ScalarType,
} from "@wardline/core";
import { isReservedWord } from "@wardline/compiler";
import type { ListName, Option, Picker, SlotValue } from "../card.ts";
import { listNamed, option } from "../card-context.ts";
import { plain } from "../../plain-words.ts";
import { durationUnits, nobody, periodUnits, shownDuration } from "./shown.ts";
import { refuse, type Change, type Refused } from "../text/change.ts";

export type Lists = Pick<Parameters<typeof listNamed>[0], "lists">;

export function pickerOf(ctx: Lists, type: ScalarType): Picker {
  switch (type.kind) {
    case "bool":
      return oneOf(ctx, "yes or no", () => [option("true", "yes"), option("false", "no")]);
    case "int": {
      const bound = (value: number) => (Math.abs(value) === maxInt ? null : String(value));
      return { kind: "number", min: bound(type.min), max: bound(type.max), decimals: 0 };
    }
    case "decimal": {
      const most = `${"9".repeat(Math.max(type.precision - type.scale, 1))}${type.scale > 0 ? `.${"9".repeat(type.scale)}` : ""}`;
      return { kind: "number", min: `-${most}`, max: most, decimals: type.scale };
    }
    case "string":
      return { kind: "text", lines: "one", least: 0 };
    case "duration":
      return durationPicker(ctx, null);
    case "enum":
      return oneOf(ctx, `values of ${type.name}`, () =>
        type.values.map((value) => option(value, plain(value))),
      );
    case "entity":
      return { kind: "entity", entity: type.entity };
    case "instant":
      return { kind: "instant" };
    case "uuid":
      return { kind: "uuid" };
    case "ip":
      return { kind: "address", networks: false };
    case "date":
      return { kind: "date" };
    case "time":
      return { kind: "time" };
  }
}

export function oneOf(ctx: Lists, name: ListName, make: () => readonly Option[]): Picker {
  return { kind: "one", options: listNamed(ctx, name, make) };
}

export function durationPicker(ctx: Lists, most: string | null): Picker {
  return { kind: "duration", units: listNamed(ctx, "units of time", unitOptions), most };
}

export function periodPicker(ctx: Lists): Picker {
  const units = listNamed(ctx, "units of a period", () =>
    Object.entries(periodUnits).map(([unit, word]) => option(unit, `${word}s`)),
  );
  return { kind: "duration", units, most: null };
}

const unitMicros: Readonly<Record<string, number>> = {
  us: 1,
  ms: 1e3,
  s: 1e6,
  m: 6e7,
  h: 3.6e9,
  d: 8.64e10,
  w: 6.048e11,
};

const unitOptions = () => Object.entries(durationUnits).map(([unit, word]) => option(unit, `${word}s`));

/** A value to begin with. */
export function firstValue(ctx: Lists, picker: Picker): SlotValue {
  switch (picker.kind) {
    case "one":
      return ctx.lists.get(picker.options)?.[0]?.id ?? "";
    case "number":
      return picker.min !== null && Number(picker.min) > 0 ? picker.min : "0";
    case "duration":
      return "1d";
    case "time":
      return "09:00";
    case "time_range":
      return "22:00..06:00";
    case "date":
      return "2026-01-01";
    case "instant":
      return "2026-01-01T00:00:00Z";
    case "address":
      return picker.networks ? "10.0.0.0/8" : "10.0.0.1";
    case "uuid":
      return "00000000-0000-0000-0000-000000000000";
    case "entity":
      return nobody;
    case "reference":
      return ctx.lists.get(picker.options)?.[0]?.id ?? "";
    case "list":
      return [firstValue(ctx, picker.of) as string];
    case "many":
    case "who":
      return [];
    case "text":
    case "name":
      return "";
  }
}

/** Puts the text of a chosen value at a place; why not, where it has none. */
export function valueAt(
  ctx: Lists,
  picker: Picker,
  { start, end }: { readonly start: number; readonly end: number },
): (chosen: SlotValue) => Change {
  return (chosen) => {
    const text = textOf(ctx, picker, chosen);
    return typeof text === "string" ? [{ start, end, text }] : text;
  };
}

/** The text that a value has in the language, or why it has none. */
export function textOf(ctx: Lists, picker: Picker, value: SlotValue): string | Refused {
  if (picker.kind === "list") {
    if (typeof value === "string") return refuse("Give a list of values.");
    if (value.length < picker.least) return refuse("A list needs at least one value.");
    const texts: string[] = [];
    for (const one of value) {
      const text = textOf(ctx, picker.of, one);
      if (typeof text !== "string") return text;
      texts.push(text);
    }
    return `[${texts.join(", ")}]`;
  }
  if (typeof value !== "string") return refuse("Give one value, not several.");
  switch (picker.kind) {
    case "one":
      return (ctx.lists.get(picker.options) ?? []).some(({ id }) => id === value)
        ? value
        : refuse(`\`${value}\` is none of the values that can be chosen.`);
    case "text":
      return quoted(value, picker.least);
    case "entity": {
      const id = quoted(value);
      return typeof id === "string" ? `${picker.entity} ${id}` : id;
    }
    case "name":
      return nameText(value);
    case "number":
      return numberText(picker, value);
    case "duration":
      return durationText(ctx, picker, value);
    case "time":
      return isTime(value) ? value : refuse(`\`${value}\` is no time of day. Write it as 22:00.`);
    case "time_range": {
      const [from = "", to = "", more] = value.split("..");
      if (!isTime(from) || !isTime(to) || more !== undefined)
        return refuse(`\`${value}\` is no time from one hour to another. Write it as 22:00..06:00.`);
      return from === to ? refuse("The two times are the same, so no time lies between them.") : value;
    }
    case "date":
      return /^\d{4}-\d\d-\d\d$/.test(value) && dateDays(value) !== undefined
        ? value
        : refuse(`\`${value}\` is no date. Write it as 2026-01-31.`);
    case "instant":
      return isInstant(value)
        ? value
        : refuse(`\`${value}\` is no moment. Write it as 2026-01-31T09:00:00Z.`);
    case "address":
      return addressText(value, picker.networks);
    case "uuid":
      return isUuid(value.toLowerCase()) ? value : refuse(`\`${value}\` is no UUID.`);
    case "many":
    case "who":
      return refuse("Give a list of names.");
    case "reference":
      return refuse("Choose one, or give an id.");
  }
}

const isTime = (text: string) => /^\d\d:\d\d$/.test(text) && timeMicros(`${text}:00.000000`) !== undefined;

function isInstant(text: string): boolean {
  const parts = /^(\d{4}-\d\d-\d\dT\d\d:\d\d)(?::(\d\d)(?:\.(\d{1,6}))?)?(?:Z|[+-]\d\d:\d\d)$/.exec(text);
  if (parts === null) return false;
  const [, minute = "", second = "00", fraction = ""] = parts;
  return instantMicros(`${minute}:${second}.${fraction.padEnd(6, "0")}Z`) !== undefined;
}

function addressText(value: string, networks: boolean): string | Refused {
  const network = /^[0-9A-Fa-f.:]+(?:\/\d{1,3})?$/.test(value) ? parseNetwork(value) : undefined;
  if (network === undefined)
    return refuse(`\`${value}\` is no address. Write it as 10.20.0.0/16 or 10.20.3.4.`);
  if (network.stray)
    return refuse(`Bits of \`${value}\` are set after its prefix: write the network's first address.`);
  return networks || !value.includes("/") ? value : refuse(`\`${value}\` is a network. Give one address.`);
}

function numberText(
  { min, max, decimals }: Extract<Picker, { kind: "number" }>,
  value: string,
): string | Refused {
  const bare = value.replaceAll("_", "");
  const parts = /^-?(?:0|[1-9]\d*)(?:\.(\d+))?$/.exec(bare);
  if (parts === null || value.startsWith("_") || /_\D|_$|__|\._|^0_/.test(value))
    return refuse(`\`${value}\` is no number.`);
  if ((parts[1] ?? "").replace(/0+$/, "").length > decimals)
    return refuse(
      decimals === 0 ? "Give a whole number." : `At most ${decimals} digits can stand after the point.`,
    );
  if (decimals === 0 && parts[1] !== undefined) return refuse("Give a whole number.");
  if (min !== null && Number(bare) < Number(min)) return refuse(`The number must be at least ${min}.`);
  if (max !== null && Number(bare) > Number(max)) return refuse(`The number must be at most ${max}.`);
  if (!Number.isSafeInteger(Math.trunc(Number(bare)))) return refuse("The number is too large.");
  return value;
}

function durationText(
  ctx: Lists,
  picker: Extract<Picker, { kind: "duration" }>,
  value: string,
): string | Refused {
  const [, count = "", unit = ""] = /^(\d[\d_]*)([a-z]+)$/.exec(value) ?? [];
  const units = (ctx.lists.get(picker.units) ?? []).map(({ id }) => id);
  if (count === "" || !units.includes(unit) || /_$|__|^0./.test(count))
    return refuse(`\`${value}\` is no length of time. Write a number and a unit, as in 15m or 8h.`);
  const micros = lengthOf(value);
  if (!Number.isSafeInteger(micros)) return refuse("That is longer than the language can count.");
  if (picker.most !== null && micros > lengthOf(picker.most))
    return refuse(`It must be at most ${shownDuration(picker.most)}.`);
  return value;
}

/** A length of time in microseconds; 0 of what is none. */
export function lengthOf(text: string): number {
  const [, count = "0", unit = ""] = /^([\d_]+)([a-z]+)$/.exec(text) ?? [];
  return Number(count.replaceAll("_", "")) * (unitMicros[unit] ?? 0);
}

/** A name that can be given: it is written as the language has names, and is no word of it. */
export function nameText(value: string): string | Refused {
  if (!/^[a-z][a-z0-9_]*$/.test(value))
    return refuse(`\`${value}\` is no name: write small letters, digits and \`_\`, a letter first.`);
  return isReservedWord(value)
    ? refuse(`\`${value}\` is a word of the language. Choose another name.`)
    : value;
}

/** A text in quotes. */
export function quoted(value: string, least = 0): string | Refused {
  const text = value.normalize("NFC");
  if (text.trim().length < least) return refuse("Write at least one word.");
  // oxlint-disable-next-line no-control-regex -- what a string of the language cannot hold
  if (/[\u0000-\u0008\u000B-\u001F\u007F\u2028\u2029]/.test(text.replaceAll("\r\n", "\n")))
    return refuse("The text holds a character that cannot be written in a policy.");
  const escaped = text
    .replaceAll("\r\n", "\n")
    .replaceAll("\\", "\\\\")
    .replaceAll('"', '\\"')
    .replaceAll("\n", "\\n")
    .replaceAll("\t", "\\t");
  return `"${escaped}"`;
}
