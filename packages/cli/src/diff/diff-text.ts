/** A change of access as lines for people. */
import { describeDecision, requestWords } from "@wardline/compiler";
import type { Program, RequestDocument } from "@wardline/core";
import type { AccessDifference, ModelChange } from "@wardline/core/search";
import { many } from "../report/finding-report.ts";
import type { OnlyInOne, ProjectDiff, TenantDiff } from "./diff-projects.ts";
import { notCompared, type GateResult } from "./gate.ts";

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
  const blocks = [
    ...differences.map((one) => differenceText(diff, one)),
    ...onlyInOne.map((one) => onlyText(diff, one)),
  ];
  const count = (kind: string) => [...differences, ...onlyInOne].filter((one) => one.kind === kind).length;
  const looked = tried === 0 ? "the rules are the same" : `${many(tried, "request")} tried`;
  return [
    ...blocks.flatMap((block) => [...block, ""]),
    ...model.map((change) => `${tenant}: ${modelText(change)}`),
    `${tenant}: ${count("gained")} gained, ${count("lost")} lost, ${count("other")} for another reason (${looked})`,
  ];
}

function differenceText({ tenant, before, after }: TenantDiff, one: AccessDifference): readonly string[] {
  const [more, less] = [one.shown.more, one.shown.less];
  const shown = [
    ...(more.length === 0 ? [] : [`shows more of ${more.join(", ")}`]),
    ...(less.length === 0 ? [] : [`shows less of ${less.join(", ")}`]),
  ];
  const what = shown.length === 0 ? "" : `, ${shown.join(" and ")}`;
  const kind = one.kind === "other" ? "other reason" : one.kind;
  return [
    `${kind}  ${tenant}: ${one.principal} ${one.action} ${one.resource}${what}`,
    ...witnessText(after, one.witness),
    `  before: ${decisionText(before, one.before)}`,
    `  after:  ${decisionText(after, one.after)}`,
  ];
}

function onlyText({ tenant, before, after }: TenantDiff, one: OnlyInOne): readonly string[] {
  const gained = one.kind === "gained";
  const program = gained ? after : before;
  const decision = decisionText(program, one.decision);
  return [
    `${one.kind}  ${tenant}: ${one.principal} ${one.action} ${one.resource}`,
    ...witnessText(program, one.witness),
    `  before: ${gained ? "there is no such thing" : decision}`,
    `  after:  ${gained ? decision : "there is no such thing"}`,
  ];
}

/** The witness as `decide --ask` takes it. */
function witnessText(program: Program, witness: RequestDocument): readonly string[] {
  const words = requestWords(program, witness);
  return [
    `  witness: ${words.principal} to ${words.action} ${words.resource}`,
    ...words.given.map((given) => `  given: ${given}`),
    ...words.unsaid.map((text) => `  and: ${text}`),
  ];
}

function decisionText(program: Program, decision: AccessDifference["before"]): string {
  const places = decision.rules.flatMap((id) => {
    const rule = program.rules.find((one) => one.id === id);
    return rule === undefined ? [] : [`${rule.file}:${rule.line}`];
  });
  return `${describeDecision(decision)}${places.length === 0 ? "" : ` (${places.join(", ")})`}`;
}

function modelText(change: ModelChange): string {
  const text = notCompared(change);
  if (text !== null) return text;
  const side = change.in === "after" ? "new" : "gone";
  switch (change.kind) {
    case "table":
      return `${change.name} is ${side}`;
    case "enum":
      return `the enum ${change.name} is ${side}`;
    case "enum_value":
      return `the value ${change.value} of ${change.name} is ${side}`;
    case "fact":
    case "timezone":
      return change.name;
  }
}
