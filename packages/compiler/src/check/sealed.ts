/** Which fields a file set seals at rest: `require NAME: encrypt(#class, field)`. Static: no reach, no condition. */
import { formatType, type Layer, type Span } from "@wardline/core";
import type { RequireStatement, Term } from "../ast/statement.ts";
import { finding } from "../diagnostics/table.ts";
import type { Report } from "./report.ts";
import { unknownName } from "./suggest.ts";
import type { Model } from "./symbols.ts";
import { unknownClass } from "./unknown-class.ts";

type Places = Map<string, Map<string, { readonly span: Span; readonly layer: Layer }>>;

export const encryptObligation = "encrypt";

/** True if the term is an `encrypt(…)`. */
export function isEncrypt(term: Term): boolean {
  return term.kind === "call" && term.name.text === encryptObligation;
}

/** Adds what one layer's statements seal. */
export function collectSealed(
  report: Report,
  model: Model,
  layer: Layer,
  statements: readonly RequireStatement[],
  sealed: Places,
): void {
  for (const statement of statements)
    for (const term of statement.terms) {
      if (term.kind !== "call" || !isEncrypt(term)) continue;
      const clause = statement.clauses.find((c) => c.kind === "when" || c.kind === "unless");
      if (statement.reach !== null)
        report.add(finding("obligation/static", statement.reach.span, { what: "`for … to …`" }));
      else if (clause !== undefined)
        report.add(finding("obligation/static", clause.span, { what: "`when` or `unless`" }));
      if (term.args.length === 0)
        report.add(
          finding("obligation/arguments", term.span, {
            problem: "`encrypt` does not say what",
            form: "encrypt(#class, field)",
          }),
        );
      for (const { label, term: named } of term.args)
        if (label === null) sealNamed(report, model, layer, named, sealed);
        else
          report.add(
            finding("obligation/arguments", term.span, {
              problem: `\`${label.text}:\` has no meaning in \`encrypt\``,
              form: "encrypt(#class, field)",
            }),
          );
    }
}

function sealNamed(report: Report, model: Model, layer: Layer, term: Term, sealed: Places): void {
  const isClass = term.kind === "class";
  if (!isClass && (term.kind !== "call" || term.args.length > 0)) {
    report.add(
      finding("obligation/arguments", term.span, {
        problem: "`encrypt` takes classes and names of fields",
        form: "encrypt(#class, field)",
      }),
    );
    return;
  }
  const { text } = term.name;
  let found = false;
  for (const entity of model.entities.values()) {
    if (entity.model.storage === null) continue;
    for (const { model: field } of entity.fields.values()) {
      if (isClass ? !field.classes.includes(text) : field.name !== text) continue;
      if (isClass || entity.model.shared !== true) found = true;
      if (entity.model.shared === true) {
        // A name alone means the fields of that name that can be sealed.
        if (!isClass) continue;
        const name = `${entity.name}.${field.name}`;
        report.add(finding("obligation/shared", term.span, { field: name }));
        continue;
      }
      if (field.type.kind !== "string") {
        const type = formatType(field.type);
        const name = `${entity.name}.${field.name}`;
        const holes = { what: "`encrypt`", takes: "a String", field: name, type };
        const help = "only text is stored sealed: leave the field out";
        report.add(finding("obligation/field-type", term.span, holes, { help }));
        continue;
      }
      const fields = sealed.get(entity.name) ?? new Map();
      sealed.set(entity.name, fields);
      // The platform's `encrypt` is looked at first and stands as the place.
      if (!fields.has(field.name)) fields.set(field.name, { span: term.span, layer });
    }
  }
  if (found) return;
  const stored = [...model.entities.values()].filter((entity) => entity.model.storage !== null);
  if (isClass) report.add(unknownClass(model, { ...term.name, span: term.span }));
  else
    report.add(
      unknownName(
        "field",
        term.name,
        stored.flatMap((entity) => [...entity.fields.keys()]),
      ),
    );
}
