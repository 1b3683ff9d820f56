/** A plan as people and machines read it. */
import type { DatabasePlan, PlanStep } from "@wardline/isolation";
import { many } from "../report/finding-report.ts";
import { visible } from "../report/visible.ts";

/** SQL, with what is no statement in comments, so that it can be kept as a migration. */
export function formatPlanText({ steps, refusals, forSuperuser }: DatabasePlan): string {
  const refused = refusals.flatMap(({ object, reason, cure }) => [
    `-- refused: ${object.kind} ${object.name}: ${reason}`,
    `--   ${cure}`,
  ]);
  const left =
    forSuperuser.length === 0
      ? []
      : [
          "-- only a superuser can do this:",
          ...forSuperuser.flatMap((step) => statement(step).map((line) => `-- ${line}`)),
        ];
  const hint = refusals.some(({ migration }) => migration !== undefined)
    ? ["-- `wardline db plan --migration` prints statements that settle some of this and keep every value"]
    : [];
  const closing =
    refusals.length > 0
      ? [...hint, `-- ${many(refusals.length, "difference")} refused: nothing is run`]
      : steps.length === 0
        ? ["-- nothing is missing"]
        : [];
  const lines = [...steps.flatMap(statement), ...refused, ...left, ...closing];
  return lines.map((line) => `${visible(line)}\n`).join("");
}

/** The statements that settle what is refused, in one transaction; what must be settled otherwise stands in comments. */
export function formatMigration({ refusals }: DatabasePlan): string {
  const settled = refusals.flatMap(({ migration = [] }) => migration);
  const left = refusals.filter(({ migration }) => migration === undefined);
  const lines = [
    ...(settled.length === 0 ? [] : ["BEGIN;", ...settled.map((sql) => `${sql};`), "COMMIT;"]),
    ...left.flatMap(({ object, reason, cure }) => [
      `-- not settled: ${object.kind} ${object.name}: ${reason}`,
      `--   ${cure}`,
    ]),
    ...(refusals.length === 0 ? ["-- nothing is refused"] : []),
  ];
  return lines.map((line) => `${visible(line)}\n`).join("");
}

function statement({ sql }: PlanStep): readonly string[] {
  return `${sql};`.split("\n");
}

/** As `docs/spec/plan-report.schema.json` says. `done` is null for a plan that was not run. */
export function formatPlanJson(
  { steps, refusals, forSuperuser }: DatabasePlan,
  done: readonly PlanStep[] | null,
): string {
  const shown = ({ object, sql }: PlanStep) => ({ object: { kind: object.kind, name: object.name }, sql });
  const document = {
    formatVersion: 1,
    steps: steps.map(shown),
    refusals: refusals.map(({ object, reason, cure, migration = [] }) => ({
      object: { kind: object.kind, name: object.name },
      reason,
      cure,
      migration,
    })),
    forSuperuser: forSuperuser.map(shown),
    done: done === null ? null : done.map(shown),
  };
  return `${JSON.stringify(document, null, 2)}\n`;
}
