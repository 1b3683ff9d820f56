/** A field that is renamed keeps its column: a column that followed the name is written out, and one that is written as the new name gives it is left out. */
import type { Field } from "@wardline/compiler";
import type { TextEdit } from "@wardline/core";
import type { ProjectSymbol } from "../symbols/symbol.ts";
import type { SymbolIndex } from "../symbols/symbol-index.ts";
import type { Snapshot } from "../workspace/snapshot.ts";

export function columnEdits(
  snapshot: Snapshot,
  { model }: SymbolIndex,
  { kind, within, name }: ProjectSymbol,
  renamed: string,
): readonly TextEdit[] {
  if (kind !== "field" || within === null) return [];
  const field = model.fields.get(within)?.get(name);
  const table = model.entities.get(within)?.storedIn?.table.text;
  if (field === undefined || table === undefined || field.type.name.text === "Set") return [];
  const column = (text: string) => (model.entities.has(field.type.name.text) ? `${text}_id` : text);
  if (field.via === null) {
    const at = field.span.end;
    return [{ span: { ...field.span, start: at }, text: ` via ${table}(${column(name)})` }];
  }
  const [only, more] = field.via.columns;
  const isPlain = field.via.table.text === table && more === undefined && only?.text === column(renamed);
  return isPlain ? leftOut(snapshot, field) : [];
}

function leftOut(snapshot: Snapshot, { via, span }: Field): readonly TextEdit[] {
  if (via === null) return [];
  const text = snapshot.text(span.file) ?? "";
  const before = /[ \t]*\bvia\s*$/.exec(text.slice(span.start, via.span.start));
  const start =
    before === null
      ? /^via\b/.test(text.slice(via.span.start))
        ? via.span.start
        : -1
      : span.start + before.index;
  if (start < 0) return [];
  const space = /[ \t]*$/.exec(text.slice(span.start, start))?.[0].length ?? 0;
  return [{ span: { ...span, start: start - space, end: via.span.end }, text: "" }];
}
