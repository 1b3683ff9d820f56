/** The triggers that the model and the control schema have. */
import { relationName, type TriggerFacts } from "../doctor/catalogue.ts";
import { quoteName } from "../schema/identifier.ts";
import type { Compared } from "./compared.ts";
import type { PlanItem } from "./step.ts";
import { tablesOf } from "./tables.ts";

const firing: Readonly<Record<string, string>> = {
  O: "ENABLE",
  D: "DISABLE",
  R: "ENABLE REPLICA",
  A: "ENABLE ALWAYS",
};

export function* planTriggers(at: Compared): Generator<PlanItem> {
  for (const { right, table, name } of tablesOf(at))
    for (const trigger of right.triggers) {
      const object = { kind: "trigger", name: `${relationName(right)}.${trigger.name}` } as const;
      const there = table?.triggers.find((other) => other.name === trigger.name);
      const stands = there?.definition === trigger.definition;
      // A constraint trigger is the one kind that can't be replaced.
      if (!stands && there !== undefined && isConstraint(trigger))
        yield { object, sql: `DROP TRIGGER ${quoteName(trigger.name)} ON ${name}` };
      if (!stands) yield { object, sql: replace(trigger) };
      if ((stands ? there.enabled : "O") !== trigger.enabled)
        yield {
          object,
          sql: `ALTER TABLE ${name} ${firing[trigger.enabled]} TRIGGER ${quoteName(trigger.name)}`,
        };
    }
}

const isConstraint = ({ definition }: TriggerFacts) => definition.startsWith("CREATE CONSTRAINT TRIGGER");

function replace({ definition }: TriggerFacts): string {
  return definition.replace(/^CREATE TRIGGER/, "CREATE OR REPLACE TRIGGER");
}
