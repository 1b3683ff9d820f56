/** What a shredding would do, as it is printed. */
import type { PlannedShred } from "@wardline/sdk/operator";
import { shredStepNames, type NotCovered } from "@wardline/isolation";
import { visible } from "../report/visible.ts";

export function planText(plan: PlannedShred): string {
  const { tenant, audit, provider, outside, databases, keys, sealedColumns, blindIndexes, notCovered } = plan;
  const lines = [
    `${visible(tenant)}: keys of ${provider}, data ${outside.data.kind}, audit ${outside.audit.kind}`,
    `what is destroyed: the wrapping key for data${audit ? " and the one for audit" : ""}, and`,
    ...list(keys.map(({ purpose, version, state, at }) => `${purpose} ${version}, ${state}, in ${at}`)),
    "what dies with it: sealed columns",
    ...list(sealedColumns),
    "what is emptied: blind indexes",
    ...list(blindIndexes),
    "where",
    ...list(
      databases.map(({ cell, database, schemas, isHome, isGone, isKeyless }) =>
        [
          database === null ? cell : `${cell}, database ${database}`,
          isGone ? " (dropped already)" : `, schemas ${schemas.join(", ")}`,
          isKeyless ? ", without a registry of keys: nothing is done there" : "",
          isHome ? ", where it lives" : "",
        ].join(""),
      ),
    ),
    "how",
    ...[...shredStepNames, "receipt"].map((name, index) => `  ${index + 1}. ${name}`),
    "what is not covered",
    ...notCovered.flatMap(uncovered),
  ];
  if (plan.running !== null)
    lines.push(
      plan.running.kind === "shred"
        ? "it was begun already, and is gone on with"
        : `a ${plan.running.kind} of the tenant that was left off is given up`,
    );
  for (const { id, placedBy, placedAt, reason } of plan.holds)
    lines.push(
      `a legal hold stands in its way: ${id}, by ${visible(placedBy)}, ${placedAt.toISOString()}: ${visible(reason)}`,
    );
  return `${lines.join("\n")}\n`;
}

/** The same for programs. */
export function planDocument(plan: PlannedShred): object {
  const { running } = plan;
  return {
    formatVersion: 1,
    state: "planned",
    ...plan,
    running: running === null ? null : { id: running.id, kind: running.kind },
  };
}

export function uncovered({ what, says, names }: NotCovered): readonly string[] {
  // That it left no place is nothing to tell.
  if ((what === "left-places" || what === "keyless-places") && names.length === 0) return [];
  return [`  - ${says}`, ...names.map((name) => `      ${visible(name)}`)];
}

function list(names: readonly string[]): readonly string[] {
  return names.length === 0 ? ["  none"] : names.map((name) => `  ${visible(name)}`);
}
