/** What is fixed of each question, as one Rego object: rows, facts, masks and duties. */
import { strictness, type Program, type Table } from "@wardline/core";
import type { Facts } from "./facts.ts";
import { questionOf } from "./rules.ts";
import { indent, setTerm, term } from "./text.ts";

export function defineTables(program: Program, facts: Facts): string {
  const tables = program.tables.flatMap((table) => [
    `${term(questionOf(table))}: {`,
    ...tableLines(program, table, facts).flatMap(indent),
    "},",
  ]);
  const body =
    tables.length === 0 ? "tables := {}" : ["tables := {", ...tables.flatMap(indent), "}"].join("\n");
  return `# What each kind of principal may ask: the rows, the facts that must be right, the masks of the rules by their\n# strictness, the fields in the order of the model, and the duties\n${body}`;
}

function tableLines(program: Program, table: Table, facts: Facts): readonly string[] {
  const masks = masksOf(program, table);
  const named = new Set(
    Object.values(masks).flatMap((rows) => Object.values(rows).flatMap((fields) => Object.keys(fields))),
  );
  const entity = program.model.entities.find((e) => e.name === table.resource);
  if (entity === undefined) throw new RangeError(`no entity ${table.resource}`);
  const fields = entity.fields.map((field) => field.name).filter((field) => named.has(field));
  return [
    `"rows": ${term(table.passes.map((pass) => pass.row))},`,
    `"facts": ${setTerm(table.slots.map(facts.nameOf))},`,
    `"masks": ${term(masks)},`,
    `"fields": ${term(fields)},`,
    `"duties": ${term(table.duties)},`,
  ];
}

type Masks = Readonly<Record<string, Readonly<Record<string, Readonly<Record<string, number>>>>>>;

/** rule → row → field → step on the ladder. Built of entries, so that no name can be a prototype's. */
function masksOf(program: Program, table: Table): Masks {
  const rules = new Map<string, Map<string, Record<string, number>>>();
  for (const pass of table.passes)
    for (const entry of [...pass.grants, ...pass.requires]) {
      const fields = Object.fromEntries(
        entry.effects.map((effect) => [effect.field, strictness(effect.mask)]),
      );
      if (Object.keys(fields).length === 0) continue;
      const id = program.rules[entry.rule]?.id;
      if (id === undefined) throw new RangeError(`no rule ${entry.rule}`);
      // Invariant: masks are kept by rule and row, so a rule stands in a pass at most once.
      if (rules.get(id)?.has(pass.row) === true)
        throw new RangeError(`the rule ${id} stands twice for ${pass.row}`);
      const rows = rules.get(id) ?? new Map<string, Record<string, number>>();
      rules.set(id, rows.set(pass.row, fields));
    }
  return Object.fromEntries([...rules].map(([id, rows]) => [id, Object.fromEntries(rows)]));
}
