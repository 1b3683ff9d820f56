/** Atoms as predicates, with the meaning that core's evaluator gives them: over an absent path an atom is false. */
import { type Atom, isInNetwork, parseIp, parseNetwork, type SqlExpression } from "@wardline/core";
import { aligned, equal, oneOf, ordered } from "./compare.ts";
import { isAncestor } from "./hierarchy.ts";
import { allOf, anyOf, constant, either, fromBoolean, never, type Predicate } from "./predicate.ts";
import { presence } from "./presence.ts";
import { existsIn, type Scope, slotAt } from "./scope.ts";
import { operandTerm, operandType, setTerm } from "./slot-term.ts";
import { arrayOf, sqlType } from "./sql-type.ts";
import type { SetTerm, SqlTerm, Term } from "./term.ts";
import { textPredicate } from "./text.ts";
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
      return empty(scope, setTerm(scope, atom.set));
    case "text":
      return textPredicate(atom.op, operandTerm(scope, atom.of), operandTerm(scope, atom.part));
    case "in_network":
      return inNetworks(operandTerm(scope, atom.of), atom.networks);
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

function empty(scope: Scope, set: SetTerm): Predicate {
  switch (set.kind) {
    case "absent":
      return never;
    case "known":
      return constant(set.values.length === 0);
    case "array": {
      const count: SqlExpression = { kind: "call", name: "cardinality", args: [set.expression] };
      const none: SqlExpression = {
        kind: "binary",
        op: "=",
        left: count,
        right: { kind: "integer", value: 0 },
      };
      return fromBoolean(none, !set.nullable);
    }
    case "side": {
      const left: SqlExpression = { kind: "column", table: "s", column: set.owner };
      const some = existsIn(scope, set.table, [{ kind: "binary", op: "=", left, right: set.key }]);
      const none: SqlExpression = { kind: "not", of: some };
      if (!set.nullable) return { holds: none, fails: some };
      const isAbsent = (negated: boolean): SqlExpression => ({ kind: "is_null", of: set.key, negated });
      return { holds: allOf([isAbsent(true), none]), fails: anyOf([isAbsent(false), some]) };
    }
  }
}

/** Addresses in the database have no netmask and are never IPv4 inside IPv6: its checks see to that. */
function inNetworks(term: Term, networks: readonly string[]): Predicate {
  if (term.kind === "absent") return never;
  if (term.kind === "known") {
    const address = parseIp(String(term.value));
    return constant(
      address !== undefined &&
        networks.some((text) => {
          const network = parseNetwork(text);
          return network !== undefined && isInNetwork(address, network);
        }),
    );
  }
  return either(
    networks.map((network) =>
      fromBoolean(
        {
          kind: "binary",
          op: "<<=",
          left: term.expression,
          right: { kind: "parameter", value: network, type: "inet" },
        },
        !term.nullable,
      ),
    ),
  );
}

function inGroup(scope: Scope, atom: Extract<Atom, { kind: "within" }>): Predicate {
  const entity = operandTerm(scope, atom.entity);
  const group = operandTerm(scope, atom.group);
  if (entity.kind === "absent" || group.kind === "absent") return never;
  const same = atom.same ? equal(entity, group) : never;
  if (atom.ancestors === null) return same;
  const { source } = slotAt(scope, atom.ancestors);
  if (source.from !== "ancestors") throw new RangeError(`slot ${atom.ancestors} holds no ancestors`);
  if (source.of.root !== "principal")
    return either([same, isAncestor(scope, source.of, source.entity, group)]);
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
