/** What is fixed of each question, as a Rego object for each: rows, facts, and what each rule does beside granting. */
import type { Entry, Pass, Program, Table } from "@wardline/core";
import type { Facts } from "./facts.ts";
import { maskStep } from "./mask-step.ts";
import { questionOf } from "./rules.ts";
import { indent, setTerm, term } from "./text.ts";

export function defineTables(program: Program, facts: Facts): readonly string[] {
  const tables = program.tables.map((table) =>
    [
      `tables[${term(questionOf(table))}] := {`,
      ...tableLines(program, table, facts).flatMap(indent),
      "}",
    ].join("\n"),
  );
  const [first = "tables := {}", ...rest] = tables;
  return [`${said}\n${first}`, ...rest];
}

const said = `# What each kind of principal may ask: the rows, those of them that must be the tenant's, the rules that are asked, the facts that
# must be right; by row and rule the masks as steps, the limits and the duties; the fields in the order of the model, and what is sealed`;

function tableLines(program: Program, table: Table, facts: Facts): readonly string[] {
  const entity = program.model.entities.find((e) => e.name === table.resource);
  if (entity === undefined) throw new RangeError(`no entity ${table.resource}`);
  const rows = table.passes.map((pass) => pass.row);
  const effects = table.passes.flatMap((pass) => termsOf(pass).flatMap((entry) => entry.effects));
  const named = new Set(effects.map((effect) => effect.field));
  const of = (part: Parameters<typeof byRule>[2]) => term(byRule(program, table, part));
  return [
    `"rows": ${term(rows)},`,
    `"owned": ${term(entity.shared === undefined ? rows : [])},`,
    `"rules": ${term(rulesOf(program, table))},`,
    `"facts": ${setTerm(table.slots.map(facts.keyOf))},`,
    `"masks": ${of((entry) => objectOf(entry.effects.map((effect) => [effect.field, maskStep(effect.mask)])))},`,
    `"limits": ${of((entry) => entry.limit?.obligation)},`,
    `"duties": ${of((entry) => entry.duties)},`,
    `"fields": ${term(entity.fields.map((field) => field.name).filter((field) => named.has(field)))},`,
    `"sealed": ${term(table.duties)},`,
  ];
}

/** The ids of the rules that the question asks, in the order of the program. */
function rulesOf(program: Program, table: Table): readonly string[] {
  const asked = new Set(
    table.passes.flatMap((pass) => [...pass.forbids, ...termsOf(pass)].map((entry) => entry.rule)),
  );
  return program.rules.filter((_, i) => asked.has(i)).map((rule) => rule.id);
}

type Terms = Pass["grants"][number] | Pass["requires"][number];

function termsOf(pass: Pass): readonly Terms[] {
  return [...pass.grants, ...pass.requires];
}

/** row → rule → what the rule has there; rules that have nothing are left out. */
function byRule(program: Program, table: Table, part: (entry: Terms) => unknown): object {
  return objectOf(
    table.passes.map((pass) => {
      const had = termsOf(pass).flatMap((entry) => {
        const has = part(entry);
        return has === undefined || isEmpty(has) ? [] : [[idOf(program, entry), has] as const];
      });
      // Invariant: what rules have is kept by rule and row, so a rule stands in a pass at most once.
      const ids = had.map(([id]) => id);
      const twice = ids.find((id, i) => ids.indexOf(id) !== i);
      if (twice !== undefined) throw new RangeError(`the rule ${twice} stands twice for ${pass.row}`);
      return [pass.row, objectOf(had)];
    }),
  );
}

function isEmpty(value: unknown): boolean {
  return typeof value === "object" && value !== null && Object.keys(value).length === 0;
}

function idOf(program: Program, entry: Entry): string {
  const id = program.rules[entry.rule]?.id;
  if (id === undefined) throw new RangeError(`no rule ${entry.rule}`);
  return id;
}

/** Built of entries, so that no name can be a prototype's. */
function objectOf(entries: readonly (readonly [string, unknown])[]): object {
  return Object.fromEntries(entries);
}
