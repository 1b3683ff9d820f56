/** What a request has to be for two tables to answer it differently, one thing that a decision says after the other. */
import type { Obligation } from "../decision/obligation.ts";
import type { Entry, GrantEntry, Pass, Program, RequireEntry, Rule } from "../ir/program.ts";
import { all, not, type Goal } from "../search/goal.ts";
import { strictness } from "../value/mask.ts";
import { aspectsOf, type Aspects } from "./aspects.ts";
import type { Pair } from "./pair.ts";

/** Goals each of which shows a difference: first of outcomes, then of what the rules that differ bring about. */
export function* pairGoals(pair: Pair): Iterable<Goal> {
  const differs = differencesIn(pair);
  const [before, after] = [aspectsOf(pair.program, pair.before), aspectsOf(pair.program, pair.after)];
  yield all([before.denied, after.permitted]);
  yield all([before.permitted, after.denied]);
  yield* differs((aspects) => aspects.permitted);
  yield* differs((aspects) => aspects.denied);
  yield* differs((aspects) => aspects.forbidden);
  for (const rule of concernedBy(pair, differingIn(pair))) yield* ruleGoals(rule, differs);
}

/**
 * Goals for what only shows in the grants that a decision names, where what opens or closes the way for them differs.
 */
export function* grantGoals(pair: Pair): Iterable<Goal> {
  const { before, after } = pair;
  const isGate = ({ kind, layer }: Rule) =>
    kind === "ceiling" || kind === "floor" || (kind === "forbid" && layer === "tenant");
  if (!differingIn(pair).some(isGate)) return;
  const grants = [before, after].flatMap(({ passes }) => passes.flatMap((pass) => pass.grants));
  const rules = grants.map((grant) => ruleOf(pair.program, grant));
  for (const rule of concernedBy(pair, rules)) yield* ruleGoals(rule, differencesIn(pair));
}

type Differs = (of: (aspects: Aspects) => Goal) => Iterable<Goal>;

/** What one table says of a request and the other does not, both ways. */
function differencesIn(pair: Pair): Differs {
  const [before, after] = [aspectsOf(pair.program, pair.before), aspectsOf(pair.program, pair.after)];
  return function* (of) {
    const [first, second] = [of(before), of(after)];
    yield all([not(first), second]);
    yield all([first, not(second)]);
  };
}

function* ruleGoals(rule: Concerned, differs: Differs): Iterable<Goal> {
  yield* differs((aspects) => aspects.names(rule.id));
  for (const { field, step } of rule.steps) yield* differs((aspects) => aspects.shows(field, step));
  for (const duty of rule.duties) yield* differs((aspects) => aspects.obliges(duty));
  for (const precondition of rule.preconditions) yield* differs((aspects) => aspects.asks(precondition));
  if (rule.isLimited) yield* differs((aspects) => aspects.draws(rule.id));
}

/** A rule by which the decisions may differ, with what it carries in either table. */
interface Concerned {
  readonly id: string;
  readonly steps: readonly { readonly field: string; readonly step: number }[];
  readonly duties: readonly Obligation[];
  readonly preconditions: readonly Obligation[];
  readonly isLimited: boolean;
}

/** The rules that do not stand alike in both tables. */
function differingIn({ program, before, after }: Pair): readonly Rule[] {
  return before.passes.flatMap((pass, i) => {
    const other = after.passes[i];
    return other === undefined ? [] : differingRules(program, pass, other);
  });
}

function concernedBy({ program, before, after }: Pair, rules: readonly Rule[]): readonly Concerned[] {
  const entries = [before, after].flatMap(({ passes }) => passes.flatMap(entriesOf));
  const byId = Map.groupBy(entries, (entry) => ruleOf(program, entry).id);
  return [...new Set(rules.map(({ id }) => id))].map((id) => concerned(id, byId.get(id) ?? []));
}

function concerned(id: string, entries: readonly Entry[]): Concerned {
  const carrying = entries.filter((entry): entry is GrantEntry | RequireEntry => "effects" in entry);
  const distinct = <T>(items: readonly T[]): readonly T[] => [
    ...new Map(items.map((item) => [JSON.stringify(item), item])).values(),
  ];
  return {
    id,
    steps: distinct(
      carrying.flatMap(({ effects }) =>
        effects.flatMap(({ field, mask }) => [
          { field, step: 0 },
          { field, step: strictness(mask) },
        ]),
      ),
    ),
    duties: distinct(carrying.flatMap(({ duties = [] }) => duties)),
    preconditions: distinct(
      carrying.flatMap(({ preconditions = [] }) => preconditions.map(({ obligation }) => obligation)),
    ),
    isLimited: carrying.some(({ limit }) => limit !== undefined),
  };
}

function differingRules(program: Program, before: Pass, after: Pass): readonly Rule[] {
  const byId = (pass: Pass) => new Map(entriesOf(pass).map((entry) => [ruleOf(program, entry).id, entry]));
  const [firsts, seconds] = [byId(before), byId(after)];
  const text = (entry: Entry | undefined) =>
    entry === undefined ? "" : JSON.stringify({ ...entry, rule: ruleOf(program, entry).kind });
  return [...new Set([...firsts.keys(), ...seconds.keys()])].flatMap((id) => {
    const [first, second] = [firsts.get(id), seconds.get(id)];
    const entry = first ?? second;
    return entry === undefined || text(first) === text(second) ? [] : [ruleOf(program, entry)];
  });
}

function entriesOf(pass: Pass): readonly Entry[] {
  return [...(pass.ceilings ?? []), ...pass.forbids, ...pass.grants, ...pass.requires];
}

function ruleOf(program: Program, entry: Entry): Rule {
  const rule = program.rules[entry.rule];
  if (rule === undefined) throw new RangeError(`no rule ${entry.rule}`);
  return rule;
}
