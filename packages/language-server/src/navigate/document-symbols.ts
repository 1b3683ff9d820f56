/** What a file declares, as an outline. */
import type { Field, Statement } from "@wardline/compiler";
import type { Span } from "@wardline/core";
import type { Snapshot } from "../workspace/snapshot.ts";

export type OutlineKind =
  | "file"
  | "type"
  | "enum"
  | "value"
  | "field"
  | "role"
  | "action"
  | "relation"
  | "rule"
  | "let"
  | "settings"
  | "pack"
  | "parameter"
  | "test";

export interface OutlineItem {
  readonly name: string;
  /** A few words beside the name; empty without. */
  readonly detail: string;
  readonly kind: OutlineKind;
  readonly nameSpan: Span;
  readonly span: Span;
  readonly children: readonly OutlineItem[];
}

export function outlineOf(snapshot: Snapshot, file: string): readonly OutlineItem[] {
  return (snapshot.parsed(file)?.ast.statements ?? []).flatMap(itemsOf);
}

type Named = { readonly text: string; readonly span: Span };

function itemsOf(statement: Statement): readonly OutlineItem[] {
  const { span } = statement;
  const item = (
    name: Named,
    kind: OutlineKind,
    detail: string = statement.kind,
    children: readonly OutlineItem[] = [],
  ): OutlineItem => ({ name: name.text, detail, kind, nameSpan: name.span, span, children });
  switch (statement.kind) {
    case "permit":
    case "forbid":
    case "ceiling":
    case "floor":
    case "share":
    case "require":
    case "assert":
      return [item(statement.name, "rule")];
    case "role":
    case "delegate":
      return statement.names.map((name) => item(name, "role"));
    case "let":
      return [
        item(
          statement.name,
          "let",
          statement.parameters === null ? "let" : `let (${listOf(statement.parameters)})`,
        ),
      ];
    case "enum":
      return [
        item(
          statement.name,
          "enum",
          "enum",
          statement.values.map((value) => leaf(value, "value", "", value.span)),
        ),
      ];
    case "facts":
      return [
        item(
          { text: statement.of, span: keyword(span, statement.of) },
          "type",
          "facts",
          statement.fields.map(fieldItem),
        ),
      ];
    case "entity":
    case "principal":
      return [item(statement.name, "type", statement.kind, statement.fields.map(fieldItem))];
    case "evidence":
      return [item(statement.name, "field", "evidence")];
    case "relation":
      return [item(statement.name, "relation", `relation (${statement.from.text}, ${statement.to.text})`)];
    case "action":
      return statement.names.map((name) => item(name, "action", statement.effect));
    case "group":
      return [item(statement.name, "action", `group of ${listOf(statement.members)}`)];
    case "settings":
      return [
        item(
          { text: "settings", span: keyword(span, "settings") },
          "settings",
          "",
          statement.entries.map(({ key, span: whole }) => leaf(key, "field", "setting", whole)),
        ),
      ];
    case "use":
      return [item(statement.name, "pack", `use ${statement.version}`)];
    case "parameter":
      return [item(statement.name, "parameter")];
    case "test":
      return [
        item(
          { text: statement.title === "" ? "test" : statement.title, span: statement.titleSpan },
          "test",
          "test",
        ),
      ];
  }
}

const listOf = (names: readonly { readonly text: string }[]) => names.map(({ text }) => text).join(", ");

function keyword(span: Span, word: string): Span {
  return { ...span, end: Math.min(span.end, span.start + word.length) };
}

function leaf(name: Named, kind: OutlineKind, detail: string, span: Span): OutlineItem {
  return { name: name.text, detail, kind, nameSpan: name.span, span, children: [] };
}

function fieldItem({ name, type, span }: Field): OutlineItem {
  const of = type.of === null ? "" : `<${type.of.text}>`;
  return leaf(name, "field", `${type.name.text}${of}${type.optional ? "?" : ""}`, span);
}
