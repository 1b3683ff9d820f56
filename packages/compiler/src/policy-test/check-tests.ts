/** From the test statements of one file to tests that can be run. A test with an error in it is left out. */
import type { Layer, SourceFile } from "@wardline/core";
import type { Name } from "../ast/expression.ts";
import type { Datum, Expect, Given, TestStatement } from "../ast/statement.ts";
import { declare } from "../check/declare.ts";
import { newReport } from "../check/report.ts";
import { unknownName } from "../check/suggest.ts";
import { finding } from "../diagnostics/table.ts";
import { leaveStatementOut } from "../lint/leave-statement-out.ts";
import type { Span } from "@wardline/core";
import { literalValue } from "../check/literal-value.ts";
import type {
  CheckedExpect,
  CheckedTest,
  ExpectList,
  ExpectOne,
  TestInstance,
  TestWorld,
} from "./checked-test.ts";
import { expectedObligations, shows } from "./expected-obligations.ts";
import { Instances, type TestSetting } from "./instances.ts";

export interface FileTests {
  readonly source: SourceFile;
  readonly statements: readonly TestStatement[];
  readonly layer: Layer;
  /** Ids of all rules that may decide, the file's own first. */
  readonly rules: readonly string[];
  /** Offset → line, from 1. */
  readonly lineAt: (offset: number) => number;
}

/** Why a request is denied, as `as` says it. */
export const reasons = ["invalid_input", "out_of_scope", "forbidden", "not_granted"] as const;

/** 2026-01-05 is a Monday. */
const noon = { kind: "time", value: "12:00:00.000000" } as const;

export function checkTests(setting: TestSetting, file: FileTests): readonly CheckedTest[] {
  const titles = new Map<string, Span>();
  return file.statements.flatMap((statement) => {
    const own = newReport();
    declare(own, titles, "test", { text: statement.title, span: statement.titleSpan });
    const expects = checkTest({ ...setting, report: own }, file, statement);
    for (const found of own.findings()) setting.report.add(found);
    if (own.hasErrors()) return [];
    return [
      {
        title: statement.title,
        file: file.source.name,
        line: file.lineAt(statement.span.start),
        span: statement.span,
        layer: file.layer,
        expects,
      },
    ];
  });
}

function checkTest(
  setting: TestSetting,
  file: FileTests,
  statement: TestStatement,
): readonly CheckedExpect[] {
  const bindings = new Map<string, Datum>();
  const seen = new Map<string, Span>();
  for (const part of statement.parts)
    if (part.kind === "let" && declare(setting.report, seen, "let", part.name))
      bindings.set(part.name.text, part.value);
  const instances = new Instances(setting, bindings);
  const expects: CheckedExpect[] = [];
  const given = new GivenSoFar(setting, instances);
  for (const part of statement.parts) {
    if (part.kind === "given") given.take(part.given);
    if (part.kind !== "expect") continue;
    const expect = checkExpect(setting, file, instances, part.expect);
    if (expect !== null)
      expects.push({ span: part.span, line: file.lineAt(part.span.start), world: given.world(), expect });
    given.expected();
  }
  for (const part of statement.parts)
    if (part.kind === "let" && !instances.used.has(part.name.text))
      setting.report.add(
        finding(
          "lint/unused-let",
          part.name.span,
          { name: part.name.text },
          { fixes: [leaveStatementOut(file.source.text, part.span)] },
        ),
      );
  return expects;
}

/** What has been given: each holds until the next of its kind. Relations given side by side hold together. */
class GivenSoFar {
  readonly #setting: TestSetting;
  readonly #instances: Instances;
  #context: TestWorld["context"] = new Map();
  #tenant: TestWorld["tenant"] = new Map();
  #now: TestWorld["now"] = noon;
  #relations: TestWorld["relations"] = [];
  #fresh = new Set<string>();

  constructor(setting: TestSetting, instances: Instances) {
    this.#setting = setting;
    this.#instances = instances;
  }

  world(): TestWorld {
    return {
      context: this.#context,
      tenant: this.#tenant,
      now: this.#now,
      relations: this.#relations,
      instances: this.#instances.all,
    };
  }

  /** After an expectation a relation is given anew. */
  expected(): void {
    this.#fresh = new Set();
  }

  take(given: Given): void {
    const { report, model } = this.#setting;
    switch (given.kind) {
      case "facts": {
        const facts = this.#instances.facts(given.values, given.of);
        if (given.of === "context") this.#context = facts;
        else this.#tenant = facts;
        return;
      }
      case "now": {
        const value = literalValue(given.type, given.text, { kind: given.type });
        if (typeof value === "string") this.#now = { kind: given.type, value };
        else
          report.add(
            finding("test/value", given.span, { name: "now", type: "a time that there is", found: "this" }),
          );
        return;
      }
      case "relation": {
        const relation = model.relations.get(given.name.text);
        const from = this.#instances.subject(given.from);
        const to = this.#instances.subject(given.to);
        if (relation === undefined) report.add(unknownName("relation", given.name, model.relations.keys()));
        if (relation === undefined || from === null || to === null) return;
        for (const [end, found, at] of [
          [relation.from, from, given.from.span],
          [relation.to, to, given.to.span],
        ] as const)
          if (end !== found.entity)
            report.add(
              finding("test/value", at, { name: relation.name, type: end, found: `a ${found.entity}` }),
            );
        const { name } = relation;
        if (!this.#fresh.has(name)) this.#relations = this.#relations.filter((pair) => pair.name !== name);
        this.#fresh.add(name);
        this.#relations = [...this.#relations, { name, from: from.id, to: to.id }];
      }
    }
  }
}

function checkExpect(
  setting: TestSetting,
  file: FileTests,
  instances: Instances,
  expect: Expect,
): ExpectOne | ExpectList | null {
  const { model, report } = setting;
  const principal = instances.subject(expect.principal);
  if (principal !== null && model.entities.get(principal.entity)?.model.kind !== "principal")
    report.add(
      finding("type/not-principal", expect.principal.span, {
        name: principal.entity,
        help: `principal types: ${model.principals.map((p) => p.name).join(", ")}`,
      }),
    );
  const action = model.actions.get(expect.action.text);
  if (action === undefined) report.add(unknownName("action", expect.action, model.actions.keys()));
  if (expect.kind === "list") {
    const over = instances.rows(expect.over);
    const gives = instances.rows(expect.gives);
    const { entity } = expect;
    if (!model.entities.has(entity.text)) report.add(unknownName("entity", entity, model.entities.keys()));
    else onEntity(setting, expect.action, entity.text);
    if (action !== undefined && action.kind !== "reads")
      report.add(finding("test/list", expect.action.span, { action: action.name }));
    checkRows(setting, expect, [...over, ...gives]);
    const missing = gives.find((row) => !over.some((other) => other.id === row.id));
    if (missing !== undefined)
      report.add(finding("test/list-gives", expect.entity.span, { row: missing.label }));
    if (principal === null || action === undefined) return null;
    return { kind: "list", principal, action: action.name, entity: entity.text, over, gives };
  }
  const resource = instances.subject(expect.resource);
  if (resource !== null) onEntity(setting, expect.action, resource.entity);
  if (expect.becomes !== null && action !== undefined && action.kind !== "updates")
    report.add(finding("test/becomes", expect.action.span, { action: action.name }));
  const next =
    resource === null || expect.becomes === null ? resource : instances.changed(resource, expect.becomes);
  const by = expect.by?.flatMap((name) => ruleNamed(setting, file, name) ?? []) ?? null;
  const patterns =
    expect.with?.flatMap((term) => expectedObligations(setting, term, resource?.entity ?? "")) ?? null;
  if (expect.outcome === "deny" && expect.with !== null && expect.with[0] !== undefined)
    report.add(finding("test/deny-with", expect.with[0].span, {}));
  const shown = expect.with?.find((term) => term.kind === "call" && term.name.text === shows);
  if (expect.outcome === "challenge" && shown !== undefined)
    report.add(finding("test/challenge-shows", shown.span, {}));
  if (expect.as !== null && (expect.outcome !== "deny" || !isReason(expect.as.text)))
    report.add(
      expect.outcome === "deny"
        ? unknownName("reason", expect.as, reasons)
        : finding("test/reason", expect.as.span, { outcome: expect.outcome }),
    );
  if (principal === null || resource === null || next === null || action === undefined) return null;
  return {
    kind: "one",
    outcome: expect.outcome,
    principal,
    action: action.name,
    resource,
    next,
    by,
    with: patterns,
    as: expect.as?.text ?? null,
  };
}

function isReason(text: string): boolean {
  return (reasons as readonly string[]).includes(text);
}

function onEntity({ model, report }: TestSetting, action: Name, entity: string): void {
  const meant = model.actions.get(action.text);
  if (meant === undefined || meant.entities.includes(entity)) return;
  report.add(finding("reach/no-action", action.span, { action: action.text, types: `\`${entity}\`` }));
}

function checkRows(
  { report }: TestSetting,
  expect: Extract<Expect, { kind: "list" }>,
  rows: readonly TestInstance[],
): void {
  const other = rows.find((row) => row.entity !== expect.entity.text);
  if (other !== undefined)
    report.add(
      finding("test/value", expect.entity.span, {
        name: "the list",
        type: `a list of ${other.entity}`,
        found: `\`${expect.entity.text}\``,
      }),
    );
}

/** The id of the rule that a name means: of the file's own layer first. */
function ruleNamed({ report }: TestSetting, file: FileTests, name: Name): string | null {
  const found = file.rules.find((id) => id.slice(id.lastIndexOf("/") + 1) === name.text);
  if (found !== undefined) return found;
  report.add(
    unknownName(
      "rule",
      name,
      file.rules.map((id) => id.slice(id.lastIndexOf("/") + 1)),
    ),
  );
  return null;
}
