/** The obligations of a rule: field effects of permits and requires, preconditions of requires. */
import {
  formatType,
  maskAt,
  maxPartial,
  strictness,
  stricter,
  type FieldEffect,
  type Mask,
  type Obligation,
} from "@wardline/core";
import type { Argument, Term } from "../ast/statement.ts";
import { finding } from "../diagnostics/table.ts";
import { durationMicros } from "./literal.ts";
import { reasonEvidence } from "./model-evidence.ts";
import { notYet } from "./not-yet.ts";
import { placeKey, type Setting, type Use } from "./scope.ts";
import { unknownName } from "./suggest.ts";
import type { EntitySymbol, EvidenceSymbol } from "./symbols.ts";

export interface Precondition {
  readonly obligation: Extract<Obligation, { type: "reason" | "step_up" }>;
  readonly evidence: EvidenceSymbol;
}

const effects = ["hide", "mask"] as const;
const preconditions = ["reason", "step_up"] as const;
const later: ReadonlySet<string> = new Set(["audit", "notify", "limit", "approval"]);
const maskFunctions = ["initials", "partial", "redact"] as const;
const laterMasks: ReadonlySet<string> = new Set(["bucket", "month", "year", "token", "hash"]);

type Call = Extract<Term, { kind: "call" }>;

/** Sorts the terms of a rule; what cannot stand there is reported. `encrypt` is looked at elsewhere. */
export function sortTerms(
  setting: Setting,
  kind: "permit" | "require",
  terms: readonly Term[],
): readonly Call[] {
  const { report } = setting;
  return terms.filter((term): term is Call => {
    if (term.kind !== "call") {
      report.add(
        finding(
          "type/not-value",
          term.span,
          { what: "this" },
          { help: "write an obligation, such as `hide(NAME)`" },
        ),
      );
      return false;
    }
    const { text } = term.name;
    if ((effects as readonly string[]).includes(text)) return true;
    if ((preconditions as readonly string[]).includes(text)) {
      if (kind === "require") return true;
      report.add(notYet(`\`${text}\` on a permit`, term.name.span));
    } else if (text === "encrypt") {
      if (kind === "permit") report.add(notYet("`encrypt` on a permit", term.name.span));
    } else if (later.has(text)) report.add(notYet(`\`${text}\``, term.name.span));
    else
      report.add(
        unknownName("obligation", term.name, [
          ...effects,
          ...preconditions,
          ...(kind === "require" ? ["encrypt"] : []),
        ]),
      );
    return false;
  });
}

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
      if (term.args.length === 0) report(setting, term, "`hide` does not say what", "hide(NAME)");
      for (const { term: field } of term.args)
        for (const name of fieldsOf(setting, use, field, entity, null)) put(name, { kind: "hide" });
    } else if (term.name.text === "mask") {
      const [field, how] = term.args;
      if (field === undefined || how === undefined || term.args.length !== 2) {
        report(setting, term, "`mask` takes a field and how it is shown", "mask(NAME, redact)");
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
    () => unknownName(isClass ? "class" : "field", { text: name.text, span: term.span }, candidates),
    // A class is a way to say "those that have one": a type without is no mistake.
    isClass
      ? undefined
      : () => finding("type/missing-attribute", term.span, { type: entity.name, name: name.text }),
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
        report(setting, term, `\`${term.name.text}\` takes no arguments`, term.name.text);
        return null;
      }
      return { kind: term.name.text };
    case "partial": {
      const last = wholeArgument(term.args);
      if (last === undefined || last < 1 || last > maxPartial) {
        report(
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
    setting.report.add(notYet(`the mask \`${term.name.text}\``, term.name.span));
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

/** The preconditions among the terms of a require. */
export function preconditionsOf(setting: Setting, terms: readonly Call[]): readonly Precondition[] {
  return terms.flatMap((term) => {
    if (term.name.text === "reason") return reasonOf(setting, term) ?? [];
    return term.name.text === "step_up" ? (stepUpOf(setting, term) ?? []) : [];
  });
}

function reasonOf(setting: Setting, term: Call): Precondition | null {
  if (term.args.length > 0) {
    report(setting, term, "`reason` takes no arguments", "reason");
    return null;
  }
  const evidence = setting.model.evidence.get(reasonEvidence);
  if (evidence !== undefined) return { obligation: { type: "reason" }, evidence };
  setting.report.add(finding("obligation/no-evidence", term.name.span, { name: reasonEvidence }));
  return null;
}

const stepUpForm = "step_up(FACTOR, within: 5m)";

function stepUpOf(setting: Setting, term: Call): Precondition | null {
  const [factor, within] = term.args;
  if (
    factor?.term.kind !== "call" ||
    factor.label !== null ||
    factor.term.args.length > 0 ||
    term.args.length > 2
  ) {
    report(setting, term, "`step_up` takes a factor, and how old it may be", stepUpForm);
    return null;
  }
  const { name } = factor.term;
  const factors = [...setting.model.evidence.values()].filter((e) => e.name !== reasonEvidence);
  const evidence = factors.find((e) => e.name === name.text);
  if (evidence === undefined) {
    setting.report.add(
      unknownName(
        "factor",
        name,
        factors.map((e) => e.name),
      ),
    );
    return null;
  }
  if (within === undefined)
    return { obligation: { type: "step_up", factor: name.text, within: null }, evidence };
  const { term: age } = within;
  const micros = age.kind === "literal" && age.type === "duration" ? durationMicros(age.text) : undefined;
  if (within.label?.text !== "within" || micros === undefined) {
    report(setting, term, "how old a factor may be is a Duration", stepUpForm);
    return null;
  }
  if (evidence.facts.length < 2) {
    const problem = `the evidence for \`${name.text}\` does not say how old it is`;
    setting.report.add(
      finding(
        "obligation/evidence",
        age.span,
        { problem },
        { help: "add a fact of type Duration to the model's `evidence`, or leave `within` out" },
      ),
    );
    return null;
  }
  return { obligation: { type: "step_up", factor: name.text, within: micros }, evidence };
}

function report(setting: Setting, term: Call, problem: string, form: string): void {
  setting.report.add(finding("obligation/arguments", term.span, { problem, form }));
}
