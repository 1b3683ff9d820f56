/** From a path to the fact that it reads. A path that leads nowhere is reported and stands for nothing. */
import type { Name, PathExpression, PathRoot, PathStep } from "../ast/expression.ts";
import { finding } from "../diagnostics/table.ts";
import { readClock } from "./clock-path.ts";
import { nowFact } from "./formula.ts";
import { readField, rowOf, upTo } from "./field-path.ts";
import { readOf, type ReadPath } from "./read-path.ts";
import { readReference } from "./reference-path.ts";
import { placeKey, type Scope } from "./scope.ts";
import { unknownName } from "./suggest.ts";

/** The fact at a keyword's path of plain steps, or null if it was reported. `steps`: how many of them to read. */
export function readPath(
  scope: Scope,
  path: PathExpression,
  word: PathRoot,
  steps: readonly PathStep[] = path.steps,
): ReadPath | null {
  const { report } = scope.setting;
  const [first, ...further] = steps;
  const method = steps.find((step) => step.args !== null) ?? null;
  if (path.args !== null || method !== null) {
    const name = method?.name ?? { text: word, span: path.rootSpan };
    const help = "what it asks is true or false by itself";
    report.add(
      finding("type/not-value", name.span, { what: `\`${name.text}(…)\`` }, method === null ? {} : { help }),
    );
    return null;
  }
  let found = first === undefined ? readRoot(scope, path, word) : readStep(scope, path, word, first.name);
  for (const { name } of further) {
    if (found === null) return null;
    if (found.fact.type.kind !== "entity") {
      const help = noAttributes(found);
      report.add(finding("name/unknown", name.span, { kind: "attribute", name: name.text }, { help }));
      return null;
    }
    found = readReference(scope, path, found, name);
  }
  return found;
}

function noAttributes({ fact, text }: ReadPath): string {
  return fact.type.kind === "set"
    ? `\`${text}\` is a set: ask \`${text}.is_empty\` alone, or \`.contains(…)\``
    : `\`${text}\` has no attributes`;
}

function readRoot(scope: Scope, path: PathExpression, word: PathRoot): ReadPath | null {
  const { span } = path;
  switch (word) {
    case "principal":
      return readOf(
        {
          source: { from: "principal", part: "id" },
          type: { kind: "entity", entity: scope.principal.name },
          optional: false,
        },
        word,
        span,
        { root: "principal", attribute: null },
      );
    case "resource":
    case "prior":
    case "next": {
      const row = rowOf(scope, word, path.rootSpan);
      if (row === null) return null;
      return readOf(
        {
          source: { from: "row", row, part: "id" },
          type: { kind: "entity", entity: scope.entity.name },
          optional: false,
        },
        word,
        span,
        { root: row, attribute: null },
      );
    }
    case "now":
      return readOf(nowFact, word, span);
    case "clock":
    case "context":
    case "tenant":
      scope.setting.report.add(
        finding(
          "type/not-value",
          path.rootSpan,
          { what: `\`${word}\` alone` },
          { help: `write \`${word}.${word === "clock" ? "time" : "NAME"}\`` },
        ),
      );
      return null;
  }
}

function readStep(scope: Scope, path: PathExpression, word: PathRoot, name: Name): ReadPath | null {
  const { model, report } = scope.setting;
  const text = `${word}.${name.text}`;
  const span = upTo(path, name);
  switch (word) {
    case "principal":
      if (name.text === "tenant")
        return readOf(
          { source: { from: "principal", part: "tenant" }, type: { kind: "string" }, optional: false },
          text,
          span,
        );
      if (name.text === "roles") {
        report.add(
          finding(
            "type/not-value",
            span,
            { what: "`principal.roles` alone" },
            { help: "write `principal.roles.contains(ROLE)`" },
          ),
        );
        return null;
      }
      return readField(scope, path, scope.principal, "principal", name);
    case "resource":
    case "prior":
    case "next": {
      const row = rowOf(scope, word, path.rootSpan);
      if (row === null) return null;
      if (name.text === "tenant" && isOwned(scope, name))
        return readOf(
          { source: { from: "row", row, part: "tenant" }, type: { kind: "string" }, optional: false },
          text,
          span,
        );
      return name.text === "tenant" ? null : readField(scope, path, scope.entity, row, name);
    }
    case "context":
    case "tenant": {
      if (word === "tenant" && name.text === "id")
        return readOf(
          { source: { from: "tenant", part: "id" }, type: { kind: "string" }, optional: false },
          text,
          span,
        );
      const facts = model[word];
      const fact = facts.get(name.text);
      if (fact === undefined) {
        const known = word === "tenant" ? ["id", ...facts.keys()] : facts.keys();
        report.add(unknownName(`${word} fact`, name, known));
        return null;
      }
      const source =
        word === "tenant"
          ? ({ from: "tenant_attribute", name: name.text } as const)
          : ({ from: "context", name: name.text } as const);
      return readOf({ source, type: fact.type, optional: fact.optional }, text, span);
    }
    case "clock":
      return readClock(scope, path, name);
    case "now":
      report.add(unknownName("attribute", name, []));
      return null;
  }
}

/** Rows that are shared belong to no tenant: a rule that asks for theirs is to be narrowed. */
function isOwned({ setting, entity, use }: Scope, { text, span }: Name): boolean {
  const isRight = entity.model.shared !== true;
  const wrong = () =>
    finding("type/missing-attribute", span, { type: entity.name, name: text, rule: use.rule });
  setting.report.note(placeKey("tenant", span), isRight, wrong, wrong);
  return isRight;
}
