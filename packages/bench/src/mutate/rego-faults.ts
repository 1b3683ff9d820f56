/** Mistakes in the Rego. */
import type { Fault } from "./fault.ts";

const at = (file: string) => `src/rego/${file}`;

export const regoFaults: readonly Fault[] = [
  {
    name: "a negated atom is asked plainly",
    file: at("conditions.ts"),
    from: '${condition.negated ? "not " : ""}${atoms.nameOf(condition.atom)}`];',
    to: "${atoms.nameOf(condition.atom)}`];",
  },
  {
    name: "a negated precondition is met where it is not",
    file: at("conditions.ts"),
    from: 'return `${condition.negated ? "" : "not "}${atoms.nameOf(condition.atom)}`;',
    to: 'return `${condition.negated ? "not " : ""}${atoms.nameOf(condition.atom)}`;',
  },
  {
    name: "less than lets the equal in",
    file: at("atom-text.ts"),
    from: 'lt: "<"',
    to: 'lt: "<="',
  },
  {
    name: "decimals are ordered as texts",
    file: at("functions.ts"),
    from: "return constant ?? `to_number(${value})`;",
    to: "return value;",
  },
  {
    name: "now is moved the other way",
    file: at("atoms.ts"),
    from: 'return ` ${operand.offset < 0 ? "-" : "+"} ${Math.abs(operand.offset)}`;',
    to: 'return ` ${operand.offset < 0 ? "+" : "-"} ${Math.abs(operand.offset)}`;',
  },
  {
    name: "a fallback is never asked for",
    file: at("atoms.ts"),
    from: 'if (operand.kind === "now" || operand.fallback === null) return facts.nameOf(operand.slot);\n  return facts.withFallback(operand.slot, operand.fallback);',
    to: "return facts.nameOf(operand.slot);",
  },
  {
    name: "what is true is only there",
    file: at("atoms.ts"),
    from: "return [[`${of(atom.of)} == true`]];",
    to: "return [[`${of(atom.of)} != null`]];",
  },
  {
    name: "a set of one is empty",
    file: at("atoms.ts"),
    from: ")}) == 0`]];",
    to: ")}) <= 1`]];",
  },
  {
    name: "text ends with is text begins with",
    file: at("atoms.ts"),
    from: 'ends_with: "endswith"',
    to: 'ends_with: "startswith"',
  },
  {
    name: "only the first network is looked at",
    file: at("atoms.ts"),
    from: "return atom.networks.map((network) =>",
    to: "return atom.networks.slice(0, 1).map((network) =>",
  },
  {
    name: "nothing lies in itself",
    file: at("atoms.ts"),
    from: "const same = atom.same ? [",
    to: "const same = atom.same && atom.ancestors === null ? [",
  },
  {
    name: "ancestors are not looked at",
    file: at("atoms.ts"),
    from: "if (atom.ancestors === null) return same;",
    to: "if (atom.ancestors === null || atom.same) return same;",
  },
  {
    name: "a relation is asked of its first end",
    file: at("atoms.ts"),
    from: "          `pair.to == ${of(atom.to)}`,\n",
    to: "",
  },
  {
    name: "rows of other tenants are in scope",
    file: at("frame/answer.ts"),
    from: 'object.get(request, [row, "tenant"], null) == tenant',
    to: 'object.get(request, [row, "tenant"], null) != ""',
  },
  {
    name: "a share grants at home too",
    file: at("frame/rows.ts"),
    from: 'grants := of_kind("permit") | floors if at_home',
    to: 'grants := (of_kind("permit") | of_kind("share")) | floors if at_home',
  },
  {
    name: "a ceiling bounds nothing",
    file: at("frame/rows.ts"),
    from: "\trow in ceiling\n",
    to: "",
  },
  {
    name: "a tenant's rules bind what a floor grants",
    file: at("frame/rows.ts"),
    from: "binding[row] := matching[row] & platform if some row in floored",
    to: "binding[row] := matching[row] if some row in floored",
  },
  {
    name: "a grant counts whose preconditions are not met",
    file: at("frame/rows.ts"),
    from: "counting[row] := granting[row] - wanting[row]",
    to: "counting[row] := granting[row]",
  },
  {
    name: "a spent grant grants",
    file: at("frame/rows.ts"),
    from: "granting[row] := eligible[row] - spent[row]",
    to: "granting[row] := eligible[row]",
  },
  {
    name: "one granted row is enough",
    file: at("frame/refusal.ts"),
    from: "refused := {row | some row in table.rows; count(granting[row]) == 0}",
    to: "refused := {row | some row in table.rows; count(granting[row]) == 0; every other in table.rows { count(granting[other]) == 0 }}",
  },
  {
    name: "the longest of the waits for a grant is told",
    file: at("frame/refusal.ts"),
    from: "soonest(row) := min(known_waits(row))",
    to: "soonest(row) := max(known_waits(row))",
  },
  {
    name: "the strictest of the grants' masks is shown",
    file: at("frame/obligations.ts"),
    from: "first := min(all)",
    to: "first := max(all)",
  },
  {
    name: "masks that show equally much do not clash",
    file: at("frame/obligations.ts"),
    from: "strictest(all) := max(all | clash(all))",
    to: "strictest(all) := max(all)",
  },
  {
    name: "the duties of requires are left out",
    file: at("frame/obligations.ts"),
    from: "some id in (counting[row] | (matching[row] & requires))",
    to: "some id in counting[row]",
  },
  {
    name: "a limit is drawn from where another grant has none",
    file: at("frame/obligations.ts"),
    from: "count(counting[row] - limited[row]) > 0}",
    to: "count(counting[row] - limited[row]) > 99}",
  },
  {
    name: "more to show is stricter",
    file: at("mask-step.ts"),
    from: "return [2, maxPartial - mask.last, mask];",
    to: "return [2, mask.last, mask];",
  },
  {
    name: "an alternative that asks for more is kept",
    file: at("frame/challenge.ts"),
    from: "| {pair[0] | some pair in covers; not [pair[1], pair[0]] in covers}",
    to: "",
  },
  {
    name: "a fresher proof is no older one",
    file: at("preconditions.ts"),
    from: "return limit === null || (age !== null && age <= limit);",
    to: "return age === limit;",
  },
  {
    name: "an Int may be no whole number",
    file: at("value-guard.ts"),
    from: ', "floor(value) == value"]',
    to: "]",
  },
  {
    name: "U+0000 is text",
    file: at("value-guard.ts"),
    from: '["is_string(value)", \'not contains(value, "\\\\u0000")\']',
    to: '["is_string(value)"]',
  },
  {
    name: "every fourth year is a leap year",
    file: at("calendar.ts"),
    from: "([0-9]{2}(0[48]|[2468][048]|[13579][26])|(0[48]|[2468][048]|[13579][26])00)-02-29",
    to: "[0-9]{2}([02468][048]|[13579][26])-02-29",
  },
  {
    name: "what stands behind an absent reference must be there",
    file: at("facts.ts"),
    from: "return reference === null ? null : [isAbsent, `${read(reference)} == null`];",
    to: "return null;",
  },
];
