/** What can be asked of a fact, by its type: in words, with the kind of value that it takes, and as text. */
import type { ScalarType, ValueType } from "@wardline/core";
import { isGiven, isTenant } from "./facts.ts";

/** What stands beside a fact: nothing, one value, several, another fact, … */
export type Wanted =
  | "nothing"
  | "value"
  | "values"
  | "fact"
  | "range"
  | "ranges"
  | "network"
  | "networks"
  | "row"
  | "rows"
  | "duration";

export interface Operator {
  readonly id: string;
  /** After the fact. */
  readonly label: string;
  /** After the value. */
  readonly after: string;
  readonly wants: Wanted;
  readonly print: (fact: string, value: string) => string;
  /** The operator that asks the opposite; null: only with `not` before it. */
  readonly opposite: string | null;
}

function operator(
  id: string,
  label: string,
  wants: Wanted,
  print: Operator["print"],
  opposite: string | null = null,
  after = "",
): Operator {
  return { id, label, after, wants, print, opposite };
}

const infix =
  (word: string): Operator["print"] =>
  (fact, value) =>
    `${fact} ${word} ${value}`;
const method =
  (name: string): Operator["print"] =>
  (fact, value) =>
    `${fact}.${name}(${value})`;

export const presence: readonly Operator[] = [
  operator("has", "is given", "nothing", (fact) => `has ${fact}`),
];

const truth = operator("true", "is yes", "nothing", (fact) => fact);

type Order = Readonly<Record<"<" | "<=" | ">" | ">=", string>>;

const amount: Order = { "<": "is below", "<=": "is at most", ">=": "is at least", ">": "is above" };

/** Comparisons where nothing is known of the type. */
export const comparisonWords = { "==": "is", "!=": "is not", ...amount } as const;

/** What can be asked of a set or a text by a method. */
export const methodWords = {
  starts_with: "begins with",
  ends_with: "ends with",
  contains: "contains",
  contains_any: "include any of",
  contains_all: "include all of",
} as const;

const same: readonly Operator[] = (["==", "!="] as const).map((sign) =>
  operator(sign, comparisonWords[sign], "value", infix(sign), sign === "==" ? "!=" : "=="),
);

const oneOf: readonly Operator[] = [
  operator("in list", "is one of", "values", infix("in"), "not in list"),
  operator("not in list", "is none of", "values", infix("not in"), "in list"),
];

const sameFact: readonly Operator[] = [
  operator("== fact", "is the same as", "fact", infix("=="), "!= fact"),
  operator("!= fact", "is not the same as", "fact", infix("!="), "== fact"),
];

const opposites = { "<": ">=", "<=": ">", ">": "<=", ">=": "<" } as const;

function ordered(words: Order): readonly Operator[] {
  const signs = ["<", "<=", ">=", ">"] as const;
  return [
    ...signs.map((sign) => operator(sign, words[sign], "value", infix(sign), opposites[sign])),
    ...signs.map((sign) =>
      operator(`${sign} fact`, words[sign], "fact", infix(sign), `${opposites[sign]} fact`),
    ),
  ];
}

const moment: Order = { "<": "is before", "<=": "is not after", ">=": "is not before", ">": "is after" };
const length: Order = {
  "<": "is shorter than",
  "<=": "is at most",
  ">=": "is at least",
  ">": "is longer than",
};

function fromNow(sign: "<" | "<=" | ">" | ">=", by: "-" | "+", label: string): Operator {
  const [past, future] = [sign === ">" && by === "-", sign === "<" && by === "+"];
  const when = by === "-" ? "ago" : "from now";
  const after = past ? `${when}, or still to come` : future ? `${when}, or past` : when;
  const print = (fact: string, value: string) => `${fact} ${sign} now ${by} ${value}`;
  return operator(`${sign} now ${by}`, label, "duration", print, `${opposites[sign]} now ${by}`, after);
}

// "Less than 14 days ago" would leave out what is still to come, which `> now - 14d` does not; "not more than" leaves it in.
const aroundNow: readonly Operator[] = [
  fromNow("<", "-", "is more than"),
  fromNow(">=", "-", "is not more than"),
  fromNow("<=", "-", "is at least"),
  fromNow(">", "-", "is less than"),
  fromNow(">", "+", "is more than"),
  fromNow("<=", "+", "is not more than"),
  fromNow(">=", "+", "is at least"),
  fromNow("<", "+", "is less than"),
];

const betweenTimes: readonly Operator[] = [
  operator("in range", "is between", "range", infix("in"), "not in range"),
  operator("not in range", "is not between", "range", infix("not in"), "in range"),
  operator("in ranges", "is in one of", "ranges", infix("in"), "not in ranges"),
  operator("not in ranges", "is in none of", "ranges", infix("not in"), "in ranges"),
];

const networks: readonly Operator[] = [
  operator("in network", "is in the network", "network", infix("in"), "not in network"),
  operator("not in network", "is not in the network", "network", infix("not in"), "in network"),
  operator("in networks", "is in one of the networks", "networks", infix("in"), "not in networks"),
  operator("not in networks", "is in none of the networks", "networks", infix("not in"), "in networks"),
];

const belonging: readonly Operator[] = [
  operator("in fact", "belongs to", "fact", infix("in"), "not in fact"),
  operator("not in fact", "does not belong to", "fact", infix("not in"), "in fact"),
  operator("in row", "belongs to the one called", "row", infix("in"), "not in row"),
  operator("not in row", "does not belong to the one called", "row", infix("not in"), "in row"),
  operator("in rows", "belongs to one of those called", "rows", infix("in"), "not in rows"),
  operator("not in rows", "belongs to none of those called", "rows", infix("not in"), "in rows"),
];

function texts(name: keyof typeof methodWords): readonly Operator[] {
  const label = methodWords[name];
  return [
    operator(name, label, "value", method(name)),
    operator(`${name} fact`, label, "fact", method(name)),
  ];
}

const ofText = [...texts("starts_with"), ...texts("ends_with"), ...texts("contains")];

const ofSets: readonly Operator[] = [
  operator("contains", "include", "value", method("contains")),
  operator("contains fact", "include", "fact", method("contains")),
  operator("contains_any", methodWords.contains_any, "values", method("contains_any")),
  operator("contains_all", methodWords.contains_all, "values", method("contains_all")),
  operator("is_empty", "are none", "nothing", (fact) => `${fact}.is_empty`),
];

function scalarOperators(type: ScalarType): readonly Operator[] {
  if (isTenant(type)) return [...sameFact, ...same];
  if (isGiven(type)) return [...sameFact, ...belonging.filter(({ wants }) => wants === "fact")];
  switch (type.kind) {
    case "bool":
      return [truth, ...sameFact, ...same];
    case "int":
    case "decimal":
      return [...same, ...ordered(amount), ...oneOf, ...sameFact];
    case "string":
      return [...same, ...oneOf, ...ofText, ...sameFact];
    case "enum":
    case "uuid":
      return [...same, ...oneOf, ...sameFact];
    case "entity":
      return [...sameFact, ...belonging, ...same];
    case "instant":
      return [...ordered(moment), ...aroundNow, ...same, ...oneOf, ...sameFact];
    case "date":
      return [...ordered(moment), ...same, ...oneOf, ...sameFact];
    case "time":
      return [...betweenTimes, ...ordered(moment), ...same, ...oneOf, ...sameFact];
    case "duration":
      return [...ordered(length), ...same, ...oneOf, ...sameFact];
    case "ip":
      return [...networks, ...same, ...sameFact];
  }
}

/** The operators of a type, the most usual first. */
export function operatorsOf(type: ValueType): readonly Operator[] {
  return type.kind === "set" ? ofSets : scalarOperators(type);
}

/** The words of an operator behind `not`. */
export function negatedLabel({ id, label }: Operator): string {
  if (id === "true") return "is no";
  if (id === "has") return "is not given";
  if (id === "is_empty") return "are some";
  if (label === "is") return "is not";
  if (label.startsWith("is ")) return `is not ${label.slice("is ".length)}`;
  if (label.startsWith("include")) return `do not ${label}`;
  return `is not one that ${label}`;
}
