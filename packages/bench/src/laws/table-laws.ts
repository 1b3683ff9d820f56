/** Laws of one table: merging, challenges, updates. The program is changed, never how it is decided. */
import {
  auditLevels,
  findTable,
  strictest,
  valueAt,
  type Decision,
  type Obligation,
  type Pass,
  type Program,
  type Table,
} from "@wardline/core";
import { randomFrom, type Random } from "@wardline/core/testing";
import { severity, shownOf } from "./compare.ts";
import type { Law } from "./law.ts";

export const merging: Law = {
  name: "merging is idempotent and commutative",
  check: (subject) => {
    const { made, program, requests, decisions, engine } = subject;
    const random = randomFrom(made.seed, "merging");
    const mixed = { ...program, tables: program.tables.map((table) => mixedTable(random, table)) };
    for (const [at, { request }] of requests.entries()) {
      const [own, other] = [decisions[at] as Decision, engine.evaluate(mixed, request)];
      if (JSON.stringify(own) !== JSON.stringify(other))
        return { what: "another order of rules, another decision", request, decisions: [own, other] };
      const keys = own.obligations.map(keyOf);
      if (new Set(keys).size < keys.length)
        return { what: "an obligation stands twice", request, decisions: [own] };
    }
    return null;
  },
};

/** Two obligations of one key are one. */
function keyOf(one: Obligation): string {
  if (one.type === "audit") return "audit";
  return one.type === "mask" || one.type === "hide" ? `field ${one.field}` : JSON.stringify(one);
}

function mixedTable(random: Random, table: Table): Table {
  const mix = <T>(entries: readonly T[]): readonly T[] => {
    const again = random.some(entries, random.between(0, entries.length));
    return random.some([...entries, ...again], entries.length + again.length);
  };
  const passes = table.passes.map((pass) => ({
    ...pass,
    forbids: mix(pass.forbids),
    grants: mix(pass.grants),
    requires: mix(pass.requires),
  }));
  return { ...table, passes };
}

export const challenges: Law = {
  name: "a challenge whose alternatives are met becomes a permit, and none of them asks too much",
  check: ({ program, requests, decisions, engine }) => {
    for (const [at, { request }] of requests.entries()) {
      const own = decisions[at] as Decision;
      const table = tableOf(program, request);
      if (own.outcome !== "challenge" || table === undefined) continue;
      const alternatives = own.alternatives ?? [own.obligations];
      const withMet = (met: readonly Obligation[]) =>
        engine.evaluate(met.length === 0 ? program : withoutMet(program, table, met), request);
      for (const wanted of alternatives) {
        const granted = withMet(wanted);
        if (granted.outcome !== "permit")
          return {
            what: "an alternative is met and nothing is permitted",
            request,
            decisions: [own, granted],
          };
        const idle = wanted.find(
          (one) =>
            !wanted.some((other) => other !== one && covers(other, one)) &&
            withMet(wanted.filter((other) => other !== one)).outcome === "permit",
        );
        if (idle !== undefined)
          return { what: `${JSON.stringify(idle)} is asked for and not needed`, request, decisions: [own] };
      }
      const all = preconditionsOf(table);
      const missed =
        all.length <= 6 && alternatives.length < 16
          ? subsetsOf(all).find(
              (met) =>
                withMet(met).outcome === "permit" &&
                !alternatives.some((wanted) =>
                  wanted.every((one) => met.some((other) => covers(other, one))),
                ),
            )
          : undefined;
      if (missed !== undefined)
        return { what: `not listed: ${JSON.stringify(missed)}`, request, decisions: [own] };
    }
    return null;
  },
};

/** Who has met the first has met the second. */
function covers(a: Obligation, b: Obligation): boolean {
  const bare = (one: Obligation) => JSON.stringify({ ...one, within: 0 });
  const within = (one: Obligation) => ("within" in one ? (one.within ?? Infinity) : Infinity);
  return bare(a) === bare(b) && within(a) <= within(b);
}

function preconditionsOf(table: Table): readonly Obligation[] {
  const all = table.passes.flatMap((pass) =>
    [...pass.grants, ...pass.requires].flatMap((entry) => entry.preconditions ?? []),
  );
  return [...new Map(all.map(({ obligation }) => [JSON.stringify(obligation), obligation])).values()];
}

function subsetsOf<T>(all: readonly T[]): readonly (readonly T[])[] {
  return all.reduce<readonly (readonly T[])[]>(
    (sets, one) => [...sets, ...sets.map((set) => [...set, one])],
    [[]],
  );
}

/** The program as it would be if the obligations were met: what they cover is not asked. */
function withoutMet(program: Program, table: Table, met: readonly Obligation[]): Program {
  const unmet = <E extends Pass["requires"][number] | Pass["grants"][number]>(entry: E): E => ({
    ...entry,
    preconditions: (entry.preconditions ?? []).filter(
      ({ obligation }) => !met.some((one) => covers(one, obligation)),
    ),
  });
  const passes = table.passes.map((pass) => ({
    ...pass,
    grants: pass.grants.map(unmet),
    requires: pass.requires.map(unmet),
  }));
  return withTable(program, { ...table, passes });
}

export const updates: Law = {
  name: "of the two rows of an update the more severe outcome stands, with the obligations of both",
  check: ({ program, requests, decisions, engine }) => {
    for (const [at, { request }] of requests.entries()) {
      const own = decisions[at] as Decision;
      const table = tableOf(program, request);
      if (table === undefined || table.passes.length < 2) continue;
      if (own.reason === "invalid_input" || own.reason === "out_of_scope") continue;
      const each = table.passes.map((pass) =>
        engine.evaluate(withTable(program, { ...table, passes: [pass] }), request),
      );
      const what = unlike(own, each);
      if (what !== null) return { what, request, decisions: [own, ...each] };
    }
    return null;
  },
};

function unlike(own: Decision, each: readonly Decision[]): string | null {
  if (severity(own) !== Math.max(...each.map(severity))) return "not the more severe outcome";
  const reasons = ["forbidden", "not_granted"].filter((reason) => each.some((one) => one.reason === reason));
  if (own.outcome === "deny") return own.reason === reasons[0] ? null : "not the first reason";
  if (own.outcome === "challenge") return null;
  const shown = each.map(shownOf);
  const fields = new Set([...shown, shownOf(own)].flatMap((masks) => [...masks.keys()]));
  for (const field of fields) {
    const wanted = strictest(shown.map((masks) => masks.get(field) ?? { kind: "show" }));
    const got = shownOf(own).get(field) ?? { kind: "show" };
    if (JSON.stringify(wanted) !== JSON.stringify(got)) return `\`${field}\` is not shown as in both`;
  }
  const others = (decisions: readonly Decision[]) =>
    decisions.flatMap((decision) => decision.obligations.filter((o) => !["mask", "hide"].includes(o.type)));
  const [mine, theirs] = [others([own]), others(each)];
  const levels = theirs.map((o) => (o.type === "audit" ? auditLevels.indexOf(o.level) : -1));
  const wanted = new Set(
    theirs
      .filter((o) => o.type !== "audit" || auditLevels.indexOf(o.level) === Math.max(...levels))
      .map((o) => JSON.stringify(o)),
  );
  return mine.length === wanted.size && mine.every((o) => wanted.has(JSON.stringify(o)))
    ? null
    : "not the duties of both";
}

function tableOf(program: Program, request: unknown): Table | undefined {
  const text = (...path: readonly string[]) => String(valueAt(request, path));
  return findTable(program, text("principal", "type"), text("action", "name"), text("resource", "type"));
}

function withTable(program: Program, table: Table): Program {
  const isSame = (other: Table) =>
    other.principal === table.principal && other.action === table.action && other.resource === table.resource;
  return { ...program, tables: program.tables.map((other) => (isSame(other) ? table : other)) };
}
