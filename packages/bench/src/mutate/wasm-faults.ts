/** Mistakes in what makes a policy module, and in the runtime that it carries. */
import type { Fault } from "./fault.ts";

const compiler = (file: string) => `src/wasm/${file}`;
const runtime = (file: string) => `runtime/${file}`;

export const wasmFaults: readonly Fault[] = [
  {
    name: "a negated atom is asked plainly",
    file: compiler("conditions.ts"),
    from: "return condition.negated ? [...atom, ...i32Eqz] : atom;",
    to: "return atom;",
  },
  {
    name: "an or is an and",
    file: compiler("conditions.ts"),
    from: '...(kind === "and" ? i32Eqz : [])',
    to: "...i32Eqz",
  },
  {
    name: "less than lets the equal in",
    file: compiler("atoms.ts"),
    from: "return i64LtS;",
    to: "return i64LeS;",
  },
  {
    name: "absent numbers are compared as 0",
    file: compiler("atoms.ts"),
    from: "const present = both(cells.present(left), cells.present(right));",
    to: "const present = i32Const(1);",
  },
  {
    name: "now is not moved",
    file: compiler("atoms.ts"),
    from: 'return operand.kind === "now" ? [...here, ...i64Const(BigInt(operand.offset)), ...i64Add] : here;',
    to: 'return operand.kind === "now" ? [...here, ...i64Const(0n), ...i64Add] : here;',
  },
  {
    name: "text ends with is text begins with",
    file: compiler("atoms.ts"),
    from: 'ends_with: "endsWith"',
    to: 'ends_with: "startsWith"',
  },
  {
    name: "IPv4 networks stand in the lower half",
    file: compiler("atoms.ts"),
    from: "[bits << 32n, 0n]",
    to: "[bits, 0n]",
  },
  {
    name: "nothing lies in itself",
    file: compiler("atoms.ts"),
    from: "return atom.same ? [...same, ...above, ...i32Or] : above;",
    to: "return above;",
  },
  {
    name: "ancestors are not looked at",
    file: compiler("atoms.ts"),
    from: "if (atom.ancestors === null) return same;",
    to: "if (atom.ancestors === null || atom.same) return same;",
  },
  {
    name: "a relation is asked backwards",
    file: compiler("atoms.ts"),
    from: "...text(atom.from, context),\n        ...text(atom.to, context),",
    to: "...text(atom.to, context),\n        ...text(atom.from, context),",
  },
  {
    // Words of 64 names: no generated policy has enough names in sets for a second one.
    name: "of the names in one word the last is looked for",
    file: compiler("atoms.ts"),
    from: "words.set(n >> 6, (words.get(n >> 6) ?? 0n) | (1n << BigInt(n & 63)));",
    to: "words.set(n >> 6, 1n << BigInt(n & 63));",
  },
  {
    name: "an optional fact must be there",
    file: compiler("facts.ts"),
    from: "(slot.optional ? 0x1_0000 : 0)",
    to: "0",
  },
  {
    name: "a mask that ties with the next is kept",
    file: compiler("mask-plan.ts"),
    from: "strictness(mask) === strictness(next);",
    to: "strictness(mask) > strictness(next);",
  },
  {
    name: "a proof of any age is the freshest",
    file: compiler("obligation-plan.ts"),
    from: "const anyAge = 2n ** 63n - 1n;",
    to: "const anyAge = 0n;",
  },
  {
    // Two factors in place of one could not be told apart: generated models have evidence of one.
    name: "who has met the older proof has met the fresher one",
    file: runtime("alternatives.ts"),
    from: "load<i64>(met, 16) <= load<i64>(wanted, 16)",
    to: "load<i64>(met, 16) >= load<i64>(wanted, 16)",
  },
  {
    name: "the least of the levels of audit of a rule is kept",
    file: compiler("table-record.ts"),
    from: "Math.max(most, auditLevels.indexOf(duty.level) + 1)",
    to: "Math.min(most, auditLevels.indexOf(duty.level) + 1)",
  },
  {
    name: "a floor is a grant like any other",
    file: compiler("table-record.ts"),
    from: '(entry.kind === "floor" ? 4 : 0)',
    to: "0",
  },
  {
    name: "the bounds of a Duration are those of nothing",
    file: compiler("fact-type.ts"),
    from: 'if (type.kind === "duration") return { min: BigInt(-maxInt), max: BigInt(maxInt) };',
    to: "",
  },
  {
    name: "a date is read as a time",
    file: compiler("fact-type.ts"),
    from: 'case "date":\n      return 4;',
    to: 'case "date":\n      return 5;',
  },
  {
    name: "a tenant's forbid denies what a floor grants",
    file: runtime("found.ts"),
    from: "if (flagsOf(entryAt(number)) & TENANT && load<u32>(here) & FLOORED) {",
    to: "if (false) {",
  },
  {
    name: "a tenant's require binds what a floor grants",
    file: runtime("found.ts"),
    from: "if (flagsOf(entry) & TENANT && load<u32>(here) & FLOORED) return;",
    to: "",
  },
  {
    name: "a limit is drawn from where another grant has none",
    file: runtime("found.ts"),
    from: "if (flags & FREE) continue;",
    to: "",
  },
  {
    name: "rows of other tenants are in scope",
    file: runtime("scope.ts"),
    from: "if (!sameText(load<u32>(rows + (i << 2)), tenant)) return 2;",
    to: "if (!sameText(tenant, tenant)) return 2;",
  },
  {
    name: "what stands behind an absent reference must be there",
    file: runtime("slots.ts"),
    from: "return reference != 0 && isAbsent(reference);",
    to: "return false;",
  },
  {
    name: "the first of the requires' masks is kept",
    file: runtime("masks.ts"),
    from: "found = i;",
    to: "if (found == 0) found = i;",
  },
  {
    name: "every fourth year is a leap year",
    file: runtime("number.ts"),
    from: "year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)",
    to: "year % 4 == 0",
  },
  {
    name: "alternatives are listed as they were made",
    file: runtime("alternatives.ts"),
    from: "if (one != other) return load<u32>(one, 8) < load<u32>(other, 8);",
    to: "",
  },
  {
    name: "half a surrogate pair is a value",
    file: runtime("slots.ts"),
    from: "if (kind == TEXT) return textFlaws == 0;",
    to: "if (kind == TEXT) return (textFlaws & 2) == 0;",
  },
];
