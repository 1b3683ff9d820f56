/** The duties of permitted rows, and the limits that they draw from, each with the rows that it is for. */
import { auditLevels, type LimitUse, type Obligation, type Program, type Table } from "@wardline/core";
import { no, yes, type ConditionList } from "./condition-list.ts";
import type { ResidualObligation } from "../residual.ts";

/** A rule that counts where `when` holds. */
export interface Asking {
  readonly when: number;
  readonly duties: readonly Obligation[];
  readonly limit: LimitUse["obligation"] | null;
}

/** `duties` are those of requires that apply, `binding` the requires where they are more than duties. */
export interface AskingRules {
  readonly grants: readonly Asking[];
  readonly applying: readonly Asking[];
  readonly binding: readonly Asking[];
}

export function listObligations(
  list: ConditionList,
  program: Program,
  table: Table,
  { grants, applying, binding }: AskingRules,
): readonly ResidualObligation[] {
  const dutiful = [...grants, ...applying];
  const whose = (isMeant: (duty: Obligation) => boolean) =>
    list.any(dutiful.filter(({ duties }) => duties.some(isMeant)).map(({ when }) => when));
  const free = list.any(grants.filter(({ limit }) => limit === null).map(({ when }) => when));
  const found: ResidualObligation[] = table.duties.map((obligation) => ({ obligation, when: yes }));
  let more = no;
  for (const level of auditLevels.toReversed()) {
    const when = whose((duty) => duty.type === "audit" && duty.level === level);
    found.push({ obligation: { type: "audit", level }, when: list.all([when, list.not(more)]) });
    more = list.any([more, when]);
  }
  const names = dutiful.flatMap(({ duties }) =>
    duties.flatMap((duty) => (duty.type === "notify" ? [duty.whom] : [])),
  );
  for (const whom of [...new Set(names)].toSorted())
    found.push({
      obligation: { type: "notify", whom },
      when: whose((duty) => duty.type === "notify" && duty.whom === whom),
    });
  const draws = [
    ...grants.map((grant) => ({ ...grant, when: list.all([grant.when, list.not(free)]) })),
    ...binding,
  ];
  for (const { id } of program.rules) {
    const drawn = draws.filter(({ limit }) => limit?.rule === id);
    const [first] = drawn;
    if (first?.limit === null || first === undefined) continue;
    found.push({ obligation: first.limit, when: list.any(drawn.map(({ when }) => when)) });
  }
  return found.filter(({ when }) => when !== no);
}
