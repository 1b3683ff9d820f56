/** The words of a test that asks requests and expects what was decided of them, from the fullest wording to the plainest. */
import { isReservedWord, requestWords } from "@wardline/compiler";
import { obligationText, type Decision, type Program, type RequestDocument } from "@wardline/core";
import { isField, isPrecondition } from "./try-it.ts";
import { andText, plain, withArticle } from "../plain-words.ts";
import { obligationWords, ruleName } from "./words.ts";

export interface Asked {
  readonly request: RequestDocument;
  readonly decision: Decision;
}

/** How much a wording says: names for people and rows, the rules that decide, what is shown. */
interface Wording {
  readonly names: boolean;
  readonly ids: boolean;
  readonly by: boolean;
  readonly with: boolean;
}

const wordings: readonly Wording[] = [
  { names: true, ids: true, by: true, with: true },
  { names: true, ids: false, by: true, with: true },
  { names: false, ids: true, by: true, with: true },
  { names: false, ids: false, by: true, with: true },
  { names: false, ids: true, by: false, with: true },
  { names: false, ids: false, by: false, with: true },
  { names: false, ids: true, by: false, with: false },
];

/** The parts of a test, a line each, without its braces; the best first. */
export function testWordings(
  program: Program,
  asked: readonly Asked[],
  inner: boolean,
): readonly (readonly string[])[] {
  const all = wordings
    .filter(({ names }) => !(inner && names))
    .map((wording) => partsOf(program, asked, wording));
  return [...new Map(all.map((parts) => [parts.join("\n"), parts])).values()];
}

/** What the words of tests cannot say of the requests. */
export function unsaidOf(program: Program, asked: readonly Asked[]): readonly string[] {
  return [...new Set(asked.flatMap(({ request }) => requestWords(program, request).unsaid))];
}

function partsOf(program: Program, asked: readonly Asked[], wording: Wording): readonly string[] {
  const lets = new Map<string, string>();
  const parts: string[] = [];
  // Where one and the same person is asked about with several roles, nobody is called by the id.
  const shared = new Set(asked.map(({ request }) => JSON.stringify(request.principal.roles))).size > 1;
  const ids = new Set(asked.map(({ request }) => request.principal.id));
  let given: readonly string[] = [];
  for (const { request, decision } of asked) {
    const words = requestWords(program, request);
    const { type, id } = request.principal;
    const who = wording.ids
      ? words.principal
      : words.principal.replace(`${type} ${JSON.stringify(id)}`, type);
    const [row, becomes] = splitUpdate(program, request, words.resource);
    const role = request.principal.roles[0] ?? "somebody";
    const person = wording.names
      ? named(lets, [...(shared && ids.size < asked.length ? [] : [id]), `${role}_person`], who)
      : who;
    const what = wording.names ? named(lets, [rowName(request.resource.type)], row) : row;
    // Relations are given anew after each expectation; the rest holds until it is said otherwise.
    const isRelation = (text: string) => !/^(?:context|tenant|now)\b/.test(text);
    const dropped =
      given.some((text) => text.startsWith("context")) &&
      !words.given.some((text) => text.startsWith("context"));
    for (const text of [...(dropped ? ["context {}"] : []), ...words.given])
      if (isRelation(text) || !given.includes(text)) parts.push(`given ${text}`);
    given = words.given;
    parts.push(
      `expect ${decision.outcome} ${person} to ${words.action} ${what}${becomes}${terms(decision, wording)}`,
    );
  }
  return [...[...lets].map(([name, text]) => `let ${name} = ${text}`), ...parts];
}

/** What an update makes of the row stands after the row. */
function splitUpdate(program: Program, request: RequestDocument, words: string): readonly [string, string] {
  if (request.prior === undefined || request.next === undefined) return [words, ""];
  const asBefore = <T>(of: Readonly<Record<string, T>> | undefined) =>
    Object.fromEntries(
      Object.entries(of ?? {}).map(([key, value]) => [
        key,
        /^next(?=$|\.)/.test(key) ? (of?.[key.replace(/^next/, "prior")] ?? value) : value,
      ]),
    );
  const unchanged: RequestDocument = {
    ...request,
    next: request.prior,
    references: asBefore(request.references),
    ancestors: asBefore(request.ancestors),
  };
  const base = requestWords(program, unchanged).resource;
  return words.startsWith(base) ? [base, words.slice(base.length)] : [words, ""];
}

/** The name of a binding for a text: one of the wishes that is a name, or the text itself. */
function named(lets: Map<string, string>, wishes: readonly string[], text: string): string {
  for (const wish of wishes) {
    if (!/^[a-z][a-z0-9_]*$/.test(wish) || isReservedWord(wish)) continue;
    const known = lets.get(wish);
    if (known !== undefined && known !== text) continue;
    lets.set(wish, text);
    return wish;
  }
  return text;
}

function rowName(type: string): string {
  return type.replaceAll(/(?<=[a-z0-9])(?=[A-Z])/g, "_").toLowerCase();
}

function terms(decision: Decision, wording: Wording): string {
  const { outcome, rules, obligations, reason } = decision;
  const names = [...new Set(rules.map(ruleName))];
  const by = wording.by && names.length > 0 ? ` by ${names.join(", ")}` : "";
  const wanted = obligations.filter((one) => (outcome === "permit" ? isField(one) : isPrecondition(one)));
  const shown = wording.with && wanted.length > 0 ? ` with ${wanted.map(obligationText).join(", ")}` : "";
  return `${by}${shown}${outcome === "deny" && reason !== null ? ` as ${reason}` : ""}`;
}

/** `billing may list a Loan: title is shown as initials`. */
export function titleOf(asked: readonly Asked[]): string {
  const [first, ...more] = asked;
  if (first === undefined) return "nothing";
  if (more.length === 0) return titleOfOne(first);
  const { action, resource } = first.request;
  const may = (outcome: string) =>
    asked.filter(({ decision }) => decision.outcome === outcome).map(({ request }) => whoOf(request));
  const parts = [
    ...some(may("permit"), "may"),
    ...some(may("challenge"), "may after a further step"),
    ...some(may("deny"), "may not"),
  ];
  return `who may ${plain(action.name)} ${withArticle(resource.type)}: ${parts.join(", ")}`;
}

function some(who: readonly string[], may: string): readonly string[] {
  return who.length === 0 ? [] : [`${andText(who)} ${may}`];
}

function titleOfOne({ request, decision }: Asked): string {
  const what = `${plain(request.action.name)} ${withArticle(request.resource.type)}`;
  const who = whoOf(request);
  switch (decision.outcome) {
    case "permit": {
      const effects = decision.obligations.filter(isField).map(obligationWords);
      return `${who} may ${what}${effects.length === 0 ? "" : `: ${andText(effects)}`}`;
    }
    case "challenge":
      return `${who} may ${what} after ${andText(decision.obligations.map(obligationWords))}`;
    case "deny":
      return `${who} may not ${what}${decision.reason === "forbidden" ? `: ${andText(decision.rules.map(ruleName).map(plain))}` : ""}`;
  }
}

function whoOf({ principal }: RequestDocument): string {
  return principal.roles.length === 0 ? "somebody without a role" : principal.roles.map(plain).join(" and ");
}
