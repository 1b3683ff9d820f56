/** Columns whose plaintext is on its way to be sealed, and has not come to its end. */
import {
  adoptionNames,
  isAdoptionColumn,
  isAdoptionTrigger,
  isAsideColumn,
} from "../../keys/adopt/adoption-names.ts";
import { adoptionFunction } from "../../keys/adopt/adoption-ddl.ts";
import { controlSchema } from "../../schema/identifier.ts";
import { relationName, type RelationFacts } from "../catalogue.ts";
import { modelTables, type DoctorLint, type Examined, type Found } from "../lint.ts";

const onColumn = (table: RelationFacts, column: string, message: string): Found => ({
  object: { kind: "column", name: `${relationName(table)}.${column}` },
  message,
});

/** Columns of ours, each with what is wrong with its triggers. */
function* adoptionColumns(
  at: Examined,
): Generator<{ readonly table: RelationFacts; readonly name: string; readonly faults: readonly string[] }> {
  for (const { table } of modelTables(at))
    for (const { name } of table.columns)
      if (isAdoptionColumn(name) && !name.startsWith("wardline_bidx_"))
        yield { table, name, faults: triggerFaults(table, name) };
}

function triggerFaults({ triggers }: RelationFacts, name: string): readonly string[] {
  return (isAsideColumn(name) ? ["replace"] : ["insert", "update"]).flatMap((when) => {
    const trigger = triggers.find(
      (it) => isAdoptionTrigger(it.name) && it.name.endsWith(`_${when}_${name.slice(-16)}`),
    );
    if (trigger === undefined) return [`its trigger for ${when} is not there`];
    if (trigger.enabled !== "A") return [`its trigger for ${when} is off`];
    return trigger.calls === `${controlSchema}.${adoptionFunction}`
      ? []
      : [`its trigger for ${when} calls ${trigger.calls}`];
  });
}

export const halfAdopted: DoctorLint = {
  code: "doctor/half-adopted",
  severity: "warning",
  summary: "Plaintext stands beside the sealed cells that are made of it.",
  why: "Whoever reads the table, a backup or a replica reads it. Nothing that is sealed is safer than its plaintext, and shredding a tenant does not reach it.",
  cure: "take `wardline keys adopt` to its end: `--switch`, then `--drop-plaintext`; or `--abort` before the switch",
  *find(at) {
    for (const { table, name, faults } of adoptionColumns(at)) {
      if (faults.length > 0) continue;
      const of = ofColumn(table, name) ?? "a column";
      yield onColumn(
        table,
        name,
        isAsideColumn(name)
          ? `it is the plaintext of ${of}, which is sealed`
          : `it is to take the place of ${of}`,
      );
    }
  },
};

export const brokenAdoption: DoctorLint = {
  code: "doctor/broken-adoption",
  severity: "error",
  summary: "A trigger of an adoption is gone, off, or not what it was.",
  why: "What the application writes is then not sealed anew, and the switch would bring back an older value; or the plaintext of a value that was changed is kept.",
  cure: "before the switch `keys adopt --abort`, and begin anew; after it `keys adopt --drop-plaintext`",
  *find(at) {
    for (const { table, name, faults } of adoptionColumns(at))
      for (const fault of faults) yield onColumn(table, name, fault);
  },
};

/** The column that one of ours belongs to. */
function ofColumn(table: RelationFacts, name: string): string | undefined {
  return table.columns.find((column) => {
    const { sealed, aside } = adoptionNames(table.name, column.name);
    return name === sealed || name === aside;
  })?.name;
}
