/** Attributes of the principal and of rows. A sealed one, or one that is not there, is reported. */
import type { Row, Span } from "@wardline/core";
import type { Name, PathExpression } from "../ast/expression.ts";
import { finding } from "../diagnostics/table.ts";
import { readOf, type ReadPath } from "./read-path.ts";
import { placeKey, type Scope } from "./scope.ts";
import { replaceFix, unknownName } from "./suggest.ts";
import type { EntitySymbol, FieldSymbol } from "./symbols.ts";

/** A path as people write it. */
export function pathText(path: PathExpression, steps = path.steps.length): string {
  const root = path.root.kind === "keyword" ? path.root.word : path.root.name.text;
  return [
    path.root.kind === "class" ? `#${root}` : root,
    ...path.steps.slice(0, steps).map((s) => s.name.text),
  ].join(".");
}

/** The fact that an attribute of the principal or of a row is, or null if it was reported. */
export function readField(
  scope: Scope,
  path: PathExpression,
  entity: EntitySymbol,
  root: "principal" | Row,
  name: Name,
): ReadPath | null {
  const word = pathText(path, 0);
  if (name.text === "id") {
    ownId(scope, path, word, name);
    return null;
  }
  const field = findField(scope, entity, word, name, root === "principal");
  if (field === null) return null;
  const text = `${word}.${name.text}`;
  // A principal's own attributes come with its session, in the clear.
  if (root !== "principal" && isSealed(scope, path, entity, name, text)) return null;
  const { type, optional } = field.model;
  const source =
    root === "principal"
      ? ({ from: "principal_attribute", name: name.text } as const)
      : ({ from: "row_attribute", row: root, name: name.text } as const);
  const anchor = type.kind === "entity" ? { root, attribute: name.text } : null;
  return readOf({ source, type, optional }, text, upTo(path, name), anchor);
}

/** The path from its beginning to one of its steps; the whole path where a let's argument brought the step from elsewhere. */
export function upTo({ span }: PathExpression, step: Name): Span {
  const { file, start, end } = step.span;
  return file === span.file && span.start <= start && end <= span.end ? { ...span, end } : span;
}

/** The field of a name, or null if it was reported. Notes what tenants set. `owner`: the path before it. */
export function findField(
  scope: Scope,
  entity: EntitySymbol,
  owner: string,
  name: Name,
  isPrincipal: boolean,
): FieldSymbol | null {
  const { report, layer } = scope.setting;
  // By name, not by place: an attribute that is misspelt twice in a rule is one mistake.
  const key = `attribute ${name.span.file} ${owner}.${name.text}`;
  const field = entity.fields.get(name.text);
  const candidates = scope.use.candidates.get(key) ?? new Set<string>();
  for (const other of entity.fields.keys()) candidates.add(other);
  scope.use.candidates.set(key, candidates);
  report.note(
    key,
    field !== undefined,
    () =>
      isPrincipal && name.text === "role"
        ? finding(
            "name/unknown",
            name.span,
            { kind: "attribute", name: name.text },
            { help: "write `principal.roles.contains(ROLE)`, or name the role before `to`" },
          )
        : unknownName("attribute", name, owner.includes(".") ? candidates : [...candidates, "tenant"]),
    () =>
      finding("type/missing-attribute", name.span, {
        type: entity.name,
        name: name.text,
        rule: scope.use.rule,
      }),
  );
  if (field === undefined) return null;
  if (field.delegated && layer === "platform" && !scope.use.delegated.has(name.text))
    scope.use.delegated.set(name.text, name.span);
  return field;
}

/** True if the field is sealed at rest, which is reported. */
export function isSealed(
  scope: Scope,
  path: PathExpression,
  entity: EntitySymbol,
  name: Name,
  text: string,
): boolean {
  const { report, sealed, layer } = scope.setting;
  const by = sealed.get(entity.name)?.get(name.text);
  if (by === undefined) return false;
  // The platform's text is not the tenant's to mend: where a tenant seals what the platform reads, its `encrypt` is wrong.
  const [at, other, message] =
    layer === "platform" && by.layer === "tenant"
      ? ([by.span, path.span, "read here"] as const)
      : ([path.span, by.span, "sealed here"] as const);
  report.add(finding("type/sealed", at, { path: text }, { related: [{ span: other, message }] }));
  return true;
}

/** The row that a word stands for, or null if the action has none. */
export function rowOf(scope: Scope, word: "resource" | "prior" | "next", span: Span): Row | null {
  const { use, action } = scope;
  if (word === "resource") {
    use.resource ??= span;
    return scope.row;
  }
  const absent: { readonly [Kind in typeof action.kind]: readonly Row[] } = {
    reads: ["prior", "next"],
    creates: ["prior"],
    updates: [],
    deletes: ["next"],
  };
  if (!absent[action.kind].includes(word)) {
    use.side ??= { row: word, span };
    return word;
  }
  const wrong = () =>
    finding("type/row", span, {
      row: word,
      when: `\`${action.name}\` ${action.kind} a row`,
      help:
        action.kind === "reads"
          ? "say `resource`, or narrow the rule to other actions"
          : "narrow the rule to other actions",
    });
  // The first action says enough of those that have no such row.
  scope.setting.report.note(placeKey("row", span), false, wrong, wrong);
  return null;
}

/** Ids are compared through the thing itself, by type and id. */
export function ownId(scope: Scope, path: PathExpression, root: string, id: Name): void {
  const span = upTo(path, id);
  scope.setting.report.add(
    finding("type/own-id", span, { path: `${root}.id`, root }, { fixes: [replaceFix(span, root)] }),
  );
}
