/** `wardline/try`: what is decided, why, what the person would see, and what would change it. Never throws on any request. */
import {
  explain,
  findTable,
  nearestMiss,
  type Change,
  type Decision,
  type Explanation,
  type Obligation,
  type Program,
  type RequestDocument,
  type SourceMap,
} from "@wardline/core";
import type { Snapshot } from "../workspace/snapshot.ts";
import type { TriedMiss, TriedRole, TryAnswer, TryParams } from "./answer.ts";
import { decideByAll, enginesOf, type Engines } from "./engines.ts";
import { opened } from "./opened.ts";
import { withPlainIds } from "./plain-ids.ts";
import { placeAt, placeOfRule } from "./places.ts";
import { rolesFor } from "./roles.ts";
import type { Refused } from "../protocol/requests.ts";
import { seenFields } from "./seen-fields.ts";
import { tracedRules } from "./trace.ts";
import { reasonWords, verdictOf, verdictSentence } from "./verdict.ts";
import { capital, orText, plain } from "../plain-words.ts";
import { obligationWords, ruleName } from "./words.ts";

/** `engines` is given in tests alone. */
export function tryIt(
  snapshot: Snapshot,
  { tenant, request }: TryParams,
  engines?: (program: Program) => Engines,
): TryAnswer | Refused {
  const open = opened(snapshot, tenant);
  if ("refused" in open) return open;
  const { program, sourceMap } = open;
  if (!isAsked(program, request)) return { refused: "Nobody can ask this: choose who, what and which anew." };
  const { faults, moduleSize } = decideByAll(program, request, (engines ?? enginesOf)(program));
  const explanation = explain(program, sourceMap, request);
  const { decision } = explanation;
  const isFault = faults.length > 0;
  const duties = decision.obligations.filter((one) => !isField(one) && !isPrecondition(one));
  const ways = decision.alternatives ?? (decision.outcome === "challenge" ? [decision.obligations] : []);
  return {
    // Invariant: where the engines disagree nothing is permitted.
    outcome: isFault ? "deny" : decision.outcome,
    reason: decision.reason,
    verdict: isFault ? "Internal fault" : verdictOf(decision),
    sentence: isFault
      ? "The engines disagree about this question. Do not rely on this policy before it is looked into."
      : verdictSentence(program, request, decision),
    faults,
    moduleSize,
    why: whyWords(program, explanation),
    asks: ways.map((way) => way.map(obligationWords)),
    duties: duties.map(obligationWords),
    rules: tracedRules(snapshot, program, explanation),
    fields: isFault ? [] : seenFields(program, request, decision),
    ...missesOf(snapshot, program, sourceMap, request, decision),
  };
}

/** An update is asked of the row as it is and as it would be: what is said of one of them alone says so. */
function whyWords(program: Program, { reasons, passes }: Explanation): readonly string[] {
  const said = Map.groupBy(reasons, (reason) => reasonWords(program, reason));
  return [...said].map(([words, all]) => {
    const [only, ...more] = all;
    const row =
      only !== undefined && "row" in only && more.length === 0 && passes.length > 1 ? only.row : null;
    return row === null
      ? words
      : `${words} That is about the record ${row === "prior" ? "as it is" : "as it would be"}.`;
  });
}

function isAsked(program: Program, request: unknown): request is RequestDocument {
  const { principal, action, resource } = (request ?? {}) as Partial<RequestDocument>;
  return (
    typeof principal?.type === "string" &&
    typeof action?.name === "string" &&
    typeof resource?.type === "string" &&
    Array.isArray(principal.roles) &&
    findTable(program, principal.type, action.name, resource.type) !== undefined
  );
}

export function isField({ type }: Obligation): boolean {
  return type === "mask" || type === "hide";
}

export function isPrecondition({ type }: Obligation): boolean {
  return type === "step_up" || type === "approval" || type === "reason";
}

function missesOf(
  snapshot: Snapshot,
  program: Program,
  sourceMap: SourceMap | null,
  request: RequestDocument,
  { outcome }: Decision,
): Pick<TryAnswer, "misses" | "noMiss"> {
  const towards = outcome === "permit" ? "deny" : "permit";
  const found = nearestMiss(program, sourceMap, request, { towards, count: 4, size: 3, states: 2000 });
  if (found === null) return { misses: [], noMiss: null };
  const misses = found.misses.map((miss): TriedMiss => {
    const [first] = miss.changes;
    return {
      text: `Would be ${towards === "permit" ? "allowed" : "refused"} if ${miss.changes.map((change) => changeWords(program, change)).join(" and ")}`,
      place: first === undefined ? null : placeOfChange(snapshot, program, first),
      request: miss.request === null ? null : withPlainIds(program, miss.request as RequestDocument),
    };
  });
  if (misses.length > 0) return { misses, noMiss: null };
  const what = towards === "permit" ? "allow" : "refuse";
  return {
    misses,
    noMiss: found.bounded
      ? `No small change was found that would ${what} it.`
      : `No change of facts would ${what} it.`,
  };
}

function changeWords(program: Program, change: Change): string {
  if (change.kind === "limit")
    return `${change.to ? "something" : "nothing"} were left of the limit of ${ruleName(change.rule)}`;
  const { text, to } = change;
  const atom = program.atoms[change.atom];
  if (atom?.kind === "role") {
    const roles = orText(atom.roles.map(plain));
    return to ? `they had the role ${roles}` : `they did not have the role ${roles}`;
  }
  if (atom?.kind === "has") return `${text.replace(/^has /, "")} were ${to ? "there" : "absent"}`;
  return `\`${text}\` were ${to}`;
}

function placeOfChange(snapshot: Snapshot, program: Program, change: Change) {
  const rule = program.rules.find(({ id }) => id === change.rule);
  const at = change.kind === "atom" ? placeAt(snapshot, change.place, change.text.length) : null;
  return at ?? (rule === undefined ? null : placeOfRule(snapshot, rule));
}

/** `wardline/tryRoles`: the same question of one person for each role, and of one without. */
export function tryRoles(snapshot: Snapshot, { tenant, request }: TryParams): readonly TriedRole[] | Refused {
  const open = opened(snapshot, tenant);
  if ("refused" in open) return open;
  const { program } = open;
  if (!isAsked(program, request)) return { refused: "Nobody can ask this: choose who, what and which anew." };
  const roles = rolesFor(snapshot, program, request.principal.type);
  const people = [
    ...roles.map(({ value, label }) => ({ role: value, label })),
    { role: null, label: "No role" },
  ];
  return people.map(({ role, label }): TriedRole => {
    const asked = { ...request, principal: { ...request.principal, roles: role === null ? [] : [role] } };
    const { decision, faults } = decideByAll(program, asked);
    const { reasons } = explain(program, null, asked);
    const isFault = faults.length > 0;
    return {
      role,
      label: capital(plain(label)),
      outcome: isFault ? "deny" : decision.outcome,
      verdict: isFault ? "Internal fault" : verdictOf(decision),
      why: isFault
        ? faults.join("; ")
        : reasons
            .slice(0, 1)
            .map((reason) => reasonWords(program, reason))
            .join(""),
      effects: isFault ? [] : decision.obligations.filter(isField).map(obligationWords),
      request: asked,
    };
  });
}
