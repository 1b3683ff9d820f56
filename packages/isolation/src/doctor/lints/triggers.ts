/** What runs beside a statement without being asked for. */
import { adoptionFunction } from "../../keys/adopt/adoption-ddl.ts";
import { isAdoptionTrigger } from "../../keys/adopt/adoption-names.ts";
import { controlSchema } from "../../schema/identifier.ts";
import { relationName } from "../catalogue.ts";
import { modelTables, type DoctorLint } from "../lint.ts";

export const unknownTrigger: DoctorLint = {
  code: "doctor/unknown-trigger",
  severity: "error",
  summary: "A table of the model has a trigger that nobody declared.",
  why: "It can change the row after it was decided, or write rows that nobody decided about, with the rights of the function's owner.",
  cure: "DROP TRIGGER, and write what it wrote through a handle",
  *find(at) {
    for (const { table, wanted } of modelTables(at)) {
      const known = new Set(wanted.triggers.map(({ name }) => name));
      for (const trigger of table.triggers)
        if (
          !known.has(trigger.name) &&
          !(isAdoptionTrigger(trigger.name) && trigger.calls === `${controlSchema}.${adoptionFunction}`)
        )
          yield {
            object: { kind: "trigger", name: `${relationName(table)}.${trigger.name}` },
            message: `it calls ${trigger.calls}`,
          };
    }
  },
};

export const eventTrigger: DoctorLint = {
  code: "doctor/event-trigger",
  severity: "warning",
  summary: "There is an event trigger.",
  why: "It runs with every change of the schema, and can grant or open what has just been made.",
  cure: "look at what it does; ALTER EVENT TRIGGER … DISABLE where it is not needed",
  *find(at) {
    for (const { name, of } of at.catalogue.eventTriggers)
      yield { object: { kind: "event trigger", name }, message: `it calls ${of}` };
  },
};
