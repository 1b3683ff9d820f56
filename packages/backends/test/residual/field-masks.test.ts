/** The cases of a field against the ladder: for every way in which rules can hold, the first case is the mask that counts. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { mildest, strictest, type Condition, type EntityModel, type Mask } from "@wardline/core";
import { assuming } from "../../src/residual/rules/assume.ts";
import { createConditions, type ConditionList } from "../../src/residual/rules/condition-list.ts";
import { fieldMasks } from "../../src/residual/rules/field-masks.ts";

const masks: readonly Mask[] = [
  { kind: "show" },
  { kind: "initials" },
  { kind: "partial", last: 4 },
  { kind: "partial_first", first: 4 },
  { kind: "partial", last: 2 },
  { kind: "partial_first", first: 2 },
  { kind: "token" },
  { kind: "redact" },
  { kind: "hide" },
];
const entity: EntityModel = {
  name: "Loan",
  kind: "entity",
  storage: null,
  keyType: "uuid",
  parents: [],
  fields: [
    {
      name: "title",
      type: { kind: "string" },
      optional: false,
      classes: [],
      searchable: false,
      storage: null,
    },
  ],
};
const show: Mask = { kind: "show" };

function holds({ conditions }: ConditionList, index: number, atoms: number): boolean {
  const condition = conditions[index] as Condition;
  switch (condition.kind) {
    case "constant":
      return condition.value;
    case "atom":
      return (((atoms >> condition.atom) & 1) === 1) !== condition.negated;
    case "and":
      return condition.of.every((child) => holds({ conditions } as ConditionList, child, atoms));
    case "or":
      return condition.of.some((child) => holds({ conditions } as ConditionList, child, atoms));
  }
}

const rules = (most: number) =>
  fc.array(fc.integer({ min: 0, max: masks.length - 1 }), { minLength: 1, maxLength: most });

test("the first case that holds is the strictest of the mildest grant and the requires, ties and all", () => {
  fc.assert(
    fc.property(rules(4), fc.oneof(fc.constant([]), rules(3)), (granting, requiring) => {
      const list = createConditions();
      const showing = (number: number, mask: number) => ({
        when: list.atom(number),
        effects: mask === 0 ? [] : [{ field: "title", mask: masks[mask] as Mask }],
      });
      const grants = granting.map((mask, i) => showing(i, mask));
      const requires = requiring.map((mask, i) => showing(granting.length + i, mask));
      const permitted = list.any(grants.map(({ when }) => when));
      const fields = fieldMasks(assuming(list, permitted), entity, grants, requires);
      const count = granting.length + requiring.length;
      for (let atoms = 0; atoms < 2 ** count; atoms += 1) {
        const counted = granting.filter((_, i) => (atoms >> i) & 1);
        if (counted.length === 0) continue;
        const bound = requiring.filter((_, i) => (atoms >> (granting.length + i)) & 1);
        const wanted = strictest([
          mildest(counted.map((mask) => masks[mask] as Mask)),
          ...bound.map((mask) => masks[mask] as Mask),
        ]);
        const found = fields[0]?.masks.find(({ when }) => holds(list, when, atoms))?.mask ?? show;
        expect(found).toEqual(wanted);
      }
    }),
    { numRuns: 1500 },
  );
});
