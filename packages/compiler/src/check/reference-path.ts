/** An attribute of what a reference leads to: `resource.visit.patient.name`, through two references at most. */
import { formatType, type EntityPath } from "@wardline/core";
import type { Name, PathExpression } from "../ast/expression.ts";
import { finding } from "../diagnostics/table.ts";
import { findField, isSealed, ownId, upTo } from "./field-path.ts";
import type { ReadPath } from "./read-path.ts";
import type { Scope } from "./scope.ts";

/** The fact of a name behind a reference that was read, or null if it was reported. */
export function readReference(
  scope: Scope,
  path: PathExpression,
  from: ReadPath,
  name: Name,
): ReadPath | null {
  const { model, report } = scope.setting;
  const { type } = from.fact;
  const target = type.kind === "entity" ? model.entities.get(type.entity) : undefined;
  if (target === undefined) return null;
  if (name.text === "id") {
    ownId(scope, path, from.text, name);
    return null;
  }
  const text = `${from.text}.${name.text}`;
  const span = upTo(path, name);
  if (from.anchor === null) {
    report.add(
      from.fact.source.from === "reference"
        ? finding("type/hops", span, { path: text })
        : finding("type/leads-nowhere", span, { path: from.text }),
    );
    return null;
  }
  if (target.model.storage === null) {
    report.add(finding("type/not-stored", span, { path: from.text, type: formatType(type) }));
    return null;
  }
  const field = findField(scope, target, from.text, name, false);
  if (field === null || isSealed(scope, path, target, name, text)) return null;
  const { optional } = field.model;
  const fact = {
    source: { from: "reference", of: from.anchor, name: name.text },
    type: field.model.type,
    optional,
  } as const;
  const needs = optional ? [...from.needs, { fact, text, span }] : from.needs;
  const anchor = field.model.type.kind === "entity" ? beyond(from.anchor, name.text) : null;
  return { fact, anchor, text, span, needs };
}

/** The path one reference further; null past the second, where nothing more is looked up. */
function beyond({ root, attribute, further }: EntityPath, name: string): EntityPath | null {
  if (attribute === null) return { root, attribute: name };
  return further === undefined ? { root, attribute, further: name } : null;
}
