/** Requests for generated programs, most of them well formed, and JSON texts that say the same in hostile ways. */
import type { Choose } from "./choose.ts";
import { actionNames, roleNames, rowsOfAction } from "./generated-program.ts";
import { fields, hostile, samples, type ScalarName } from "./library.ts";

export function generatedRequest(choose: Choose): unknown {
  const action = choose.one(actionNames);
  const row = () => ({
    id: choose.one(samples.holder),
    tenant: tenant(choose),
    attributes: attributes(choose),
  });
  const rows = Object.fromEntries(rowsOfAction(action).map((name) => [name, row()]));
  const ids = [...samples.holder, ...samples.branch];
  const above = () => ({ Member: choose.some(ids, 3), Branch: choose.some(ids, 3) });
  const places = ["principal", "resource", "prior", "next"].flatMap((root) => [root, `${root}.holder`]);
  const request = {
    tenant: { id: "north", attributes: attributes(choose) },
    principal: {
      type: choose.one(["Member", "Guest"]),
      id: choose.one(samples.holder),
      tenant: tenant(choose),
      roles: choose.some(roleNames, 3),
      attributes: attributes(choose),
    },
    action: { name: action },
    ...rows,
    resource: { type: choose.one(["Book", "Loan"]), ...rows["resource"] },
    context: attributes(choose),
    ancestors: Object.fromEntries(places.map((place) => [place, above()])),
    relations: {
      trusts: Array.from({ length: choose.below(4) }, () => ({
        from: choose.one(samples.holder),
        to: choose.one(samples.holder),
      })),
    },
    now: choose.one(samples.due),
  };
  return choose.chance(25) ? damaged(choose, request) : request;
}

function tenant(choose: Choose): string {
  return choose.chance(96) ? "north" : "south";
}

/** Now and then an attribute is malformed, but not so often that most requests are. */
function attributes(choose: Choose): Readonly<Record<string, unknown>> {
  return Object.fromEntries(
    fields.flatMap(({ name, type, optional }) => {
      if (optional && choose.chance(30)) return choose.chance(50) ? [] : [[name, null]];
      const scalar = name.replace("_set", "") as ScalarName;
      const value = type.kind === "set" ? choose.some(samples[scalar], 4) : choose.one(samples[scalar]);
      return [[name, choose.chance(0.2) ? choose.one(hostile) : value]];
    }),
  );
}

/** One place of a document replaced by something else, removed, or moved under a strange key. */
export function damaged(choose: Choose, value: unknown): unknown {
  if (typeof value !== "object" || value === null || choose.chance(10)) return choose.one(hostile);
  if (Array.isArray(value)) {
    if (value.length === 0) return [choose.one(hostile)];
    const at = choose.below(value.length);
    return value.map((item: unknown, i) => (i === at ? damaged(choose, item) : item));
  }
  const entries: [string, unknown][] = Object.entries(value);
  if (entries.length === 0) return choose.one(hostile);
  const at = choose.below(entries.length);
  const [key, item] = entries[at] as [string, unknown];
  const strange = ["__proto__", "constructor", `${key}\u0000`, `${key} `, `\ud800${key}`];
  const what = choose.below(100);
  if (what < 15) entries.splice(at, 1);
  else entries[at] = what < 28 ? [choose.one(strange), item] : [key, damaged(choose, item)];
  return Object.fromEntries(entries);
}

const spaces = ["", "", "", " ", "\n", "\t\r ", "    "];
const junk = [
  "null",
  "[]",
  "{}",
  '[{"a":[1,2,{"b":null}]}]',
  '"\\ud800"',
  '"\\u0000"',
  "-0.0e-0",
  "1e999",
  '{"id":1,"id":2}',
  '"\u{1F4D6}\\n"',
  "[[[[[]]]]]",
];

/** A JSON text whose meaning is the value: escapes, spaces, keys said twice, unknown keys, numbers in other words. */
export function spelled(choose: Choose, value: unknown): string {
  const gap = () => choose.one(spaces);
  if (typeof value === "string") return spelledText(choose, value);
  if (typeof value === "number") return spelledNumber(choose, value);
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  if (Array.isArray(value))
    return `[${gap()}${value.map((item) => spelled(choose, item) + gap()).join(`,${gap()}`)}]`;
  const members = Object.entries(value).flatMap(([key, item]) => {
    const member = (text: string) => `${spelledText(choose, key)}${gap()}:${gap()}${text}${gap()}`;
    const before = choose.chance(6)
      ? [member(choose.chance(50) ? choose.one(junk) : JSON.stringify(damaged(choose, item)))]
      : [];
    const beside = choose.chance(6) ? [`"unknown${choose.below(9)}":${choose.one(junk)}`] : [];
    return [...before, ...beside, member(spelled(choose, item))];
  });
  return `{${gap()}${members.join(`,${gap()}`)}}`;
}

function spelledText(choose: Choose, text: string): string {
  const plain = JSON.stringify(text);
  if (choose.chance(80)) return plain;
  const escape = (char: string) => {
    const code = char.charCodeAt(0).toString(16).padStart(4, "0");
    return `\\u${choose.chance(50) ? code : code.toUpperCase()}`;
  };
  // Half a pair, or what must be escaped, is escaped everywhere or nowhere.
  const all = plain.length !== text.length + 2 || text.length !== [...text].length;
  return `"${text
    .split("")
    .map((char) => (all || choose.chance(50) ? escape(char) : char))
    .join("")}"`;
}

function spelledNumber(choose: Choose, value: number): string {
  const plain = JSON.stringify(value);
  if (!Number.isSafeInteger(value) || value === 0) return Object.is(value, -0) ? "-0.0" : plain;
  return choose.one([
    plain,
    `${plain}.0`,
    `${plain}e0`,
    `${plain}0e-1`,
    `${plain}.000E+00`,
    `${plain}00000e-0005`,
  ]);
}
