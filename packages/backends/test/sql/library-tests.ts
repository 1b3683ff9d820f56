/** Every kind of question that a rule can ask about a book, with hostile constants. */
import type { Atom, Operand, ScalarType, WireScalar } from "@wardline/core";
import fc from "fast-check";
import {
  branchIds,
  instants,
  memberIds,
  prices,
  regionIds,
  shelfIds,
  texts,
  uuids,
  wholes,
} from "./library-data.ts";
import { price, ref, setOf, status, text, whole } from "./library-model.ts";
import {
  bookSlot,
  contextSlot,
  memberSlot,
  read,
  rowId,
  scopeSlots,
  slot,
  type Test,
} from "./program-builder.ts";

const [principalId, , roles, tenantId] = scopeSlots;
const now = slot({ from: "now" }, { kind: "instant" }, false);
const plan = slot({ from: "tenant_attribute", name: "plan" }, text, true);
const lends = slot({ from: "relation", name: "lends" }, setOf(text), false);
const above = (attribute: string | null, entity: string) =>
  slot(
    { from: "ancestors", of: { root: "resource", attribute }, entity },
    setOf(ref(entity)),
    attribute !== null,
  );
const principalBranches = slot(
  { from: "ancestors", of: { root: "principal", attribute: null }, entity: "Branch" },
  setOf(ref("Branch")),
  false,
);
const seatBranches = slot(
  { from: "ancestors", of: { root: "principal", attribute: "seat" }, entity: "Branch" },
  setOf(ref("Branch")),
  true,
);

const value = (type: ScalarType, of: WireScalar): Operand => ({ kind: "constant", value: of, type });
const book = (name: string) => read(bookSlot(name));
const member = (name: string) => read(memberSlot(name));

const operands: readonly (readonly [ScalarType, readonly Operand[]])[] = [
  [
    text,
    [
      book("title"),
      book("subtitle"),
      book("author"),
      member("nick"),
      read(contextSlot("reason")),
      read(plan),
      read(tenantId),
      read(bookSlot("subtitle"), "a"),
      read(contextSlot("reason"), ""),
      ...texts.map((t) => value(text, t)),
    ],
  ],
  [
    whole,
    [
      book("pages"),
      book("copies"),
      member("age"),
      read(contextSlot("desk")),
      read(bookSlot("copies"), 7),
      ...wholes.map((w) => value(whole, w)),
    ],
  ],
  [
    price,
    [book("price"), book("fee"), read(bookSlot("price"), "0.01"), ...prices.map((p) => value(price, p))],
  ],
  [
    { kind: "instant" },
    [book("printed"), book("bought"), read(now), ...instants.map((i) => value({ kind: "instant" }, i))],
  ],
  [{ kind: "duration" }, [book("lent_for"), ...wholes.map((w) => value({ kind: "duration" }, w))]],
  [status, [book("status"), ...(status.kind === "enum" ? status.values.map((v) => value(status, v)) : [])]],
  [
    { kind: "bool" },
    [book("rare"), read(contextSlot("sure")), read(bookSlot("rare"), true), value({ kind: "bool" }, false)],
  ],
  [{ kind: "uuid" }, [book("isbn"), ...uuids.map((u) => value({ kind: "uuid" }, u))]],
  [
    ref("Member"),
    [
      book("owner"),
      book("second_owner"),
      read(principalId),
      ...memberIds.map((m) => value(ref("Member"), m)),
    ],
  ],
  [
    ref("Branch"),
    [
      book("branch"),
      member("seat"),
      ...[...branchIds, "no uuid"].map((b) => value(ref("Branch"), b)),
      read(bookSlot("branch"), "no uuid"),
    ],
  ],
];

const of = <T>(values: readonly T[]) => fc.constantFrom(...values);
const typed = <T>(
  make: (type: ScalarType, operands: readonly Operand[]) => fc.Arbitrary<T>,
  from = operands,
) => fc.oneof(...from.map(([type, all]) => make(type, all)));
const constantsOf = (all: readonly Operand[]) => all.flatMap((o) => (o.kind === "constant" ? [o.value] : []));
const operandsOf = (type: ScalarType) =>
  operands.find(([t]) => JSON.stringify(t) === JSON.stringify(type))?.[1] as readonly Operand[];

const orders = operands.filter(([t]) => ["int", "decimal", "instant", "duration"].includes(t.kind));

const members = operandsOf(ref("Member"));
const branches = operandsOf(ref("Branch"));

export const constructs: Readonly<Record<string, fc.Arbitrary<Atom>>> = {
  equal: typed((_, all) =>
    fc.record({ kind: of(["compare"]), op: of(["eq"]), left: of(all), right: of(all) }),
  ),
  order: typed(
    (_, all) =>
      fc.record({ kind: of(["compare"]), op: of(["lt", "le", "gt", "ge"]), left: of(all), right: of(all) }),
    orders,
  ),
  truth: fc.record({ kind: of(["truth"]), of: of(operandsOf({ kind: "bool" })) }),
  one_of: typed((type, all) =>
    fc.record({
      kind: of(["one_of"]),
      of: of(all),
      values: fc.uniqueArray(of(constantsOf(all)), { minLength: 1, maxLength: 3 }),
      type: of([type]),
    }),
  ),
  contains: fc.oneof(
    contains("labels", text),
    contains("grades", whole),
    contains("fans", ref("Member")),
    contains("places", ref("Branch")),
    containsKnown("tags", text),
    containsKnown("branches", ref("Branch")),
    containsKnown("answers", { kind: "bool" }),
  ),
  has: fc.record({
    kind: of(["has"]),
    slot: of([
      ...["title", "subtitle", "copies", "status", "rare", "shelf", "arrived", "labels"].map(bookSlot),
      ...["nick", "tags", "answers"].map(memberSlot),
      contextSlot("reason"),
      plan,
      rowId,
    ]),
  }),
  role: fc.record({
    kind: of(["role"]),
    slot: of([roles]),
    roles: fc.uniqueArray(of(["clerk", "guest", "chief"]), { minLength: 1, maxLength: 2 }),
  }),
  within_row: fc.oneof(
    walk(read(rowId), null, "Branch", branches, false),
    walk(
      read(rowId),
      null,
      "Shelf",
      shelfIds.map((s) => value(ref("Shelf"), s)),
      false,
    ),
    walk(
      read(rowId),
      null,
      "Region",
      regionIds.map((r) => value(ref("Region"), r)),
      false,
    ),
    walk(
      book("shelf"),
      "shelf",
      "Shelf",
      [book("shelf"), ...shelfIds.map((s) => value(ref("Shelf"), s))],
      true,
    ),
    walk(book("shelf"), "shelf", "Branch", branches, false),
    walk(book("branch"), "branch", "Branch", branches, true),
    walk(
      book("branch"),
      "branch",
      "Region",
      regionIds.map((r) => value(ref("Region"), r)),
      false,
    ),
  ),
  within_principal: fc.oneof(
    inGroup(read(principalId), branches, false, principalBranches),
    inGroup(member("seat"), branches, true, seatBranches),
    ...members.map((entity) => inGroup(entity, members, true, null)),
  ),
  related: fc.record({
    kind: of(["related"]),
    slot: of([lends]),
    from: of(members),
    to: of([read(rowId), ...branchIds.map((b) => value(ref("Book"), b)), value(ref("Book"), "no uuid")]),
  }),
};

function contains(field: string, type: ScalarType): fc.Arbitrary<Atom> {
  return fc.record({
    kind: of(["contains"]),
    set: of([bookSlot(field)]),
    of: of(operandsOf(type)),
    type: of([type]),
  });
}

function containsKnown(field: string, type: ScalarType): fc.Arbitrary<Atom> {
  return fc.record({
    kind: of(["contains"]),
    set: of([memberSlot(field)]),
    of: of(operandsOf(type)),
    type: of([type]),
  });
}

function walk(
  entity: Operand,
  attribute: string | null,
  target: string,
  groups: readonly Operand[],
  same: boolean,
): fc.Arbitrary<Atom> {
  return inGroup(entity, groups, same, above(attribute, target));
}

function inGroup(
  entity: Operand,
  groups: readonly Operand[],
  same: boolean,
  ancestors: number | null,
): fc.Arbitrary<Atom> {
  return of(groups).map((group) => ({ kind: "within", entity, group, same, ancestors }));
}

export const anyAtom: fc.Arbitrary<Test> = fc.oneof(...Object.values(constructs)).map((atom) => ({ atom }));

/** Conditions of all shapes: negation anywhere, constants now and then. */
export const anyTest: fc.Arbitrary<Test> = fc.letrec<{ test: Test }>((tie) => ({
  test: fc.oneof(
    { depthSize: "small", withCrossShrink: true },
    { arbitrary: anyAtom, weight: 6 },
    { arbitrary: fc.boolean(), weight: 1 },
    { arbitrary: tie("test").map((not) => ({ not })), weight: 2 },
    { arbitrary: fc.array(tie("test"), { minLength: 2, maxLength: 3 }).map((all) => ({ all })), weight: 2 },
    { arbitrary: fc.array(tie("test"), { minLength: 2, maxLength: 3 }).map((any) => ({ any })), weight: 2 },
  ),
})).test;
