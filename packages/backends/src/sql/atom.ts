/** Atoms as predicates, with the meaning that core's evaluator gives them: over an absent path an atom is false. */
import { beyond } from "../beyond.ts";
import type { Atom, SqlExpression } from "@wardline/core";
import { aligned, equal, oneOf, ordered } from "./compare.ts";
import { isAncestor } from "./hierarchy.ts";
import { always, constant, either, fromBoolean, never, type Predicate } from "./predicate.ts";
import {
  existsIn,
  operandTerm,
  operandType,
  readableField,
  requireStoredRow,
  rowColumn,
  type Scope,
  setTerm,
  slotAt,
} from "./scope.ts";
import { arrayOf, sqlType } from "./sql-type.ts";
import type { SetTerm, SqlTerm, Term } from "./term.ts";
import { UnsupportedInSql } from "./unsupported.ts";

export function atomPredicate(scope: Scope, atom: Atom): Predicate {
  switch (atom.kind) {
    case "compare": {
      const left = operandTerm(scope, atom.left);
      const right = operandTerm(scope, atom.right);
      if (atom.op === "eq") return equal(left, right);
      return ordered(atom.op, left, right, [operandType(scope, atom.left), operandType(scope, atom.right)]);
    }
    case "truth": {
      const term = operandTerm(scope, atom.of);
      if (term.kind !== "sql") return constant(term.kind === "known" && term.value === true);
      return fromBoolean(term.expression, !term.nullable);
    }
    case "one_of":
      return oneOf(operandTerm(scope, atom.of), atom.values);
    case "contains":
      return contains(scope, setTerm(scope, atom.set), operandTerm(scope, atom.of));
    case "empty":
    case "text":
    case "in_network":
      return beyond(atom.kind);
    case "has":
      return presence(scope, atom.slot);
    case "role": {
      const held = setTerm(scope, atom.slot);
      return either(atom.roles.map((role) => contains(scope, held, { kind: "known", value: role })));
    }
    case "within":
      return inGroup(scope, atom);
    case "related":
      return related(scope, atom);
  }
}

function contains(scope: Scope, set: SetTerm, term: Term): Predicate {
  if (set.kind === "absent" || term.kind === "absent") return never;
  if (set.kind === "known") return oneOf(term, set.values);
  const element: SqlTerm = {
    kind: "sql",
    expression:
      set.kind === "side"
        ? { kind: "column", table: "s", column: set.value }
        : { kind: "null", type: set.type },
    type: set.type,
    nullable: false,
  };
  if (set.kind === "side") {
    const { holds } = equal(element, term);
    if (holds.kind === "boolean") return constant(holds.value);
    const owner: SqlExpression = {
      kind: "binary",
      op: "=",
      left: { kind: "column", table: "s", column: set.owner },
      right: set.key,
    };
    return fromBoolean(existsIn(scope, set.table, [owner, holds]), true);
  }
  const [of, one] = aligned(element, term);
  if (one === undefined) return never;
  const array: SqlExpression =
    of.type === set.type ? set.expression : { kind: "cast", of: set.expression, type: arrayOf(of.type) };
  return fromBoolean({ kind: "any", left: one.expression, array }, !set.nullable && !one.nullable);
}

/** Presence alone: of every type, since no value is computed with. */
function presence(scope: Scope, id: number): Predicate {
  const slot = slotAt(scope, id);
  const { source } = slot;
  switch (source.from) {
    case "row":
      requireStoredRow(source);
      return always;
    case "row_attribute": {
      requireStoredRow(source);
      const { storage } = readableField(scope, source.name);
      if (storage === null) throw new UnsupportedInSql(`${source.name} is not kept in the database`);
      // A set in a table of its own is there, if only empty; what is not optional is demanded of every row.
      if (storage.kind === "table" || !slot.optional) return always;
      return present(rowColumn(storage.column));
    }
    case "principal":
    case "principal_attribute":
    case "tenant":
    case "tenant_attribute":
    case "context":
    case "now": {
      const fact = scope.fact(slot);
      if (fact.kind !== "placeholder") return constant(fact.kind === "known");
      if (!slot.optional) return always;
      const { type } = slot;
      const { model } = scope.program;
      return present({
        kind: "placeholder",
        name: fact.name,
        type: type.kind === "set" ? arrayOf(sqlType(model, type.of)) : sqlType(model, type),
      });
    }
    case "clock":
    case "reference":
    case "limit":
      return beyond(source.from);
    case "ancestors":
    case "relation":
      throw new UnsupportedInSql(`presence of ${source.from}`);
  }
}

function present(of: SqlExpression): Predicate {
  return { holds: { kind: "is_null", of, negated: true }, fails: { kind: "is_null", of, negated: false } };
}

function inGroup(scope: Scope, atom: Extract<Atom, { kind: "within" }>): Predicate {
  const entity = operandTerm(scope, atom.entity);
  const group = operandTerm(scope, atom.group);
  if (entity.kind === "absent" || group.kind === "absent") return never;
  const same = atom.same ? equal(entity, group) : never;
  if (atom.ancestors === null) return same;
  const { source } = slotAt(scope, atom.ancestors);
  if (source.from !== "ancestors") throw new RangeError(`slot ${atom.ancestors} holds no ancestors`);
  if (source.of.root !== "principal") {
    if (atom.entity.kind !== "slot" || atom.entity.fallback !== null)
      throw new UnsupportedInSql("the ancestors of a reference that has a fallback");
    return either([same, isAncestor(scope, source.of, source.entity, group)]);
  }
  const ancestors = setTerm(scope, atom.ancestors);
  if (entity.kind === "sql" && ancestors.kind === "known" && entity.nullable)
    throw new UnsupportedInSql("ancestors that are known of an entity that is not");
  if (atom.same && entity.kind === "known" && ancestors.kind === "known" && group.kind === "sql")
    return oneOf(group, [entity.value, ...ancestors.values]);
  return either([same, contains(scope, ancestors, group)]);
}

function related(scope: Scope, atom: Extract<Atom, { kind: "related" }>): Predicate {
  const { source } = slotAt(scope, atom.slot);
  const relation = scope.program.model.relations.find(
    (r) => source.from === "relation" && r.name === source.name,
  );
  if (relation === undefined) throw new RangeError(`slot ${atom.slot} holds no relation of the model`);
  const end = (column: string, entity: string, term: Term): SqlExpression => {
    const type = sqlType(scope.program.model, { kind: "entity", entity });
    return equal(
      { kind: "sql", expression: { kind: "column", table: "s", column }, type, nullable: false },
      term,
    ).holds;
  };
  const ends = [
    end(relation.fromColumn, relation.from, operandTerm(scope, atom.from)),
    end(relation.toColumn, relation.to, operandTerm(scope, atom.to)),
  ];
  if (ends.some((e) => e.kind === "boolean")) return never;
  return fromBoolean(existsIn(scope, relation.table, ends), true);
}
