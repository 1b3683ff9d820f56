/**
 * Mistakes in the guarded views. That UNKNOWN stands under NOT is not among them: the language demands that absence is asked
 * first, so that no list of a policy could tell.
 */
import type { Fault } from "./fault.ts";

const at = (file: string) => `src/sql/${file}`;

export const sqlFaults: readonly Fault[] = [
  {
    name: "what a mask leaves of a field can be searched whole",
    file: at("cell.ts"),
    from: 'of.kind === "show" ? rowColumn(index)',
    to: 'of.kind !== "hide" ? rowColumn(index)',
  },
  {
    name: "a negated atom is asked plainly",
    file: at("condition.ts"),
    from: "return condition.negated ? negate(predicate) : predicate;",
    to: "return predicate;",
  },
  {
    name: "what a row may lack is always there",
    file: at("presence.ts"),
    from: 'if (storage.kind === "table" || !slot.optional) return always;',
    to: 'if (storage.kind === "table" || slot.optional) return always;',
  },
  {
    name: "one failing part does not fail an and",
    file: at("predicate.ts"),
    from: "fails: anyOf(parts.map((p) => p.fails)) };",
    to: "fails: allOf(parts.map((p) => p.fails)) };",
  },
  {
    name: "less than lets the equal in",
    file: at("compare.ts"),
    from: 'const symbol = { lt: "<",',
    to: 'const symbol = { lt: "<=",',
  },
  {
    name: "the opposite of less than is greater than",
    file: at("compare.ts"),
    from: 'const opposite = { lt: "ge",',
    to: 'const opposite = { lt: "gt",',
  },
  {
    name: "sides that change places keep their sign",
    file: at("compare.ts"),
    from: 'const mirrored = { lt: "gt", le: "ge", gt: "lt", ge: "le" } as const;',
    to: 'const mirrored = { lt: "lt", le: "le", gt: "gt", ge: "ge" } as const;',
  },
  {
    name: "what is not equal is equal",
    file: at("compare.ts"),
    from: '{ kind: "binary", op: "IS DISTINCT FROM", left: a.expression, right: b.expression }',
    to: "same",
  },
  {
    name: "a fallback that is not of the column's type is forgotten",
    file: at("slot-term.ts"),
    from: 'if (term.kind === "absent") return { kind: "known", value: fallback };',
    to: 'if (term.kind === "absent") return term;',
  },
  {
    name: "an absent cell has no fallback",
    file: at("slot-term.ts"),
    from: 'expression: { kind: "coalesce", of: of.expression, otherwise }, nullable: false',
    to: "expression: of.expression, nullable: false",
  },
  {
    name: "now is not moved",
    file: at("slot-term.ts"),
    from: "const to = micros + BigInt(offset);",
    to: "const to = micros + 0n * BigInt(offset);",
  },
  {
    name: "a set with members is empty",
    file: at("atom.ts"),
    from: "if (!set.nullable) return { holds: none, fails: some };",
    to: "if (!set.nullable) return { holds: some, fails: none };",
  },
  {
    name: "members of the sets of other rows count",
    file: at("atom.ts"),
    from: "return fromBoolean(existsIn(scope, set.table, [owner, holds]), true);",
    to: "return fromBoolean(existsIn(scope, set.table, [holds]), true);",
  },
  {
    name: "nothing lies in itself",
    file: at("atom.ts"),
    from: "const same = atom.same ? equal(entity, group) : never;",
    to: "const same = atom.same && atom.ancestors === null ? equal(entity, group) : never;",
  },
  {
    name: "a relation is asked backwards",
    file: at("atom.ts"),
    from: "end(relation.fromColumn, relation.from, operandTerm(scope, atom.from)),\n    end(relation.toColumn, relation.to, operandTerm(scope, atom.to)),",
    to: "end(relation.toColumn, relation.from, operandTerm(scope, atom.from)),\n    end(relation.fromColumn, relation.to, operandTerm(scope, atom.to)),",
  },
  {
    name: "a network's own address alone lies in it",
    file: at("atom.ts"),
    from: 'op: "<<=",',
    to: 'op: "=",',
  },
  {
    name: "side tables are read without the tenant",
    file: at("scope.ts"),
    from: 'query: sideSelect(scope, table, sideTenant, "s", [], where)',
    to: 'query: sideSelect(scope, table, null, "s", [], where)',
  },
  {
    name: "no row has ancestors",
    file: at("hierarchy.ts"),
    from: 'if (first.length === 0 || match.kind === "boolean") return never;',
    to: 'if (first.length >= 0 || match.kind === "boolean") return never;',
  },
  {
    name: "what references lead to is read without the tenant",
    file: at("reach.ts"),
    from: "tenantColumnOf(target),",
    to: "null,",
  },
  {
    name: "a shared table is read within the tenant",
    file: at("scope.ts"),
    from: "return entity.shared === true ? null : entity.storage.tenant;",
    to: 'return entity.shared === true ? "tenant_id" : entity.storage.tenant;',
  },
  {
    name: "the parents of parents are not found",
    file: at("hierarchy.ts"),
    from: "const onward = edges.filter((edge) => form.types.has(edge.child.name));",
    to: 'const onward = edges.filter((edge) => form.types.has(edge.child.name) && edge.child.name === "");',
  },
  {
    name: "a share grants at home",
    file: at("rules.ts"),
    from: "both([isShare(entry) ? negate(home) : home, when])",
    to: "both([isShare(entry) ? home : home, when])",
  },
  {
    name: "principals of other tenants are at home",
    file: at("rules.ts"),
    from: "...(hasShares ? [] : [home.holds]),",
    to: "",
  },
  {
    name: "a ceiling bounds nothing",
    file: at("rules.ts"),
    from: "allOf([ceiling.holds, ...stopped(",
    to: "allOf([...stopped(",
  },
  {
    name: "the platform's forbids bind no floor",
    file: at("rules.ts"),
    from: '    ...stopped(ofLayer("platform")),\n    anyOf([',
    to: "    anyOf([",
  },
  {
    name: "a tenant's require binds what a floor grants",
    file: at("rules.ts"),
    from: "const when = isOverruled ? both([applies, negate(floored)]) : applies;",
    to: "const when = isOverruled ? both([applies, negate(both([floored, negate(floored)]))]) : applies;",
  },
  {
    name: "a grant counts whose preconditions are not met",
    file: at("rules.ts"),
    from: "when: both([matches, of(entry, () => met(entry))])",
    to: "when: matches",
  },
  {
    name: "a limit is never exhausted",
    file: at("rules.ts"),
    from: 'return negate(equal(slotTerm(scope, limit.left), { kind: "known", value: 0 }));',
    to: 'return negate(equal(slotTerm(scope, limit.left), { kind: "known", value: -1 }));',
  },
  {
    name: "a stricter mask of a require is passed over",
    file: at("masks.ts"),
    from: "someOf(required, (e) => e.step > step).fails,",
    to: "",
  },
  {
    name: "the strictest of the grants' masks is shown",
    file: at("masks.ts"),
    from: "someOf(granted, (e) => e.step <= step).holds",
    to: "someOf(granted, (e) => e.step > step).fails",
  },
  {
    name: "negative numbers fall into the bucket above",
    file: at("masked-column.ts"),
    from: 'return { kind: "binary", op: "-", left: column, right: above };',
    to: 'return { kind: "binary", op: "-", left: column, right: above.kind === "call" ? rest : above };',
  },
  {
    name: "the first of a year is the first of its month",
    file: at("masked-column.ts"),
    from: 'return call("date_trunc", text(unit), column, text("UTC"));',
    to: 'return call("date_trunc", text("month"), column, text("UTC"));',
  },
  {
    name: "half of a short text is shown",
    file: at("masked-column.ts"),
    from: "right: whole(2 * count),",
    to: "right: whole(count),",
  },
  {
    name: "a cell to be hidden is shown",
    file: at("masked-column.ts"),
    from: 'case "hide":\n      return { kind: "null", type };',
    to: 'case "hide":\n      return column;',
  },
  {
    name: "what is optional must be known",
    file: at("known-facts.ts"),
    from: "if (!slot.optional && !isBehindAbsence(slot, document)) return undefined;",
    to: "if (!isBehindAbsence(slot, document)) return undefined;",
  },
];
