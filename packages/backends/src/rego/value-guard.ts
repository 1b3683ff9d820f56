/** Guards of wire formats. Rego's numbers and strings are looser than our types; a fact is what passes its guard. */
import { formatType, type ScalarType, type ValueType } from "@wardline/core";
import { rule, setTerm } from "./text.ts";

/** The guards that a policy needs, each written once. */
export interface Guards {
  /** The lines that hold exactly if the variable is a value of the type. */
  readonly linesFor: (variable: string, type: ValueType) => readonly string[];
  /** The definitions that those lines call. */
  readonly definitions: () => readonly string[];
}

export function createGuards(): Guards {
  const needed = new Map<string, string>();
  const scalarLine = (variable: string, type: ScalarType): string => {
    const { name, define } = guardOf(type);
    if (define !== null) needed.set(name, define);
    return `${name}(${variable})`;
  };
  return {
    linesFor: (variable, type) => {
      if (type.kind !== "set") return [scalarLine(variable, type)];
      return [`is_array(${variable})`, `every item in ${variable} {\n\t${scalarLine("item", type.of)}\n}`];
    },
    definitions: () => [...needed].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([, define]) => define),
  };
}

interface Guard {
  readonly name: string;
  /** Null for what Rego has built in. */
  readonly define: string | null;
}

function guardOf(type: ScalarType): Guard {
  switch (type.kind) {
    case "bool":
      return { name: "is_boolean", define: null };
    case "int":
      return wholeNumber(
        `is_int_${part(type.min)}_to_${part(type.max)}`,
        formatType(type),
        type.min,
        type.max,
      );
    case "duration":
      return wholeNumber(
        "is_duration",
        "Duration: whole microseconds",
        Number.MIN_SAFE_INTEGER,
        Number.MAX_SAFE_INTEGER,
      );
    case "decimal":
      return decimal(type.precision, type.scale);
    case "string":
    case "entity":
    case "ip":
    case "date":
    case "time":
      return { name: "is_text", define: isText };
    case "instant":
      return { name: "is_instant", define: isInstant };
    case "enum": {
      const name = `is_enum_${type.name}`;
      return {
        name,
        define: `# ${type.name}\n${rule(`${name}(value)`, [`value in ${setTerm(type.values)}`])}`,
      };
    }
    case "uuid":
      return {
        name: "is_uuid",
        define: matches(
          "is_uuid",
          "Uuid, in lower case",
          "^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$",
        ),
      };
  }
}

function part(bound: number): string {
  return bound < 0 ? `minus_${-bound}` : String(bound);
}

function wholeNumber(name: string, what: string, min: number, max: number): Guard {
  const lines = ["is_number(value)", `value >= ${min}`, `value <= ${max}`, "floor(value) == value"];
  return { name, define: `# ${what}\n${rule(`${name}(value)`, lines)}` };
}

function decimal(precision: number, scale: number): Guard {
  const name = `is_decimal_${precision}_${scale}`;
  const whole =
    precision === scale
      ? "0"
      : precision - scale === 1
        ? "[0-9]"
        : `(0|[1-9][0-9]{0,${precision - scale - 1}})`;
  const form = scale === 0 ? `^-?${whole}$` : `^-?${whole}[.][0-9]{${scale}}$`;
  const lines = ["is_string(value)", `regex.match(\`${form}\`, value)`, "not regex.match(`^-[0.]*$`, value)"];
  return {
    name,
    define: `# Decimal(${precision}, ${scale}), in canonical form\n${rule(`${name}(value)`, lines)}`,
  };
}

function matches(name: string, what: string, form: string): string {
  return `# ${what}\n${rule(`${name}(value)`, ["is_string(value)", `regex.match(\`${form}\`, value)`])}`;
}

const isText = `# A string that every target can carry\n${rule("is_text(value)", ["is_string(value)", 'not contains(value, "\\u0000")'])}`;

const clock = "T([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9][.][0-9]{6}Z$";
const monthDay = [
  "(0[13578]|1[02])-(0[1-9]|[12][0-9]|3[01])",
  "(0[469]|11)-(0[1-9]|[12][0-9]|30)",
  "02-(0[1-9]|1[0-9]|2[0-8])",
].join("|");
const leapYear = "([0-9]{2}(0[48]|[2468][048]|[13579][26])|(0[48]|[2468][048]|[13579][26])00)";

/** Rego's own parser of times knows only the years 1677 to 2262. */
const isInstant = [
  "# Instant: a real date and time of UTC with microseconds, years 0001 to 9999",
  rule("is_instant(value)", [
    "is_string(value)",
    `regex.match(\`^[0-9]{4}-(${monthDay})${clock}\`, value)`,
    'not startswith(value, "0000")',
  ]),
  "",
  rule("is_instant(value)", ["is_string(value)", `regex.match(\`^${leapYear}-02-29${clock}\`, value)`]),
].join("\n");
