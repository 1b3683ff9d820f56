/** The words of a question about access: which names of a policy and its model they are. */
import { nearest } from "@wardline/compiler";
import type { AccessAxes } from "./access-axes.ts";

export type SearchTerm =
  | { readonly kind: "role" | "principal" | "action" | "resource" | "rule"; readonly name: string }
  | { readonly kind: "access"; readonly name: "always" | "sometimes" | "never" }
  | { readonly kind: "abroad"; readonly name: string };

/** Names in the form in which they are compared. */
export function termsOf({ who, columns, rules }: AccessAxes): ReadonlyMap<string, readonly SearchTerm[]> {
  const terms: readonly SearchTerm[] = [
    ...unique(who.flatMap(({ role }) => role ?? [])).map((name) => ({ kind: "role", name }) as const),
    ...unique(who.map(({ principal }) => principal)).map((name) => ({ kind: "principal", name }) as const),
    ...unique(columns.map(({ action }) => action)).map((name) => ({ kind: "action", name }) as const),
    ...unique(columns.map(({ resource }) => resource)).map((name) => ({ kind: "resource", name }) as const),
    ...rules.map(({ id }) => ({ kind: "rule", name: id }) as const),
    ...accessWords,
  ];
  const short = rules.map(
    ({ id }) => [fold(id.slice(id.lastIndexOf("/") + 1)), { kind: "rule", name: id }] as const,
  );
  const pairs: readonly (readonly [string, SearchTerm])[] = [
    ...terms.map((term) => [fold(term.name), term] as const),
    ...short,
    ["conditional", { kind: "access", name: "sometimes" }],
    ["abroad", { kind: "abroad", name: "abroad" }],
    ["anothertenant", { kind: "abroad", name: "abroad" }],
  ];
  const known = new Map<string, SearchTerm[]>();
  for (const [key, term] of pairs) known.set(key, [...(known.get(key) ?? []), term]);
  return known;
}

const accessWords = [
  { kind: "access", name: "always" },
  { kind: "access", name: "sometimes" },
  { kind: "access", name: "never" },
] as const;

/** Words that join names and mean nothing by themselves. */
const joining = new Set(
  "a all an and any anybody anyone anything are as be by can could do does everybody everyone for from have has in is it may me not of on or role roles rule rules show someone that the their them they thing things to what when where which who whom whose why with without".split(
    " ",
  ),
);

/** The longest runs of words that name something; what is left is looked for in what rules say of themselves. */
export function readWords(
  text: string,
  known: ReadonlyMap<string, readonly SearchTerm[]>,
  { rules }: AccessAxes,
) {
  const words = text.split(/[^\p{L}\p{N}_/-]+/u).filter((word) => word !== "");
  const terms: SearchTerm[] = [];
  const unknown: { word: string; nearest: string | null }[] = [];
  for (let at = 0; at < words.length;) {
    const run = [3, 2, 1].find(
      (count) => at + count <= words.length && find(known, words.slice(at, at + count)) !== undefined,
    );
    const word = words[at] as string;
    if (run !== undefined) {
      const all = find(known, words.slice(at, at + run)) ?? [];
      // What names something of the model and a rule as well is the former.
      const ofModel = all.filter(({ kind }) => kind !== "rule");
      const found = ofModel.length > 0 ? ofModel : all;
      // A joining word counts only where it is the whole name of something, and not of a rule.
      const isJoining = run === 1 && joining.has(word.toLowerCase());
      terms.push(...(isJoining ? [] : found));
      at += run;
      continue;
    }
    at += 1;
    if (joining.has(word.toLowerCase())) continue;
    const said = rules.filter((rule) => saysOf(rule, word));
    if (said.length > 0) terms.push(...said.map(({ id }) => ({ kind: "rule", name: id }) as const));
    else unknown.push({ word, nearest: nearestName(word, known) });
  }
  return { terms: [...new Map(terms.map((term) => [`${term.kind} ${term.name}`, term])).values()], unknown };
}

/** What the words name together, whether one or several are meant. */
function find(known: ReadonlyMap<string, readonly SearchTerm[]>, words: readonly string[]) {
  const key = fold(words.join(""));
  const found = [key, ...singulars(key)].flatMap((one) => known.get(one) ?? []);
  return found.length === 0 ? undefined : found;
}

function singulars(key: string): readonly string[] {
  return [
    ...(key.endsWith("ies") ? [`${key.slice(0, -3)}y`] : []),
    ...(key.endsWith("es") ? [key.slice(0, -2)] : []),
    ...(key.endsWith("s") ? [key.slice(0, -1)] : []),
  ];
}

function saysOf({ id, because, doc }: AccessAxes["rules"][number], word: string): boolean {
  if (word.length < 3) return false;
  return [id, because, doc].some((text) => text?.toLowerCase().includes(word.toLowerCase()) === true);
}

function nearestName(word: string, known: ReadonlyMap<string, readonly SearchTerm[]>): string | null {
  const names = [...known.values()].flatMap((terms) => terms.map(({ name }) => name));
  return nearest(word, names) ?? nearest(fold(word), names) ?? null;
}

function fold(name: string): string {
  return name.toLowerCase().replaceAll(/[_\s-]/g, "");
}

function unique(names: readonly string[]): readonly string[] {
  return [...new Set(names)];
}
