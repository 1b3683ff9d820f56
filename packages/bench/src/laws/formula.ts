/** The decision as the language's page writes it down: formulas over conditions, fields and duties, one row at a time. */
import {
  conditionHolds,
  findTable,
  readFacts,
  strictness,
  valueAt,
  type Decision,
  type Entry,
  type Facts,
  type GrantEntry,
  type Mask,
  type Outcome,
  type Pass,
  type Program,
  type RequireEntry,
  type Rule,
} from "@wardline/core";
import { shownOf } from "./compare.ts";
import type { Law } from "./law.ts";

export const formula: Law = {
  name: "the outcome and the fields that are shown are what the formula says",
  check: ({ program, requests, decisions }) => {
    for (const [at, { request }] of requests.entries()) {
      const own = decisions[at] as Decision;
      if (own.reason === "invalid_input") continue;
      const said = saidOf(program, request);
      if (said.outcome !== own.outcome)
        return { what: `the formula says ${said.outcome}`, request, decisions: [own] };
      if (own.outcome !== "permit") continue;
      const shown = shownOf(own);
      for (const [field, mask] of said.fields)
        if (JSON.stringify(shown.get(field) ?? show) !== JSON.stringify(mask))
          return { what: `the formula shows \`${field}\` by ${mask.kind}`, request, decisions: [own] };
      const other = [...shown.keys()].find((field) => !said.fields.has(field));
      if (other !== undefined) return { what: `the formula shows \`${other}\``, request, decisions: [own] };
    }
    return null;
  },
};

const show: Mask = { kind: "show" };

interface Said {
  readonly outcome: Outcome;
  /** The fields that some rule which counts names. */
  readonly fields: ReadonlyMap<string, Mask>;
}

function saidOf(program: Program, request: unknown): Said {
  const text = (...path: readonly string[]) => String(valueAt(request, path));
  const table = findTable(
    program,
    text("principal", "type"),
    text("action", "name"),
    text("resource", "type"),
  );
  const facts = table === undefined ? undefined : readFacts(program, table, request);
  const denied: Said = { outcome: "deny", fields: new Map() };
  if (table === undefined || facts === undefined) return denied;
  const here = text("tenant", "id");
  const isShared = program.model.entities.some((entity) => entity.name === table.resource && entity.shared);
  const owned = isShared ? [] : table.passes;
  if (here !== program.tenant || owned.some((pass) => text(pass.row, "tenant") !== here)) return denied;
  const home = text("principal", "tenant") === here;
  const rows = table.passes.map((pass) => saidOfPass(program, pass, facts, home));
  const outcome = (["deny", "challenge", "permit"] as const).find((one) =>
    rows.some((row) => row.outcome === one),
  );
  const named = new Set(rows.flatMap((row) => [...row.fields.keys()]));
  return {
    outcome: outcome ?? "deny",
    fields: new Map([...named].map((f) => [f, most(rows.map((row) => row.fields.get(f) ?? show))])),
  };
}

function saidOfPass(program: Program, pass: Pass, facts: Facts, home: boolean): Said {
  const holds = (condition: number) => conditionHolds(program, condition, facts);
  const ruleOf = (entry: Entry) => program.rules[entry.rule] as Rule;
  const matching = <E extends Entry>(entries: readonly E[]) => entries.filter((entry) => holds(entry.when));
  const met = (entry: GrantEntry | RequireEntry) => (entry.preconditions ?? []).every((p) => holds(p.met));
  const left = (entry: GrantEntry | RequireEntry) =>
    entry.limit === undefined || facts.get(entry.limit.left) !== 0;
  const [floors, permits, shares] = (["floor", "permit", "share"] as const).map((kind) =>
    matching(pass.grants.filter((grant) => ruleOf(grant).kind === kind)),
  ) as [GrantEntry[], GrantEntry[], GrantEntry[]];
  const forbids = matching(pass.forbids);
  const forbidden = (layer: Rule["layer"]) => forbids.some((forbid) => ruleOf(forbid).layer === layer);
  const open = holds(pass.ceiling) && !forbidden("tenant");
  const floored = home && floors.length > 0;
  const grants = [...(home ? floors : []), ...(open ? (home ? permits : shares) : [])].filter(left);
  const requires = matching(pass.requires).filter(
    (require) => !floored || ruleOf(require).layer === "platform",
  );
  const denied = forbidden("platform") || grants.length === 0 || !requires.every(left);
  const counted = grants.filter(met);
  const asks = counted.length === 0 || !requires.every(met);
  const named = new Set([...counted, ...requires].flatMap((entry) => entry.effects.map((e) => e.field)));
  const maskIn = (entry: GrantEntry | RequireEntry, field: string) =>
    entry.effects.find((effect) => effect.field === field)?.mask ?? show;
  return {
    outcome: denied ? "deny" : asks ? "challenge" : "permit",
    fields: new Map(
      [...named].map((field) => [
        field,
        most([least(counted.map((g) => maskIn(g, field))), ...requires.map((r) => maskIn(r, field))]),
      ]),
    ),
  };
}

/** Of equally mild ones that differ none is shown. */
function least(masks: readonly Mask[]): Mask {
  const [first = show, ...rest] = masks.toSorted((a, b) => strictness(a) - strictness(b));
  const equal = rest.filter((mask) => strictness(mask) === strictness(first));
  return equal.every((mask) => mask.kind === first.kind) ? first : { kind: "redact" };
}

function most(masks: readonly Mask[]): Mask {
  const clash = masks.some((a) => masks.some((b) => a.kind !== b.kind && strictness(a) === strictness(b)));
  const all: readonly Mask[] = clash ? [...masks, { kind: "redact" }] : masks;
  return all.toSorted((a, b) => strictness(b) - strictness(a))[0] ?? show;
}
