/** A change of access as lines for people. */
import {
  changeWords,
  modelWords,
  onlyInOneWords,
  type ChangeWords,
  type DecisionWords,
  type GateResult,
  type ProjectDiff,
  type TenantDiff,
} from "@wardline/compiler/access";
import { many } from "../report/finding-report.ts";

export function diffText(diff: ProjectDiff, gates: readonly GateResult[]): readonly string[] {
  const { tenants, added, removed } = diff;
  return [
    ...tenants.flatMap(tenantText),
    ...added.map((tenant) => `${tenant}: this tenant is new`),
    ...removed.map((tenant) => `${tenant}: this tenant is gone`),
    ...gates.flatMap(({ gate, passed, reasons }) => [
      `gate ${gate}: ${passed ? "passed" : `failed, for ${many(reasons.length, "reason")}`}`,
      ...reasons.map((reason) => `  ${reason}`),
    ]),
  ];
}

function tenantText(diff: TenantDiff): readonly string[] {
  const { tenant, differences, onlyInOne, model, tried } = diff;
  const changes = [
    ...differences.map((one) => changeWords(diff, one)),
    ...onlyInOne.map((one) => onlyInOneWords(diff, one)),
  ];
  const count = (kind: string) => changes.filter((one) => one.kind === kind).length;
  const looked = tried === 0 ? "the rules are the same" : `${many(tried, "request")} tried`;
  return [
    ...changes.flatMap((change) => [...changeText(tenant, change), ""]),
    ...model.map((change) => `${tenant}: ${modelWords(change)}`),
    `${tenant}: ${count("gained")} gained, ${count("lost")} lost, ${count("other")} for another reason (${looked})`,
  ];
}

/** The witness stands as `decide --ask` takes it. */
function changeText(tenant: string, { kind, title, witness, before, after }: ChangeWords): readonly string[] {
  return [
    `${kind === "other" ? "other reason" : kind}  ${tenant}: ${title}`,
    `  witness: ${witness.principal} to ${witness.action} ${witness.resource}`,
    ...witness.given.map((given) => `  given: ${given}`),
    ...witness.unsaid.map((text) => `  and: ${text}`),
    `  before: ${decisionText(before)}`,
    `  after:  ${decisionText(after)}`,
  ];
}

function decisionText(decision: DecisionWords | null): string {
  if (decision === null) return "there is no such thing";
  const places = decision.places.map(({ file, line }) => `${file}:${line}`);
  return `${decision.text}${places.length === 0 ? "" : ` (${places.join(", ")})`}`;
}
