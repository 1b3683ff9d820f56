/** Masks as codes against core's ladder: mildest over grants, strictest over requires and passes, and where two disagree. */
import fc from "fast-check";
import { expect, it } from "vitest";
import { mildest, strictest as strictestMask, type EntityModel, type Mask, type Table } from "@wardline/core";
import { codeFields, codeInPass, strictest } from "../../src/closure/field-effects.ts";

const masks: readonly Mask[] = [
  { kind: "show" },
  { kind: "initials" },
  ...[1, 2, 64].flatMap((n): Mask[] => [
    { kind: "partial", last: n },
    { kind: "partial_first", first: n },
  ]),
  { kind: "bucket", size: 1 },
  { kind: "bucket", size: 2 ** 40 - 1 },
  { kind: "month" },
  { kind: "year" },
  { kind: "token" },
  { kind: "hash" },
  { kind: "redact" },
  { kind: "hide" },
];

const entity = { fields: [{ name: "other" }, { name: "title" }] } as unknown as EntityModel;
const some = fc.array(fc.constantFrom(...masks), { minLength: 1, maxLength: 4 });
const any = fc.array(fc.constantFrom(...masks), { maxLength: 3 });

it("come to the mask that core comes to", () => {
  let disagreed = 0;
  fc.assert(
    fc.property(fc.array(fc.tuple(some, any), { minLength: 1, maxLength: 2 }), (passes) => {
      const entriesOf = (of: readonly Mask[]) => of.map((mask) => ({ effects: [{ field: "title", mask }] }));
      const table = {
        passes: passes.map(([grants, requires]) => ({
          grants: entriesOf(grants),
          requires: entriesOf(requires),
        })),
      } as unknown as Table;
      const { fields, codesOf, obligationOf } = codeFields(table, entity);
      expect(fields).toEqual(["title"]);
      const closed = table.passes.map(({ grants, requires }) =>
        [grants, requires].map((entries) => entries.map(({ effects }) => ({ masks: codesOf(effects) }))),
      );
      const code = strictest(closed.map(([grants = [], requires = []]) => codeInPass(grants, requires, 0)));
      const wanted = strictestMask(
        passes.map(([grants, requires]) => strictestMask([mildest(grants), ...requires])),
      );
      const all = passes.flat(2);
      if (wanted.kind === "redact" && !all.some(({ kind }) => kind === "redact")) disagreed += 1;
      expect(obligationOf(0, code)).toEqual(
        wanted.kind === "show"
          ? null
          : wanted.kind === "hide"
            ? { type: "hide", field: "title" }
            : { type: "mask", field: "title", mask: wanted },
      );
    }),
    { numRuns: 5000 },
  );
  expect(disagreed).toBeGreaterThan(100);
});
