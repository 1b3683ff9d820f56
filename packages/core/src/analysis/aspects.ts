/** Single things that a decision says, each as a formula over the conditions of its table. They agree with the oracle. */
import { auditLevels, type Obligation } from "../decision/obligation.ts";
import type { Entry, GrantEntry, Pass, Program, RequireEntry, Rule, Table } from "../ir/program.ts";
import { all, always, any, condition, denyGoal, not, permitGoal, type Goal } from "../search/goal.ts";
import { strictness } from "../value/mask.ts";

export interface Aspects {
  readonly permitted: Goal;
  readonly denied: Goal;
  readonly challenged: Goal;
  /** Some forbid denies. */
  readonly forbidden: Goal;
  /** The decision names the rule. */
  readonly names: (rule: string) => Goal;
  /** It is permitted and the field's mask is no stricter than the step. */
  readonly shows: (field: string, step: number) => Goal;
  /** It is permitted with the duty; for an audit with at least its level. */
  readonly obliges: (duty: Obligation) => Goal;
  /** It is challenged, and a rule asks for this. */
  readonly asks: (precondition: Obligation) => Goal;
  /** It is permitted and draws from the limit of the rule. */
  readonly draws: (rule: string) => Goal;
}

export function aspectsOf(program: Program, table: Table): Aspects {
  const permitted = permitGoal(program, table);
  const denied = denyGoal(program, table);
  const challenged = all([not(permitted), not(denied)]);
  const inSome = (of: (pass: PassAspects) => Goal) => any(passes.map(of));
  const inAll = (of: (pass: PassAspects) => Goal) => all(passes.map(of));
  const passes = table.passes.map((pass) => passAspects(program, pass));
  return {
    permitted,
    denied,
    challenged,
    forbidden: inSome((pass) => any(pass.forbids.map(({ denies }) => denies))),
    names: (rule) =>
      any([
        inSome((pass) => any(pass.forbids.filter((f) => f.id === rule).map((f) => f.denies))),
        all([
          permitted,
          inSome((pass) => any(pass.grants.filter((g) => g.id === rule).map((g) => g.counts))),
        ]),
        all([
          challenged,
          inSome((pass) =>
            askedBy(
              pass,
              (id) => id === rule,
              () => true,
            ),
          ),
        ]),
      ]),
    shows: (field, step) => all([permitted, inAll((pass) => shownIn(pass, field, step))]),
    obliges: (duty) => all([permitted, inSome((pass) => obligedIn(pass, duty))]),
    asks: (precondition) => {
      const text = JSON.stringify(precondition);
      return all([
        challenged,
        inSome((pass) =>
          askedBy(
            pass,
            () => true,
            (o) => JSON.stringify(o) === text,
          ),
        ),
      ]);
    },
    draws: (rule) => all([permitted, inSome((pass) => drawnIn(pass, rule))]),
  };
}

interface PassAspects {
  readonly forbids: readonly { readonly id: string; readonly denies: Goal }[];
  readonly grants: readonly {
    readonly id: string;
    readonly entry: GrantEntry;
    /** It grants, met or not. */
    readonly grants: Goal;
    readonly counts: Goal;
  }[];
  readonly requires: readonly {
    readonly id: string;
    readonly entry: RequireEntry;
    readonly applies: Goal;
    readonly binds: Goal;
  }[];
  readonly met: (entry: GrantEntry | RequireEntry, only?: (obligation: Obligation) => boolean) => Goal;
}

function passAspects(program: Program, pass: Pass): PassAspects {
  const ruleOf = (entry: Entry) => program.rules[entry.rule] as Rule;
  const is = (index: number, holds = true) => condition(program, index, holds);
  const home: Goal = { kind: "home", holds: true };
  const floors = pass.grants.filter((grant) => ruleOf(grant).kind === "floor");
  const floored = all([home, any(floors.map((floor) => is(floor.when)))]);
  const tenants = pass.forbids.filter((forbid) => ruleOf(forbid).layer === "tenant");
  const opened = all([is(pass.ceiling), ...tenants.map((forbid) => is(forbid.when, false))]);
  const met: PassAspects["met"] = (entry, only = () => true) =>
    all((entry.preconditions ?? []).filter((p) => only(p.obligation)).map((p) => is(p.met)));
  const unlessFloored = (entry: Entry) => (ruleOf(entry).layer === "platform" ? always : not(floored));
  const unspent = ({ limit }: GrantEntry): Goal =>
    limit === undefined ? always : { kind: "spent", slot: limit.left, holds: false };
  return {
    met,
    forbids: pass.forbids.map((entry) => ({
      id: ruleOf(entry).id,
      denies: all([is(entry.when), unlessFloored(entry)]),
    })),
    grants: pass.grants.map((entry) => {
      const { id, kind } = ruleOf(entry);
      const where = kind === "share" ? not(home) : home;
      const grants = all([where, is(entry.when), unspent(entry), kind === "floor" ? always : opened]);
      return { id, entry, grants, counts: all([grants, met(entry)]) };
    }),
    requires: pass.requires.map((entry) => {
      const applies = is(entry.when);
      return { id: ruleOf(entry).id, entry, applies, binds: all([applies, unlessFloored(entry)]) };
    }),
  };
}

/** A rule that is meant has a precondition that is meant and not met; of grants only where none counts. */
function askedBy(
  pass: PassAspects,
  isMeant: (rule: string) => boolean,
  only: (obligation: Obligation) => boolean,
): Goal {
  const requires = pass.requires.filter(({ id }) => isMeant(id));
  const grants = pass.grants.filter(({ id }) => isMeant(id));
  return any([
    ...requires.map(({ entry, binds }) => all([binds, not(pass.met(entry, only))])),
    all([
      ...pass.grants.map(({ counts }) => not(counts)),
      any(grants.map((grant) => all([grant.grants, not(pass.met(grant.entry, only))]))),
    ]),
  ]);
}

function shownIn(pass: PassAspects, field: string, step: number): Goal {
  const isWithin = ({ effects }: GrantEntry | RequireEntry) =>
    effects.every((effect) => effect.field !== field || strictness(effect.mask) <= step);
  return all([
    any(pass.grants.filter(({ entry }) => isWithin(entry)).map(({ counts }) => counts)),
    ...pass.requires.filter(({ entry }) => !isWithin(entry)).map(({ binds }) => not(binds)),
  ]);
}

function obligedIn(pass: PassAspects, duty: Obligation): Goal {
  const text = JSON.stringify(duty);
  const carries = ({ duties = [] }: GrantEntry | RequireEntry) =>
    duties.some((other) =>
      duty.type === "audit"
        ? other.type === "audit" && auditLevels.indexOf(other.level) >= auditLevels.indexOf(duty.level)
        : JSON.stringify(other) === text,
    );
  return any([
    ...pass.grants.filter(({ entry }) => carries(entry)).map(({ counts }) => counts),
    ...pass.requires.filter(({ entry }) => carries(entry)).map(({ applies }) => applies),
  ]);
}

/** A grant draws where none without a limit counts, and no other with one before it. */
function drawnIn(pass: PassAspects, rule: string): Goal {
  const at = pass.grants.findIndex(({ id }) => id === rule);
  const others = pass.grants.filter(({ entry }, i) => entry.limit === undefined || i < at);
  const drawing = pass.grants.filter(({ id, entry }) => id === rule && entry.limit !== undefined);
  const binding = pass.requires.filter(({ id, entry }) => id === rule && entry.limit !== undefined);
  return any([
    ...drawing.map(({ counts }) => all([counts, ...others.map((other) => not(other.counts))])),
    ...binding.map(({ binds }) => binds),
  ]);
}
