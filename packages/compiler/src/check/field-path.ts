/** Attributes of the principal and of rows. A sealed one, or one that is not there, is reported. */
import type { EntityPath, Row, Span } from "@wardline/core";
import type { Name, PathExpression } from "../ast/expression.ts";
import { finding } from "../diagnostics/table.ts";
import type { Fact } from "./formula.ts";
import { placeKey, type Scope } from "./scope.ts";
import { replaceFix, unknownName } from "./suggest.ts";
import type { EntitySymbol } from "./symbols.ts";

export interface ReadPath {
  readonly fact: Fact;
  /** Where its ancestors would stand; null where none are known. */
  readonly anchor: EntityPath | null;
  /** As written. */
  readonly text: string;
  readonly span: Span;
}

/** A path as people write it. */
export function pathText(path: PathExpression, steps = path.steps.length): string {
  const root = path.root.kind === "keyword" ? path.root.word : path.root.name.text;
  return [
    path.root.kind === "class" ? `#${root}` : root,
    ...path.steps.slice(0, steps).map((s) => s.name.text),
  ].join(".");
}

/** The fact that an attribute is, or null if it was reported. */
export function readField(
  scope: Scope,
  path: PathExpression,
  entity: EntitySymbol,
  root: "principal" | Row,
  name: Name,
): ReadPath | null {
  const { report, sealed, layer } = scope.setting;
  const word = pathText(path, 0);
  if (name.text === "id") {
    ownId(scope, path, word, name.span);
    return null;
  }
  // By name, not by place: an attribute that is misspelt twice in a rule is one mistake.
  const key = `attribute ${name.span.file} ${word}.${name.text}`;
  const field = entity.fields.get(name.text);
  const candidates = scope.use.candidates.get(key) ?? new Set<string>();
  for (const other of entity.fields.keys()) candidates.add(other);
  scope.use.candidates.set(key, candidates);
  report.note(
    key,
    field !== undefined,
    () =>
      root === "principal" && name.text === "role"
        ? finding(
            "name/unknown",
            name.span,
            { kind: "attribute", name: name.text },
            { help: "write `principal.roles.contains(ROLE)`, or name the role before `to`" },
          )
        : unknownName("attribute", name, [...candidates, "tenant"]),
    () =>
      finding("type/missing-attribute", name.span, {
        type: entity.name,
        name: name.text,
        rule: scope.use.rule,
      }),
  );
  if (field === undefined) return null;
  const text = `${word}.${name.text}`;
  if (root === "principal") {
    if (field.delegated && layer === "platform" && !scope.use.delegated.has(name.text))
      scope.use.delegated.set(name.text, name.span);
  } else {
    const by = sealed.get(entity.name)?.get(name.text);
    if (by !== undefined) {
      // The platform's text is not the tenant's to mend: where a tenant seals what the platform reads, its `encrypt` is wrong.
      const [at, other, message] =
        layer === "platform" && by.layer === "tenant"
          ? ([by.span, path.span, "read here"] as const)
          : ([path.span, by.span, "sealed here"] as const);
      report.add(finding("type/sealed", at, { path: text }, { related: [{ span: other, message }] }));
      return null;
    }
  }
  const { type, optional } = field.model;
  return {
    fact: {
      source:
        root === "principal"
          ? { from: "principal_attribute", name: name.text }
          : { from: "row_attribute", row: root, name: name.text },
      type,
      optional,
    },
    anchor: type.kind === "entity" ? { root, attribute: name.text } : null,
    text,
    span: path.span,
  };
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
export function ownId(scope: Scope, path: PathExpression, root: string, end: Span): void {
  const span = { ...path.span, end: end.end };
  scope.setting.report.add(
    finding("type/own-id", span, { path: `${root}.id`, root }, { fixes: [replaceFix(span, root)] }),
  );
}
