/** What `hide` and `mask` do to the fields of an entity. */
import {
  formatType,
  maskAt,
  maxPartial,
  strictness,
  stricter,
  type FieldEffect,
  type Mask,
} from "@wardline/core";
import type { Argument, Term } from "../ast/statement.ts";
import { finding } from "../diagnostics/table.ts";
import { notYet } from "./not-yet.ts";
import { misformed, type Call } from "./obligation.ts";
import { placeKey, type Setting, type Use } from "./scope.ts";
import { unknownName } from "./suggest.ts";
import type { EntitySymbol } from "./symbols.ts";

const maskFunctions = ["initials", "partial", "redact"] as const;
const laterMasks: ReadonlySet<string> = new Set(["bucket", "month", "year", "token", "hash"]);

/** What the terms do to the fields of one entity, in model order; of two on one field the stricter. */
export function effectsOn(
  setting: Setting,
  use: Use,
  terms: readonly Call[],
  entity: EntitySymbol,
): readonly FieldEffect[] {
  const masks = new Map<string, Mask>();
  const put = (field: string, mask: Mask) => masks.set(field, stricter(masks.get(field) ?? maskAt(0), mask));
  for (const term of terms) {
    if (term.name.text === "hide") {
      if (term.args.length === 0) misformed(setting, term, "`hide` does not say what", "hide(NAME)");
      for (const { term: field } of term.args)
        for (const name of fieldsOf(setting, use, field, entity, null)) put(name, { kind: "hide" });
    } else if (term.name.text === "mask") {
      const [field, how] = term.args;
      if (field === undefined || how === undefined || term.args.length !== 2) {
        misformed(setting, term, "`mask` takes a field and how it is shown", "mask(NAME, redact)");
        continue;
      }
      const mask = maskOf(setting, how.term);
      const wanted = mask !== null && strictness(mask) < strictness({ kind: "hide" });
      for (const name of fieldsOf(setting, use, field.term, entity, wanted ? how.term : null))
        if (mask !== null) put(name, mask);
    }
  }
  return entity.model.fields.flatMap(({ name }) => {
    const mask = masks.get(name);
    return mask === undefined ? [] : [{ field: name, mask }];
  });
}

/** The fields that a name or a class stands for on an entity. `textMask`: the mask that takes only Strings. */
function fieldsOf(
  setting: Setting,
  use: Use,
  term: Term,
  entity: EntitySymbol,
  textMask: Term | null,
): readonly string[] {
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
  const found = [...entity.fields.values()].filter(({ model }) =>
    isClass ? model.classes.includes(name.text) : model.name === name.text,
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
  return found.flatMap(({ model }) => {
    if (textMask === null || model.type.kind === "string") return [model.name];
    const what = textMask.kind === "call" ? `\`${textMask.name.text}\`` : "a mask";
    setting.report.add(
      finding(
        "obligation/not-text",
        term.span,
        { what, field: model.name, type: formatType(model.type) },
        { help: `write \`hide(${model.name})\`` },
      ),
    );
    return [];
  });
}

function maskOf(setting: Setting, term: Term): Mask | null {
  if (term.kind !== "call") {
    setting.report.add(
      finding(
        "type/not-value",
        term.span,
        { what: "this" },
        { help: `write one of ${maskFunctions.join(", ")}` },
      ),
    );
    return null;
  }
  switch (term.name.text) {
    case "initials":
    case "redact":
      if (term.args.length > 0) {
        misformed(setting, term, `\`${term.name.text}\` takes no arguments`, term.name.text);
        return null;
      }
      return { kind: term.name.text };
    case "partial": {
      const last = wholeArgument(term.args);
      if (last === undefined || last < 1 || last > maxPartial) {
        misformed(
          setting,
          term,
          `\`partial\` says how many characters are shown, from 1 to ${maxPartial}`,
          "partial(last: 4)",
        );
        return null;
      }
      return { kind: "partial", last };
    }
  }
  if (laterMasks.has(term.name.text))
    setting.report.add(
      notYet(`the mask \`${term.name.text}\``, term.name.span, `known: ${maskFunctions.join(", ")}`),
    );
  else setting.report.add(unknownName("mask", term.name, maskFunctions));
  return null;
}

/** The number in `(last: n)`. */
function wholeArgument(args: readonly Argument[]): number | undefined {
  const [argument] = args;
  if (args.length !== 1 || argument?.label?.text !== "last") return undefined;
  const { term } = argument;
  return term.kind === "literal" && term.type === "int" ? Number(term.text.replaceAll("_", "")) : undefined;
}
