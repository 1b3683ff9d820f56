/** The packs of a project as templates: a form made of their parameters' types, bounds, defaults and documentation. */
import type { ParameterStatement, Statement, Term } from "@wardline/compiler";
import type { Snapshot } from "../workspace/snapshot.ts";
import type { Refused } from "../protocol/requests.ts";
import type { FactPicker } from "../try/scenario.ts";
import { capital, plain } from "../plain-words.ts";
import type { ModelView } from "./model-view.ts";
import type { OfferedTemplate, TemplateParameter, TemplateValue } from "./template.ts";

export interface Pack {
  readonly id: string;
  readonly name: string;
  readonly version: string;
  readonly statements: readonly Statement[];
}

/** The packs whose text has a header, in the order of the project. */
export function packsOf({ project, parsed }: Snapshot): readonly Pack[] {
  return project.packs.flatMap(({ name: file }) => {
    const ast = parsed(file)?.ast;
    if (ast?.header?.kind !== "pack") return [];
    const { name, version } = ast.header;
    return [{ id: `pack ${name.text} ${version}`, name: name.text, version, statements: ast.statements }];
  });
}

export function offeredPack(pack: Pack, view: ModelView, used: ReadonlySet<string>): OfferedTemplate {
  const { id, name, version, statements } = pack;
  const docs = statements.flatMap(({ kind, doc }) => (doc !== null && kind !== "parameter" ? [doc] : []));
  const rules = statements.filter(({ kind }) => kind === "require" || kind === "forbid").length;
  const parameters = parametersOf(pack);
  const needsClass = parameters.some(({ type }) => "kind" in type && type.kind === "class");
  return {
    id,
    kind: "pack",
    group: "Packs of this project",
    title: `${capital(plain(name))} ${version}`,
    summary:
      docs[0]?.replaceAll(/\s+/g, " ") ??
      `${rules} ${rules === 1 ? "rule" : "rules"} that can only tighten a policy.`,
    missing: used.has(name)
      ? "The policy uses this pack already."
      : needsClass && view.classes.length === 0
        ? "No field of the model has a class."
        : null,
    parameters: parameters.map((one) => parameterOf(one, view)),
  };
}

function parametersOf({ statements }: Pack): readonly ParameterStatement[] {
  return statements.filter((statement) => statement.kind === "parameter");
}

function parameterOf(
  { name, type, default: given, doc }: ParameterStatement,
  view: ModelView,
): TemplateParameter {
  const picker = pickerOf(type, view);
  const fallback = picker.kind === "one" ? (picker.options[0]?.value ?? null) : null;
  return {
    name: name.text,
    label: capital(plain(name.text)),
    documentation: doc,
    picker,
    optional: given !== null,
    value: given === null ? fallback : defaultOf(given),
  };
}

function defaultOf(term: Term): TemplateValue | null {
  if (term.kind === "class") return term.name.text;
  if (term.kind !== "literal") return null;
  if (term.type === "bool") return term.text === "true";
  if (term.type === "int") return Number(term.text.replaceAll("_", ""));
  return term.type === "string" ? term.text.slice(1, -1) : term.text;
}

function pickerOf(type: ParameterStatement["type"], { classes }: ModelView): FactPicker {
  if ("kind" in type)
    return {
      kind: "one",
      free: false,
      options: classes.map((name) => ({ value: name, label: `#${name}`, documentation: null })),
    };
  const { bounds } = type;
  const bound = (text: string | null | undefined) => (text == null ? null : Number(text.replaceAll("_", "")));
  const most = bounds?.kind === "range" ? ` of at most ${bounds.high}` : "";
  switch (type.name.text) {
    case "Bool":
      return { kind: "bool" };
    case "Int":
      return { kind: "number", min: bound(bounds?.low), max: bound(bounds?.high), scale: 0 };
    case "Decimal":
      return {
        kind: "number",
        min: null,
        max: null,
        scale: bounds?.kind === "pair" ? Number(bounds.high) : 2,
      };
    case "String":
      return { kind: "text", form: null };
    default:
      return { kind: "text", form: `${formOf(type.name.text)}${most}` };
  }
}

/** How values of the types that are written as texts look. */
function formOf(type: string): string {
  return Object.hasOwn(forms, type) ? (forms[type] as readonly [string, RegExp])[0] : `a ${type}`;
}

const forms: Readonly<Record<string, readonly [string, RegExp]>> = {
  Duration: ["a length of time such as 15m", /^\d{1,9}(?:us|ms|s|m|h|d|w)$/],
  Period: ["a time such as 90d or 6y", /^\d{1,6}(?:d|w|mo|y)$/],
  Instant: ["a time such as 2026-01-31T12:00:00Z", /^\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d(?:\.\d{1,6})?)?Z$/],
  Date: ["a day such as 2026-01-31", /^\d{4}-\d\d-\d\d$/],
  Time: ["a time of day such as 22:00", /^\d\d:\d\d(?::\d\d(?:\.\d{1,6})?)?$/],
  Ip: ["an address such as 192.0.2.1", /^[0-9a-fA-F.:]{3,39}$/],
  Uuid: ["a UUID", /^[0-9a-fA-F-]{36}$/],
};

/** The `use` of a pack with what is given; what has its default is left out. */
export function useText(
  pack: Pack,
  view: ModelView,
  values: Readonly<Record<string, TemplateValue | null>>,
): { readonly text: string } | Refused {
  const given: string[] = [];
  for (const statement of parametersOf(pack)) {
    const { name, label, picker, value: standard, optional } = parameterOf(statement, view);
    const value = (Object.hasOwn(values, name) ? values[name] : undefined) ?? standard;
    if (optional && value === standard) continue;
    const text = value === null ? null : argumentText(statement.type, picker, value);
    if (text === null) return { refused: `${label}: ${wantedOf(picker)}.` };
    given.push(`${name}: ${text}`);
  }
  return { text: `use ${pack.name} ${pack.version} {\n${given.join("\n")}\n}` };
}

/** A literal of the parameter's type, or null. Nothing else gets into the text. */
function argumentText(
  type: ParameterStatement["type"],
  picker: FactPicker,
  value: TemplateValue,
): string | null {
  if ("kind" in type)
    return picker.kind === "one" && picker.options.some((option) => option.value === value)
      ? `#${String(value)}`
      : null;
  const text = String(value).trim();
  switch (picker.kind) {
    case "bool":
      return typeof value === "boolean" ? text : null;
    case "number":
      return (picker.scale === 0 ? /^-?\d{1,16}$/ : /^-?\d{1,18}(?:\.\d{1,18})?$/).test(text) ? text : null;
    case "text":
    case "moment":
    case "one":
    case "many": {
      if (type.name.text === "String")
        return /[\p{Cc}\p{Cf}]/u.test(text) || text.length > 200
          ? null
          : `"${text.normalize("NFC").replaceAll("\\", "\\\\").replaceAll('"', '\\"')}"`;
      const form = Object.hasOwn(forms, type.name.text) ? forms[type.name.text] : undefined;
      return form?.[1].test(text) === true ? text : null;
    }
  }
}

function wantedOf(picker: FactPicker): string {
  switch (picker.kind) {
    case "bool":
      return "choose yes or no";
    case "number":
      return "write a number";
    case "text":
      return `write ${picker.form ?? "a short text"}`;
    case "moment":
    case "one":
    case "many":
      return "choose from the list";
  }
}
