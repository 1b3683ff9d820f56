/** What words mean that no file declares: types, operators, and names that the language gives a meaning in one place alone. */
import { weekdayType } from "@wardline/core";

/** The types of the language. */
export const typeMeanings: Readonly<Record<string, string>> = {
  Bool: "`true` or `false`. In a condition it stands alone: `when context.mfa`.",
  Int: "A whole number within ±(2^53−1); `Int(0..5)` has bounds.",
  Decimal: "An exact decimal number: `Decimal(8, 2)` has at most 8 digits, 2 of them after the point.",
  String: "A text, compared by code point.",
  Instant: "A point in time, in microseconds: `2026-01-01T00:00:00Z`.",
  Date: "A day of the calendar: `2026-01-05`. It is no Instant.",
  Time: "A time of day, in microseconds: `22:00`.",
  Duration: "An exact length of time of one unit: `500ms`, `30s`, `5m`, `8h`, `7d`, `2w`.",
  Period: "A length of time of the calendar: `30d`, `2w`, `6mo`, `6y`.",
  Ip: "An address of version 4 or 6.",
  Uuid: "A UUID, written without quotes.",
  Weekday: "The language's enum of `monday` to `sunday`.",
  Set: "Any number of different values of one type. A set is empty, never absent.",
};

const operatorMeanings: Readonly<Record<string, string>> = {
  "==": "Both are the same. Both sides have one type.",
  "!=": "Both are there and differ.",
  "<": "Is below.",
  "<=": "Is at most.",
  ">": "Is above.",
  ">=": "Is at least.",
  "??": "The value on the right stands in where the left one is absent.",
  "?": "May be absent. A rule asks `has` before it reads it, or writes `?? VALUE`.",
  "..": "From the first to the last. Of times of day the last is not in it.",
};

/** Words of single statements. */
export const statementPartMeanings: Readonly<Record<string, string>> = {
  model: "This file declares the model: what there is, who asks, and where it is stored.",
  platform:
    "As the first word: these are the platform's rules, which bind every tenant. After a role: it is for the platform's own people alone.",
  pack: "This file is a set of forbids and requires that fits any model, in a version.",
  policy: "This file holds the rules of one tenant.",
  for: "Of which model the file is, who can hold a role, or for whom a require is.",
  to: "What follows is what may be done, to whom it is delegated, or how the row would be.",
  tenants: "Those who may assign the roles.",
  from: "The facts that show it.",
  reads: "The action shows rows.",
  creates: "The action makes rows. A rule about it can ask of `next`.",
  updates: "The action changes rows. A rule about it can ask of `prior` and `next`.",
  deletes: "The action removes rows. A rule about it can ask of `prior`.",
  on: "With `act`: every action on these types. In settings: the feature is there.",
  class: "The pack is given a class, such as `#secret`.",
  by: "The rules that must decide it.",
  as: "The reason why it must be denied.",
  deny: "What is asked must be denied.",
  challenge: "What is asked must want something to be proved first.",
  list: "The list of the rows in `over` must be those in `gives`.",
  over: "The rows that there are.",
  gives: "The rows that must be listed, and no other.",
  show: "After `never`: nobody of these sees the field as it is. In a test: the field is shown.",
};

const memberMeanings: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  principal: {
    roles: "The roles of who asks, with those that they extend.",
    tenant: "The tenant that who asks belongs to.",
  },
  resource: { tenant: "The tenant whose row it is." },
  prior: { tenant: "The tenant whose row it is." },
  next: { tenant: "The tenant whose row it would be." },
  clock: {
    time: "The time of day in the tenant's zone.",
    hour: "The hour in the tenant's zone, 0 to 23.",
    weekday: "The day of the week in the tenant's zone: `monday` to `sunday`.",
  },
};

const methodMeanings: Readonly<Record<string, string>> = {
  contains: "Of a set: the value is in it. Of a text: the other text is in it.",
  contains_any: "At least one of the values is in the set.",
  contains_all: "All of the values are in the set.",
  is_empty: "The set has no values.",
  starts_with: "The text begins so, by code point; upper and lower case differ.",
  ends_with: "The text ends so, by code point; upper and lower case differ.",
};

/** Before a colon in an obligation. */
const labelMeanings: Readonly<Record<string, string>> = {
  within: "The evidence may be no older.",
  per: "The length of time in which the limit counts: `second`, `minute`, `hour` or `day`.",
  by: "What the limit counts for: `principal`, `tenant` or `resource`. Without it: `principal`.",
  last: "So many characters at the end are shown.",
  first: "So many characters at the begin are shown.",
};

/** In the parentheses of `audit`. */
const auditMeanings: Readonly<Record<string, string>> = {
  decision: "That it was decided is put on record.",
  fields: "That it was decided is put on record, with the names of the fields.",
  full: "That it was decided is put on record, with the ids of the rows and all facts.",
};

const reasonMeanings: Readonly<Record<string, string>> = {
  not_granted: "Nothing grants it.",
  forbidden: "A `forbid` matches.",
  out_of_scope: "Row and principal are of different tenants.",
  invalid_input: "The request itself is improper.",
};

/** Of an instance in a test. */
const instanceMeanings: Readonly<Record<string, string>> = {
  roles: "The roles that it holds.",
  in: "What it stands directly below.",
  tenant: "The tenant that it belongs to; without it the policy's own.",
};

const settingMeanings: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  isolation: {
    pool: "The tenant's rows stand in tables with those of others.",
    schema: "The tenant has a schema of its own in a database with others.",
    database: "The tenant has a database of its own.",
  },
};

/** What the word at an index of a text's words means there; undefined where the language gives it no meaning. */
export function meaningInPlace(words: readonly string[], index: number): string | undefined {
  const word = words[index] ?? "";
  const [before, earlier, after] = [words[index - 1], words[index - 2], words[index + 1]];
  const of = (table: Readonly<Record<string, string>> | undefined) =>
    table !== undefined && Object.hasOwn(table, word) ? table[word] : undefined;
  const members = (owner: string | undefined) =>
    owner !== undefined && Object.hasOwn(memberMeanings, owner) ? memberMeanings[owner] : undefined;
  if (before === ".") return of(members(earlier)) ?? of(methodMeanings);
  if (before === "@") return word === "control" ? "The control that the next rule is for." : undefined;
  if (word === "@") return after === "control" ? "The control that the next rule is for." : undefined;
  if (after === ":") return of(isInBraces(words, index) ? instanceMeanings : labelMeanings);
  if (before === "as") return of(reasonMeanings);
  if (before === "(" && earlier === "audit") return of(auditMeanings);
  if (before === "via" && word === "session") return "What it stands below comes with the session.";
  if (before === ":" && earlier !== undefined && Object.hasOwn(settingMeanings, earlier))
    return of(settingMeanings[earlier]);
  if (word === "off" && before === ":") return "The feature is not there.";
  return weekdayType.values.includes(word)
    ? "A value of the language's enum `Weekday`."
    : of(operatorMeanings);
}

/** True where the innermost bracket that is open is a brace. */
function isInBraces(words: readonly string[], index: number): boolean {
  let depth = 0;
  for (let at = index - 1; at >= 0; at -= 1) {
    const word = words[at] ?? "";
    if (")]}".includes(word)) depth += 1;
    else if ("([{".includes(word)) {
      if (depth === 0) return word === "{";
      depth -= 1;
    }
  }
  return false;
}
