/** What the whole language asks of a generated model beside what the engines carry out: evidence of an approval, a role of the platform. */
import type { FactModel } from "../ir/model.ts";
import type { Random } from "../search/random.ts";
import type { GeneratedModel } from "./generated-model.ts";

/** A role that the platform alone assigns. */
export const platformRole = "helpdesk";

export function moreModel(random: Random, model: GeneratedModel): GeneratedModel {
  const approved: FactModel = { name: "approved", type: { kind: "bool" }, optional: random.chance(0.5) };
  const age: FactModel = { name: "approved_age", type: { kind: "duration" }, optional: true };
  const hasAge = random.chance(0.7);
  return {
    ...model,
    ir: {
      ...model.ir,
      context: [...model.ir.context, approved, ...(hasAge ? [age] : [])],
      roles: [...model.ir.roles, { name: platformRole, extends: [], platform: true }],
    },
    evidence: [
      ...model.evidence,
      {
        name: "approval",
        facts: [approved, ...(hasAge ? [age] : [])].map(({ name }) => ({ root: "context", name })),
      },
    ],
  };
}
