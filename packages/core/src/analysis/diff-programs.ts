/**
 * What access changes between two versions of a tenant's program. Every difference has a witness, a request that both
 * versions take and answer differently. It searches; that it finds nothing proves nothing, but of tables that are equal.
 */
import type { Decision } from "../decision/decision.ts";
import type { RequestDocument } from "../decision/request.ts";
import { evaluate } from "../evaluate/evaluate.ts";
import { findTable, type Program, type Table } from "../ir/program.ts";
import { conditionsOf } from "../ir/reads.ts";
import { boundaryDrafts, probesOf } from "../search/boundary-requests.ts";
import type { Draft } from "../search/facts.ts";
import type { Goal } from "../search/goal.ts";
import { requestFrom } from "../search/request-from.ts";
import { searchSpace, walkerOf } from "../search/search-requests.ts";
import { simplify } from "../search/simplify.ts";
import { spaceOf } from "../search/space.ts";
import { accessChange, type AccessChange } from "./access-change.ts";
import { modelChanges, type ModelChange } from "./model-changes.ts";
import { grantGoals, pairGoals } from "./pair-goals.ts";
import { pairOf, type Pair } from "./pair.ts";

export interface DiffOptions {
  readonly seed: number;
  /** How many walks are made at most for each thing that may differ; 4 where it is left out. */
  readonly tries?: number;
  /** How many boundary requests are tried at most in each table that differs; 160 where it is left out. */
  readonly probes?: number;
}

/** One change of access: all requests of a kind that the same rules let change, with one of them. */
export interface AccessDifference extends AccessChange {
  readonly principal: string;
  readonly action: string;
  readonly resource: string;
  /** Both programs take it; it is as ordinary as it can be. */
  readonly witness: RequestDocument;
  /** The decisions on the witness. */
  readonly before: Decision;
  readonly after: Decision;
  /** How many of the requests that were tried are of this kind. */
  readonly seen: number;
}

export interface ProgramDiff {
  /** By table, in the order of the programs; what is gained first, then what is lost. */
  readonly differences: readonly AccessDifference[];
  /** Tables and enums that only one program has, and facts that no request can hold for both. */
  readonly model: readonly ModelChange[];
  /** How many requests were tried in the tables that differ. */
  readonly tried: number;
}

/** Compares two programs of one tenant. Throws a RangeError for programs of two. The same seed gives the same answer. */
export function diffPrograms(before: Program, after: Program, options: DiffOptions): ProgramDiff {
  if (before.tenant !== after.tenant)
    throw new RangeError(`one program is ${before.tenant}'s, the other ${after.tenant}'s`);
  const model = [...modelChanges(before, after)];
  const differences: AccessDifference[] = [];
  let tried = 0;
  for (const table of before.tables) {
    const other = findTable(after, table.principal, table.action, table.resource);
    if (other === undefined) continue;
    const pair = pairOf(before, table, after, other);
    if (pair.isSame) continue;
    for (const path of pair.conflicts)
      model.push({ kind: "fact", name: path, table: tableName(table), in: "both" });
    if (pair.conflicts.length > 0) continue;
    const found = diffTable(before, after, pair, options);
    differences.push(...found.differences);
    tried += found.tried;
  }
  return { differences, model, tried };
}

function tableName({ principal, action, resource }: Table): string {
  return `${principal} ${action} ${resource}`;
}

interface Seen {
  readonly difference: AccessDifference;
  readonly draft: Draft;
}

function diffTable(
  before: Program,
  after: Program,
  pair: Pair,
  { seed, tries = 4, probes = 160 }: DiffOptions,
): { readonly differences: readonly AccessDifference[]; readonly tried: number } {
  const { program } = pair;
  const more = { conditions: conditionsOf(pair.after), slots: pair.after.slots };
  const walker = walkerOf(spaceOf(program, pair.before, more));
  const { principal, action, resource } = pair.before;
  const seen = new Map<string, Seen>();
  let tried = 0;
  const changeAt = (draft: Draft) => {
    const witness = requestFrom(walker.board.space, draft);
    const decisions = [evaluate(before, witness), evaluate(after, witness)] as const;
    const isProper = decisions.every(({ reason }) => reason !== "invalid_input");
    const change = isProper ? accessChange(...decisions) : null;
    return change === null ? null : { change, witness, decisions };
  };
  const look = (draft: Draft): void => {
    tried += 1;
    const at = changeAt(draft);
    if (at === null) return;
    const key = keyOf(at.change);
    const known = seen.get(key);
    const [first, second] = at.decisions;
    const difference: AccessDifference = {
      principal,
      action,
      resource,
      ...at.change,
      witness: known?.difference.witness ?? at.witness,
      before: known?.difference.before ?? first,
      after: known?.difference.after ?? second,
      seen: (known?.difference.seen ?? 0) + 1,
    };
    seen.set(key, { difference, draft: known?.draft ?? draft });
  };
  let goals = 0;
  const follow = (all: Iterable<Goal>) => {
    for (const goal of all) {
      if (goals === maxGoals) return;
      goals += 1;
      searchSpace(walker, goal, { seed: seed + goals, tries, steps: 30 }).drafts.forEach(look);
    }
  };
  follow(pairGoals(pair));
  for (const table of [pair.before, pair.after])
    boundaryDrafts(walker, probesOf(program, table), seed, probes / 2).forEach(look);
  // What shows nowhere else may still show there.
  if (seen.size === 0) follow(grantGoals(pair));
  const plain = leastOf([...seen.values()]).map(({ difference, draft }): AccessDifference => {
    const key = keyOf(difference);
    const simple = changeAt(simplify(walker, draft, (next) => isOf(changeAt(next)?.change, key)));
    if (simple === null) return difference;
    const [first, second] = simple.decisions;
    return { ...difference, witness: simple.witness, before: first, after: second };
  });
  return { differences: plain, tried };
}

/** The most goals that are followed in one table. */
const maxGoals = 400;

function keyOf({ kind, parts, rules, shown }: AccessChange): string {
  return JSON.stringify([kind, parts, rules.before, rules.after, shown.more, shown.less]);
}

function isOf(change: AccessChange | undefined, key: string): boolean {
  return change !== undefined && keyOf(change) === key;
}

const kinds = ["gained", "lost", "other"] as const;

/** Without differences that only name more rules than another of the kind does: these just happen to match as well. */
function leastOf(seen: readonly Seen[]): readonly Seen[] {
  const ofParts = ({ difference: { kind, parts, shown } }: Seen) => JSON.stringify([kind, parts, shown]);
  const within = (less: readonly string[], more: readonly string[]) =>
    less.every((rule) => more.includes(rule));
  const covers = (less: Seen, more: Seen) =>
    ofParts(less) === ofParts(more) &&
    within(less.difference.rules.before, more.difference.rules.before) &&
    within(less.difference.rules.after, more.difference.rules.after);
  return kinds.flatMap((kind) => {
    const some = seen.filter(({ difference }) => difference.kind === kind);
    return some
      .filter((one) => !some.some((other) => other !== one && covers(other, one)))
      .map((one) => {
        const more = some.filter((other) => other !== one && covers(one, other));
        const count = more.reduce((sum, other) => sum + other.difference.seen, one.difference.seen);
        return { ...one, difference: { ...one.difference, seen: count } };
      });
  });
}
