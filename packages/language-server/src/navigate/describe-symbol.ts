/** A symbol in words: how it is declared, what its author wrote of it, where it is stored, and what rules say of it. */
import type { EntityStatement, Field } from "@wardline/compiler";
import type { ProjectSymbol } from "../symbols/symbol.ts";
import type { SymbolIndex } from "../symbols/symbol-index.ts";
import type { Snapshot } from "../workspace/snapshot.ts";
import { rulesAbout } from "./rules-about.ts";

/** Of a long list this many are named. */
const most = 8;

export function describeSymbol(snapshot: Snapshot, index: SymbolIndex, symbol: ProjectSymbol): string {
  const parts = [`\`\`\`wardline\n${headOf(snapshot, index, symbol)}\n\`\`\``];
  if (symbol.doc !== null && symbol.doc.trim() !== "") parts.push(symbol.doc.trim());
  parts.push(...factsOf(index, symbol));
  const rules = rulesAbout(snapshot, index, symbol);
  if (rules.length > 0) {
    const more = rules.length > most ? [`- and ${rules.length - most} more`] : [];
    parts.push([...rules.slice(0, most).map((rule) => `- ${rule}`), ...more].join("\n"));
  }
  return parts.join("\n\n");
}

function headOf(snapshot: Snapshot, { model }: SymbolIndex, symbol: ProjectSymbol): string {
  const { kind, name, within, whole } = symbol;
  const written = whole === null ? "" : (snapshot.text(whole.file)?.slice(whole.start, whole.end) ?? "");
  switch (kind) {
    case "field":
      return `${within}.${name}: ${fieldText(model.fields.get(within ?? "")?.get(name)) ?? "?"}`;
    case "tenant_fact":
    case "context_fact": {
      const of = kind === "tenant_fact" ? "tenant" : "context";
      return `${of}.${name}: ${fieldText(model.facts[of].get(name)) ?? "?"}`;
    }
    case "value":
      return `${within}: ${name}`;
    case "entity":
    case "principal": {
      const entity = model.entities.get(name);
      return entity === undefined ? `${kind} ${name}` : entityHead(entity);
    }
    case "class":
      return `#${name}`;
    case "binding":
    case "let":
    case "rule":
    case "assert":
    case "relation":
    case "group":
    case "action":
    case "evidence":
    case "enum":
    case "role":
    case "parameter":
      return written.length > 600 ? `${written.slice(0, 600)}…` : written;
    case "let_parameter":
      return `${name}: a parameter of ${within}`;
    case "model":
    case "pack":
    case "tenant":
      return written;
    case "setting":
      return name;
  }
}

function fieldText(field: Field | undefined): string | null {
  if (field === undefined) return null;
  const { type, classes, searchable, delegated } = field;
  const bounds =
    type.bounds === null
      ? ""
      : `(${type.bounds.kind === "range" ? `${type.bounds.low ?? ""}..${type.bounds.high}` : `${type.bounds.low}, ${type.bounds.high}`})`;
  const of = type.of === null ? "" : `<${type.of.text}>`;
  const marks = [
    ...classes.map(({ text }) => ` #${text}`),
    searchable ? " searchable" : "",
    delegated ? " tenant" : "",
  ];
  return `${type.name.text}${bounds}${of}${type.optional ? "?" : ""}${marks.join("")}`;
}

function entityHead({ kind, name, shared, parents, storedIn }: EntityStatement): string {
  const above = parents.length === 0 ? "" : ` in ${parents.map(({ entity }) => entity.text).join(", ")}`;
  const stored = storedIn === null ? "" : ` stored in ${storedIn.table.text}`;
  return `${kind} ${name.text}${above}${shared ? " shared" : ""}${stored}`;
}

function factsOf({ model }: SymbolIndex, { kind, name, within }: ProjectSymbol): readonly string[] {
  if (kind === "field")
    return storedAt(
      model.entities.get(within ?? ""),
      model.fields.get(within ?? "")?.get(name),
      model.entities,
    );
  if (kind === "tenant_fact") return ["A fact of the tenant: the application sets it."];
  if (kind === "context_fact") return ["A fact of the request: the application gives it."];
  if (kind === "entity" || kind === "principal") {
    const entity = model.entities.get(name);
    if (entity === undefined || entity.storedIn === null)
      return ["Not in the database: the application says who it is."];
    const [key = "id", tenant = "tenant_id"] = entity.storedIn.columns?.map(({ text }) => text) ?? [];
    const owner = entity.shared ? "shared by all tenants" : `tenant \`${tenant}\``;
    return [`Table \`${entity.storedIn.table.text}\`, key \`${key}\`, ${owner}.`];
  }
  if (kind === "class") {
    const fields = [...model.fields].flatMap(([type, all]) =>
      [...all.values()]
        .filter((field) => field.classes.some(({ text }) => text === name))
        .map((field) => `\`${type}.${field.name.text}\``),
    );
    return [fields.length === 0 ? "No field carries this class." : `Fields: ${fields.join(", ")}.`];
  }
  return [];
}

function storedAt(
  entity: EntityStatement | undefined,
  field: Field | undefined,
  entities: ReadonlyMap<string, EntityStatement>,
): readonly string[] {
  if (entity === undefined || field === undefined) return [];
  if (entity.storedIn === null) return ["Not in the database: it comes with the session."];
  const { via, type, name } = field;
  if (type.name.text === "Set" && via !== null)
    return [`Table \`${via.table.text}\` (${via.columns.map(({ text }) => `\`${text}\``).join(", ")}).`];
  const own = entities.has(type.name.text) ? `${name.text}_id` : name.text;
  return [`Column \`${entity.storedIn.table.text}.${via?.columns[0]?.text ?? own}\`.`];
}
