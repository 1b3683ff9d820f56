/** The names in obligations and settings. */
import type { Name, SettingEntry, Term, TermRecord } from "@wardline/compiler";
import { typeKeys } from "./conditions.ts";
import type { Base } from "./reach.ts";

/** Obligations over the fields of some types. */
export function visitTerms(base: Base, terms: readonly Term[], entities: ReadonlySet<string>): void {
  for (const term of terms) {
    if (term.kind !== "call") {
      visitPlain(base, term);
      continue;
    }
    const { text } = term.name;
    if (text === "reason") base.collector.refer(term.name, evidenceKeys(base, term.name));
    for (const [index, { label, term: arg }] of term.args.entries()) {
      if (visitPlain(base, arg) || arg.kind !== "call" || label !== null) continue;
      if (text === "hide" || text === "show" || text === "encrypt" || (text === "mask" && index === 0))
        base.collector.refer(arg.name, fieldKeys(base, entities, arg.name));
      else if ((text === "step_up" || text === "approval") && index === 0)
        base.collector.refer(arg.name, evidenceKeys(base, arg.name));
      else for (const inner of arg.args) visitPlain(base, inner.term);
    }
  }
}

/** A class, or a parameter of the pack. False for what else a term is. */
function visitPlain({ collector, layer }: Base, term: Term): boolean {
  if (term.kind === "class") {
    collector.mention(term.name, "class", `class ${term.name.text}`);
    return true;
  }
  if (term.kind !== "call" || term.args.length > 0 || !layer.parameters.has(term.name.text)) return false;
  collector.refer(term.name, [`parameter ${layer.name}/${term.name.text}`]);
  return true;
}

export function fieldKeys(
  { model }: Pick<Base, "model">,
  entities: ReadonlySet<string>,
  name: Name,
): readonly string[] {
  return [...entities]
    .filter((entity) => model.fields.get(entity)?.has(name.text) === true)
    .map((entity) => `field ${entity}.${name.text}`);
}

function evidenceKeys({ model }: Base, { text }: Name): readonly string[] {
  return model.evidence.has(text) ? [`evidence ${text}`] : [];
}

/** `residency: eu` names a value of `Region`, `features: { x: off }` one of `Feature`, `retention: { T: 6y }` a type. */
export function visitSettings(base: Base, entries: readonly SettingEntry[]): void {
  const { collector, model } = base;
  for (const { key, value } of entries) {
    collector.mention(key, "setting", `setting ${key.text}`);
    if (value.kind === "record") {
      visitRecord(base, key.text, value);
      continue;
    }
    if (visitPlain(base, value)) continue;
    if (key.text === "residency" && value.kind === "call")
      collector.refer(value.name, valueOf(base, "Region", value.name));
  }
  function visitRecord(inner: Base, group: string, record: TermRecord): void {
    for (const { key, value } of record.entries) {
      if (group === "retention" && model.entities.has(key.text)) collector.refer(key, typeKeys(model, key));
      else if (group === "features") collector.refer(key, valueOf(inner, "Feature", key));
      else collector.mention(key, "setting", `setting ${group}.${key.text}`);
      visitPlain(inner, value);
    }
  }
}

function valueOf({ model }: Base, name: string, { text }: Name): readonly string[] {
  const isValue = model.enums.get(name)?.values.some((value) => value.text === text) === true;
  return isValue ? [`value ${name}.${text}`] : [];
}
