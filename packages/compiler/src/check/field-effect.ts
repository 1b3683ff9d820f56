/** What `hide` and `mask` do to the fields of an entity. */
import { canMask, formatType, strictest, type FieldEffect, type FieldModel, type Mask } from "@wardline/core";
import type { Term } from "../ast/statement.ts";
import { finding } from "../diagnostics/table.ts";
import { maskOf } from "./mask-term.ts";
import { isMask, maskFunctions, maskNames, type MaskName } from "./mask-table.ts";
import { misformed, type Call } from "./misformed.ts";
import { placeKey, type Setting, type Use } from "./scope.ts";
import { unknownName } from "./suggest.ts";
import type { EntitySymbol } from "./symbols.ts";

/** What the terms do to the fields of one entity, in model order; of several on one field the strictest. */
export function effectsOn(
  setting: Setting,
  use: Use,
  terms: readonly Call[],
  entity: EntitySymbol,
): readonly FieldEffect[] {
  const masks = new Map<string, Mask[]>();
  const put = (field: string, mask: Mask) => masks.set(field, [...(masks.get(field) ?? []), mask]);
  for (const term of terms) {
    if (term.name.text === "hide") {
      if (term.args.length === 0) misformed(setting, term, "`hide` does not say what");
      for (const { term: field } of term.args)
        for (const { name } of fieldsOf(setting, use, field, entity)) put(name, { kind: "hide" });
    } else {
      const [field, how] = term.args;
      if (field === undefined || how === undefined || term.args.length !== 2) {
        misformed(setting, term, "`mask` takes a field and how it is shown");
        continue;
      }
      const mask = maskOf(setting, how.term);
      for (const found of fieldsOf(setting, use, field.term, entity))
        if (mask !== null && fits(setting, field.term, how.term, mask, found)) put(found.name, mask);
    }
  }
  return entity.model.fields.flatMap(({ name }) => {
    const own = masks.get(name);
    return own === undefined ? [] : [{ field: name, mask: strictest(own) }];
  });
}

/** The fields that a name or a class stands for on an entity. */
function fieldsOf(setting: Setting, use: Use, term: Term, entity: EntitySymbol): readonly FieldModel[] {
  const isClass = term.kind === "class";
  if (!isClass && (term.kind !== "call" || term.args.length > 0)) {
    setting.report.add(
      finding("type/not-value", term.span, { what: "this" }, { help: "write the name of a field" }),
    );
    return [];
  }
  const { name } = term;
  const key = placeKey("field", term.span);
  const candidates = use.candidates.get(key) ?? new Set<string>();
  use.candidates.set(key, candidates);
  for (const { model } of entity.fields.values())
    for (const known of isClass ? model.classes : [model.name]) candidates.add(known);
  const found = entity.model.fields.filter((field) =>
    isClass ? field.classes.includes(name.text) : field.name === name.text,
  );
  setting.report.note(
    key,
    found.length > 0,
    () =>
      isClass
        ? unknownName(
            "class",
            { text: `#${name.text}`, span: term.span },
            [...candidates].map((c) => `#${c}`),
          )
        : unknownName("field", { text: name.text, span: term.span }, candidates),
    // A class is a way to say "those that have one": a type without is no mistake.
    isClass
      ? undefined
      : () =>
          finding("type/missing-attribute", term.span, {
            type: entity.name,
            name: name.text,
            rule: use.rule,
          }),
  );
  return found;
}

/** False, and reported, if the mask cannot stand for values of the field. */
function fits(setting: Setting, at: Term, how: Term, mask: Mask, field: FieldModel): boolean {
  if (canMask(mask, field.type)) return true;
  const name = how.kind === "call" ? how.name.text : "";
  const others = maskNames.filter((other) => canMask(exampleOf(other), field.type));
  const hide = `\`hide(${field.name})\``;
  const help =
    others.length === 0
      ? `write ${hide}`
      : `write ${others.map((other) => `\`mask(${field.name}, ${maskFunctions[other].form})\``).join(" or ")}, or ${hide}`;
  setting.report.add(
    finding(
      "obligation/field-type",
      at.span,
      {
        what: `\`${name}\``,
        takes: isMask(name) ? maskFunctions[name].takes : "another type",
        field: field.name,
        type: formatType(field.type),
      },
      { help },
    ),
  );
  return false;
}

function exampleOf(name: MaskName): Mask {
  return maskFunctions[name].make(null, 1);
}
