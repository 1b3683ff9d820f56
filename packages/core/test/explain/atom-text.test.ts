import { expect, test } from "vitest";
import {
  atomText,
  durationText,
  maskText,
  obligationText,
  sourceText,
  valueText,
  type Atom,
  type Mask,
  type Obligation,
  type Program,
  type ScalarType,
  type SlotSource,
} from "../../src/index.ts";
import { libraryProgram } from "../../src/testing/library-program.ts";

test("every kind of atom reads as the language writes it", () => {
  const slots: readonly Program["slots"][number][] = [
    ...libraryProgram.slots,
    {
      id: libraryProgram.slots.length,
      source: { from: "context", name: "ip" },
      type: { kind: "ip" },
      optional: false,
    },
  ];
  const program = { ...libraryProgram, slots };
  const slot = (id: number) => ({ kind: "slot", slot: id, fallback: null }) as const;
  const constant = (value: string) => ({ kind: "constant", value, type: { kind: "string" } }) as const;
  const ip = slot(libraryProgram.slots.length);
  const more: readonly Atom[] = [
    { kind: "empty", set: 11 },
    { kind: "text", op: "starts_with", of: slot(12), part: constant('a"b\\c\n') },
    { kind: "in_network", of: ip, networks: ["10.0.0.0/8"] },
    { kind: "in_network", of: ip, networks: ["10.0.0.0/8", "2001:db8::/32"] },
    { kind: "compare", op: "ge", left: slot(23), right: { kind: "now", slot: 16, offset: -900_000_000 } },
    { kind: "compare", op: "lt", left: { kind: "now", slot: 16, offset: 1 }, right: slot(23) },
  ];
  expect([...libraryProgram.atoms, ...more].map((atom) => atomText(program, atom))).toEqual([
    "resource.price < 20.00",
    "resource.holder == principal",
    "tenant.lends",
    "resource.shelf in [closed, open]",
    "resource.tags.contains(resource.title)",
    "has context.purpose",
    "principal has role keeper or reader",
    "principal in resource.branch",
    "recommends(principal, resource)",
    "context.age ?? 0s <= 1m",
    "now > principal.since",
    "principal.level in [1, 3]",
    "resource.tags.is_empty",
    'resource.title.starts_with("a\\"b\\\\c\\n")',
    "context.ip in 10.0.0.0/8",
    "context.ip in [10.0.0.0/8, 2001:db8::/32]",
    "principal.since >= now - 15m",
    "now + 1us < principal.since",
  ]);
});

test.each<[ScalarType, string | number | boolean, string]>([
  [{ kind: "bool" }, false, "false"],
  [{ kind: "int", min: -5, max: 5 }, -5, "-5"],
  [{ kind: "decimal", precision: 12, scale: 2 }, "10000.00", "10000.00"],
  [{ kind: "instant" }, "2026-01-05T12:00:00.000000Z", "2026-01-05T12:00:00Z"],
  [{ kind: "instant" }, "2026-01-05T12:00:00.500000Z", "2026-01-05T12:00:00.5Z"],
  [{ kind: "time" }, "22:00:00.000000", "22:00"],
  [{ kind: "time" }, "22:00:01.000000", "22:00:01"],
  [{ kind: "time" }, "22:00:00.000100", "22:00:00.0001"],
  [{ kind: "date" }, "2024-02-29", "2024-02-29"],
  [{ kind: "entity", entity: "Branch" }, "er", 'Branch "er"'],
  [{ kind: "ip" }, "2001:db8::1", "2001:db8::1"],
])("a value of %j: %j", (type, value, text) => {
  expect(valueText(value, type)).toBe(text);
});

test.each([
  [0, "0s"],
  [1, "1us"],
  [-1, "-1us"],
  [1000, "1ms"],
  [90_000_000, "90s"],
  [300_000_000, "5m"],
  [86_400_000_000, "1d"],
  [-604_800_000_000, "-1w"],
])("a duration of %i microseconds: %s", (micros, text) => {
  expect(durationText(micros)).toBe(text);
});

test.each<[SlotSource, string]>([
  [{ from: "principal", part: "roles" }, "principal.roles"],
  [{ from: "row", row: "next", part: "tenant" }, "next.tenant"],
  [{ from: "tenant", part: "id" }, "tenant"],
  [{ from: "clock", part: "weekday" }, "clock.weekday"],
  [
    { from: "reference", of: { root: "resource", attribute: "branch", further: "house" }, name: "city" },
    "resource.branch.house.city",
  ],
  [{ from: "limit", rule: "north/a", part: "left" }, "what is left of north/a"],
  [
    { from: "ancestors", of: { root: "principal", attribute: null }, entity: "Branch" },
    "every Branch above principal",
  ],
  [{ from: "relation", name: "watches" }, "watches"],
])("a source %j: %s", (source, text) => {
  expect(sourceText(source)).toBe(text);
});

test.each<[Obligation, string]>([
  [{ type: "mask", field: "card", mask: { kind: "partial", last: 4 } }, "mask(card, partial(last: 4))"],
  [{ type: "hide", field: "notes" }, "hide(notes)"],
  [{ type: "encrypt", fields: ["card", "notes"] }, "encrypt(card, notes)"],
  [{ type: "step_up", factor: "mfa", within: 300_000_000 }, "step_up(mfa, within: 5m)"],
  [{ type: "step_up", factor: "mfa", within: null }, "step_up(mfa)"],
  [{ type: "approval", by: "owner", within: null }, "approval(owner)"],
  [{ type: "reason" }, "reason"],
  [
    { type: "limit", rule: "north/a", count: 20, per: "day", by: "principal" },
    "limit(20, per: day, by: principal)",
  ],
  [{ type: "audit", level: "full" }, "audit(full)"],
  [{ type: "notify", whom: "admins" }, "notify(admins)"],
])("an obligation %j: %s", (obligation, text) => {
  expect(obligationText(obligation)).toBe(text);
});

test.each<[Mask, string]>([
  [{ kind: "bucket", size: 1000 }, "bucket(1000)"],
  [{ kind: "partial_first", first: 2 }, "partial(first: 2)"],
  [{ kind: "year" }, "year"],
])("a mask %j: %s", (mask, text) => {
  expect(maskText(mask)).toBe(text);
});
