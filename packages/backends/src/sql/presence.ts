/** `has`: presence alone, of every type, since no value is computed with. */
import type { Slot, SqlExpression } from "@wardline/core";
import { always, constant, type Predicate } from "./predicate.ts";
import { mayLeadNowhere, referenceColumn, targetOf } from "./reach.ts";
import { readableField, requireOwnRow, rowColumn, type Scope, slotAt } from "./scope.ts";
import { arrayOf, sqlType } from "./sql-type.ts";
import { UnsupportedInSql } from "./unsupported.ts";

export function presence(scope: Scope, id: number): Predicate {
  const slot = slotAt(scope, id);
  const { source } = slot;
  switch (source.from) {
    case "row":
      requireOwnRow(scope, source);
      return always;
    case "row_attribute": {
      requireOwnRow(scope, source);
      const { storage } = readableField(scope.program, scope.entity, source.name);
      if (storage === null) throw new UnsupportedInSql(`${source.name} is not kept in the database`);
      // A set in a table of its own is there, if only empty; what is not optional is demanded of every row.
      if (storage.kind === "table" || !slot.optional) return always;
      return present(rowColumn(storage.column));
    }
    case "reference": {
      if (source.of.root === "principal") return knownPresence(scope, slot);
      requireOwnRow(scope, source.of);
      const { storage } = readableField(scope.program, targetOf(scope, source.of), source.name);
      if (storage === null) throw new UnsupportedInSql(`${source.name} is not kept in the database`);
      if (!slot.optional && !mayLeadNowhere(scope, source.of)) return always;
      // Where the reference is, so is what is not optional behind it: see the facts that are demanded of every row.
      if (storage.kind === "table") return present(referenceColumn(scope, scope.reach, source.of));
      return present(scope.reach(source.of, storage.column));
    }
    case "principal":
    case "principal_attribute":
    case "tenant":
    case "tenant_attribute":
    case "context":
    case "now":
    case "clock":
    case "limit":
      return knownPresence(scope, slot);
    case "ancestors":
    case "relation":
      throw new UnsupportedInSql(`presence of ${source.from}`);
  }
}

function knownPresence(scope: Scope, slot: Slot): Predicate {
  const fact = scope.fact(slot);
  if (fact.kind !== "placeholder") return constant(fact.kind === "known");
  if (!slot.optional && slot.source.from !== "reference") return always;
  const { type } = slot;
  const { model } = scope.program;
  return present({
    kind: "placeholder",
    name: fact.name,
    type: type.kind === "set" ? arrayOf(sqlType(model, type.of)) : sqlType(model, type),
  });
}

function present(of: SqlExpression): Predicate {
  return { holds: { kind: "is_null", of, negated: true }, fails: { kind: "is_null", of, negated: false } };
}
