/** Guards of wire formats. Rego's numbers and strings are looser than our types; a fact is what passes its guard. */
import type { ScalarType, ValueType } from "@wardline/core";
import { formatType } from "@wardline/core";
import type { Functions } from "./functions.ts";
import { calendarDay, leapDay, timeOfDay } from "./calendar.ts";
import { ipGuard } from "./ip-guard.ts";
import { rule, setTerm } from "./text.ts";

/** The lines that hold exactly if the variable is a value of the type. */
export function guardLines(functions: Functions, variable: string, type: ValueType): readonly string[] {
  if (type.kind !== "set") return [`${guardOf(functions, type)}(${variable})`];
  return [`is_array(${variable})`, `every item in ${variable} {\n\t${guardOf(functions, type.of)}(item)\n}`];
}

/** The function that holds exactly for the values of a type. */
function guardOf(functions: Functions, type: ScalarType): string {
  switch (type.kind) {
    case "bool":
      return "is_boolean";
    case "int":
      return wholeNumber(
        functions,
        `is_int_${part(type.min)}_to_${part(type.max)}`,
        formatType(type),
        type.min,
        type.max,
      );
    case "duration":
      return wholeNumber(
        functions,
        "is_duration",
        "Duration: whole microseconds",
        Number.MIN_SAFE_INTEGER,
        Number.MAX_SAFE_INTEGER,
      );
    case "decimal":
      return decimal(functions, type.precision, type.scale);
    case "string":
    case "entity":
      return textGuard(functions);
    case "ip":
      return ipGuard(functions);
    case "date":
      return functions.need("is_date", isDate);
    case "time":
      return functions.need("is_time", isTime);
    case "instant":
      return functions.need("is_instant", isInstant);
    case "enum":
      return functions.need(
        `is_enum_${type.name}`,
        `# ${type.name}\n${rule(`is_enum_${type.name}(value)`, [`value in ${setTerm(type.values)}`])}`,
      );
    case "uuid":
      return functions.need("is_uuid", isUuid);
  }
}

export function textGuard(functions: Functions): string {
  return functions.need("is_text", isText);
}

function part(bound: number): string {
  return bound < 0 ? `minus_${-bound}` : String(bound);
}

function wholeNumber(functions: Functions, name: string, what: string, min: number, max: number): string {
  const lines = ["is_number(value)", `value >= ${min}`, `value <= ${max}`, "floor(value) == value"];
  return functions.need(name, `# ${what}\n${rule(`${name}(value)`, lines)}`);
}

function decimal(functions: Functions, precision: number, scale: number): string {
  const name = `is_decimal_${precision}_${scale}`;
  const whole =
    precision === scale
      ? "0"
      : precision - scale === 1
        ? "[0-9]"
        : `(0|[1-9][0-9]{0,${precision - scale - 1}})`;
  const form = scale === 0 ? `^-?${whole}$` : `^-?${whole}[.][0-9]{${scale}}$`;
  const lines = ["is_string(value)", `regex.match(\`${form}\`, value)`, "not regex.match(`^-[0.]*$`, value)"];
  return functions.need(
    name,
    `# Decimal(${precision}, ${scale}), in canonical form\n${rule(`${name}(value)`, lines)}`,
  );
}

function inForm(name: string, what: string, form: string): string {
  return `# ${what}\n${rule(`${name}(value)`, ["is_string(value)", `regex.match(\`${form}\`, value)`])}`;
}

const isUuid = inForm(
  "is_uuid",
  "Uuid, in lower case",
  "^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$",
);

const isText = `# A string that every target can carry\n${rule("is_text(value)", ["is_string(value)", 'not contains(value, "\\u0000")'])}`;

const isTime = inForm("is_time", "Time of day, with microseconds", `^${timeOfDay}$`);

/** Two bodies: for every year, and for the 29th of February. Rego's own parser of times knows only the years 1677 to 2262. */
function onRealDay(name: string, what: string, rest: string): string {
  return [
    `# ${what}, years 0001 to 9999`,
    rule(`${name}(value)`, [
      "is_string(value)",
      `regex.match(\`^${calendarDay}${rest}$\`, value)`,
      'not startswith(value, "0000")',
    ]),
    "",
    rule(`${name}(value)`, ["is_string(value)", `regex.match(\`^${leapDay}${rest}$\`, value)`]),
  ].join("\n");
}

const isDate = onRealDay("is_date", "Date: a real day", "");
const isInstant = onRealDay(
  "is_instant",
  "Instant: a real date and time of UTC with microseconds",
  `T${timeOfDay}Z`,
);
