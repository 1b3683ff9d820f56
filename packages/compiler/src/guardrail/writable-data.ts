/**
 * Guardrails over data that a tenant's own permit may update: who may change the data may lift the guardrail, unless a rule
 * of the platform looks at the row before and after.
 */
import type { EntityPath } from "@wardline/core";
import { factsOf, questionsOf, type Fact, type Formula } from "../check/formula.ts";
import type { Report } from "../check/report.ts";
import type { Case, CheckedRule } from "../check/rule.ts";
import type { Model } from "../check/symbols.ts";
import { finding } from "../diagnostics/table.ts";
import { canHold, placeOf } from "./places.ts";

/** A field as `Entity.field`. */
type Field = string;

export function checkWritableData(report: Report, model: Model, rules: readonly CheckedRule[]): void {
  const read = readerOf(model);
  const guardrails = rules.filter(({ rule }) => rule.layer === "platform");
  const ceilings = guardrails.filter(({ rule }) => rule.kind === "ceiling");
  const open = new Set(ceilings.flatMap((rule) => rule.cases.filter(canHold).map(placeOf)));
  // One permit of each place will do.
  const writers = new Map<string, { readonly rule: CheckedRule; readonly c: Case }>();
  for (const rule of rules)
    if (rule.rule.layer === "tenant" && rule.rule.kind === "permit")
      for (const c of rule.cases)
        if (
          model.actions.get(c.action)?.kind === "updates" &&
          canHold(c) &&
          (ceilings.length === 0 || open.has(placeOf(c))) &&
          !writers.has(placeOf(c))
        )
          writers.set(placeOf(c), { rule, c });
  if (writers.size === 0) return;
  const watched = watchedBy(guardrails, read);
  for (const { statement, cases } of guardrails) {
    const fields = new Set(cases.flatMap((c) => (canHold(c) ? read(c, c.when) : [])));
    const lifted = [...fields].flatMap((field) => {
      const writer = [...writers.values()].find(
        ({ c }) => field.startsWith(`${c.entity}.`) && watched.get(placeOf(c))?.has(field) !== true,
      );
      return writer === undefined ? [] : [{ field, writer }];
    });
    const [first] = lifted;
    if (first === undefined) continue;
    const [type, name] = first.field.split(".") as [string, string];
    report.add(
      finding(
        "guardrail/writable-data",
        statement.name.span,
        {
          name: statement.name.text,
          fields: lifted.map(({ field }) => `\`${field}\``).join(", "),
          permit: first.writer.rule.rule.id,
          form: `forbid NAME: anyone to ${first.writer.c.action} ${type} unless prior.${name} == next.${name}`,
        },
        { related: [{ span: first.writer.rule.statement.name.span, message: "may update it" }] },
      ),
    );
  }
}

/** The fields of rows that a condition reads. */
function readerOf(model: Model): (c: Case, formula: Formula) => readonly Field[] {
  const known = new WeakMap<Formula, readonly Field[]>();
  const targetOf = (entity: string | undefined, field: string | undefined): string | undefined => {
    if (entity === undefined || field === undefined) return undefined;
    const type = model.entities.get(entity)?.fields.get(field)?.model.type;
    return type?.kind === "entity" ? type.entity : undefined;
  };
  /** The references of a path, each a field, and what it ends at. What a principal refers to comes with the session. */
  const follow = (c: Case, { root, attribute, further }: EntityPath) => {
    const start = root === "principal" ? c.principal : c.entity;
    const first = attribute === null ? start : targetOf(start, attribute);
    const fields = [
      ...(root === "principal" || attribute === null ? [] : [`${start}.${attribute}`]),
      ...(further === undefined || first === undefined ? [] : [`${first}.${further}`]),
    ];
    return { fields, owner: further === undefined ? first : targetOf(first, further) };
  };
  const fieldOf = (c: Case, { source }: Fact): readonly Field[] => {
    if (source.from === "row_attribute") return [`${c.entity}.${source.name}`];
    if (source.from !== "reference" && source.from !== "ancestors") return [];
    const { fields, owner } = follow(c, source.of);
    if (source.from === "ancestors" || owner === undefined) return fields;
    return [...fields, `${owner}.${source.name}`];
  };
  return (c, formula) => {
    const fields =
      known.get(formula) ??
      questionsOf(formula)
        .flatMap(factsOf)
        .flatMap((fact) => fieldOf(c, fact));
    known.set(formula, fields);
    return fields;
  };
}

/**
 * Place → the fields that an update there cannot change unseen: some forbid of the platform reads them, or a require that
 * asks for something, or every ceiling. What a rule calls `resource` is the row before and after.
 */
function watchedBy(
  guardrails: readonly CheckedRule[],
  read: (c: Case, formula: Formula) => readonly Field[],
): ReadonlyMap<string, ReadonlySet<Field>> {
  const watched = new Map<string, Set<Field>>();
  const ceilings = new Map<string, readonly Field[]>();
  const watch = (place: string, fields: readonly Field[]) =>
    watched.set(place, new Set([...(watched.get(place) ?? []), ...fields]));
  for (const { rule, cases } of guardrails)
    for (const c of cases) {
      if (!canHold(c)) continue;
      const fields = read(c, c.when);
      const place = placeOf(c);
      const others = ceilings.get(place) ?? fields;
      const asks = c.preconditions.length > 0 || c.limit !== null;
      if (rule.kind === "ceiling")
        ceilings.set(
          place,
          others.filter((field) => fields.includes(field)),
        );
      else if (rule.kind === "forbid" || (rule.kind === "require" && asks)) watch(place, fields);
    }
  for (const [place, fields] of ceilings) watch(place, fields);
  return watched;
}
