/** What a hole can be filled with: its picker over a model, and what it is where nobody chooses. */
import { isEvidenceFor } from "../evidence-word.ts";
import { canMask, formatType, type Mask } from "@wardline/core";
import type { Choice, FactPicker } from "../try/scenario.ts";
import { capital, plain } from "../plain-words.ts";
import { actionsOn, groupsOf, typesOn, type ModelView, type TypedField } from "./model-view.ts";
import type { Hole } from "./starters.ts";
import type { TemplateValue } from "./template.ts";

export interface FilledHole {
  readonly picker: FactPicker;
  readonly value: TemplateValue | null;
}

/** Null where the model has nothing for it. */
export function holeOf(view: ModelView, holes: readonly Hole[], hole: Hole): FilledHole | null {
  switch (hole.kind) {
    case "roles":
      if (hole.optional === true) return { picker: many(view.roles), value: [] };
      return firstOf(many(view.roles));
    case "types":
      return typesFrom(view, hole, isAboutExports(holes));
    case "actions": {
      const of = holes.find(({ name }) => name === hole.of);
      const first = of === undefined ? null : holeOf(view, holes, of);
      const options = new Set(typesOn(view, hole.on).flatMap(({ name }) => actionsOn(view, hole.on, name)));
      const [type] = typesIn(first?.value ?? null);
      const wanted = type === undefined ? [] : preferred(view, hole.on, type, holes);
      return options.size === 0
        ? null
        : { picker: many([...options].map((name) => choice(name, capital(plain(name))))), value: wanted };
    }
    case "field":
      return fieldsFrom(
        view.fields
          .filter(({ type }) => actionsOn(view, ["reads"], type).length > 0)
          .toSorted((a, b) => rank(b) - rank(a)),
      );
    case "flag":
      return fieldsFrom(
        view.fields.filter(
          ({ type, field }) => field.type.kind === "bool" && actionsOn(view, ["reads"], type).length > 0,
        ),
      );
    case "reference": {
      const principals = view.program.model.entities
        .filter(({ kind }) => kind === "principal")
        .map(({ name }) => name);
      const targets = hole.to === "principal" ? new Set(principals) : groupsOf(view);
      return fieldsFrom(
        view.fields.filter(
          ({ type, field }) =>
            field.type.kind === "entity" &&
            targets.has(field.type.entity) &&
            !principals.includes(type) &&
            actionsOn(view, ["reads", "creates", "updates", "deletes"], type).length > 0,
        ),
      );
    }
    case "class":
      return firstOf({
        kind: "one",
        options: view.classes.map((name) => choice(name, `#${name}`)),
        free: false,
      });
    case "mask":
      return firstOf({ kind: "one", options: masks, free: false });
    case "evidence": {
      const names = view.evidence
        .map(({ name }) => name.text)
        .filter((name) => isEvidenceFor(hole.for, name));
      return firstOf({
        kind: "one",
        options: names.map((name) => choice(name, capital(plain(name)))),
        free: false,
      });
    }
    case "address":
      return firstOf({
        kind: "one",
        options: view.addresses.map((name) => choice(name, capital(plain(name)))),
        free: false,
      });
    case "number":
      return { picker: { kind: "number", min: 1, max: 1_000_000, scale: 0 }, value: Number(hole.default) };
    case "time":
    case "duration":
    case "networks":
    case "text":
    case "name":
      return { picker: { kind: "text", form: formOf(hole.kind) }, value: hole.default };
  }
}

/** What asks for more, or for a network, is most often about taking data out. */
function isAboutExports(holes: readonly Hole[]): boolean {
  return holes.some(({ kind }) => kind === "evidence" || kind === "number" || kind === "networks");
}

/** The type with the most that can be done and that is worth protecting is chosen first; the order stays the model's. */
function typesFrom(
  view: ModelView,
  { on }: Extract<Hole, { readonly kind: "types" }>,
  exports: boolean,
): FilledHole | null {
  const types = typesOn(view, on);
  const rank = ({ name, fields }: (typeof types)[number]) => {
    const actions = actionsOn(view, on, name);
    const isOut = exports && actions.includes("export");
    return actions.length + (isOut ? 8 : 0) + (fields.some(({ classes }) => classes.length > 0) ? 4 : 0);
  };
  const [first] = types.toSorted((a, b) => rank(b) - rank(a));
  if (first === undefined) return null;
  return { picker: many(types.map(({ name }) => choice(name))), value: [first.name] };
}

/** Actions that the template is about are chosen first: exports where its words say so. */
function preferred(
  view: ModelView,
  kinds: Parameters<typeof actionsOn>[1],
  type: string,
  holes: readonly Hole[],
): readonly string[] {
  const all = actionsOn(view, kinds, type);
  const exports = all.filter((name) => name === "export");
  if (isAboutExports(holes) && exports.length > 0) return exports;
  const isAny = kinds.length === 4;
  const changing = actionsOn(view, ["creates", "updates", "deletes"], type);
  const reading = actionsOn(view, ["reads"], type).filter((name) => name !== "export");
  const isGiven = holes.some(({ kind }) => kind === "reference");
  const wanted = isAny ? (isGiven ? reading : changing) : all.filter((name) => name !== "export");
  return wanted.length > 0 ? wanted : all;
}

/** The types that a value of a hole chooses. */
export function typesIn(value: TemplateValue | null): readonly string[] {
  const all = typeof value === "string" ? [value] : Array.isArray(value) ? (value as readonly string[]) : [];
  return all.map((one) => one.split(".")[0] as string);
}

/** Fields with a class, then texts, then the rest; what cannot be masked last. */
function rank({ field }: TypedField): number {
  return (field.classes.length > 0 ? 2 : 0) + (field.type.kind === "string" ? 1 : 0);
}

function fieldsFrom(fields: readonly TypedField[]): FilledHole | null {
  const options = fields.map(({ type, field }): Choice => {
    const classes = field.classes.map((name) => ` #${name}`).join("");
    return {
      value: `${type}.${field.name}`,
      label: `${type} › ${plain(field.name)}`,
      documentation: `${formatType(field.type)}${classes}`,
    };
  });
  return firstOf({ kind: "one", options, free: false });
}

function firstOf(picker: Extract<FactPicker, { readonly kind: "one" | "many" }>): FilledHole | null {
  const [first] = picker.options;
  if (first === undefined) return null;
  return { picker, value: picker.kind === "many" ? [first.value] : first.value };
}

function many(options: readonly Choice[]): Extract<FactPicker, { readonly kind: "one" | "many" }> {
  return { kind: "many", options, free: false };
}

function choice(value: string, label = value): Choice {
  return { value, label, documentation: null };
}

function formOf(kind: "time" | "duration" | "networks" | "text" | "name"): string | null {
  switch (kind) {
    case "time":
      return "a time of day such as 22:00";
    case "duration":
      return "a length of time such as 15m, 8h or 30d";
    case "networks":
      return "networks such as 10.20.0.0/16, with commas between";
    case "name":
      return "a name in small letters, such as tenant_admins";
    case "text":
      return null;
  }
}

/** What a mask does, in the words of the screen. `hide` is for every field. */
const masks: readonly Choice[] = [
  choice("initials", "Initials"),
  choice("partial(last: 4)", "The last 4 characters"),
  choice("partial(first: 2)", "The first 2 characters"),
  choice("redact", "*** and nothing else"),
  choice("month", "The month of a date"),
  choice("year", "The year of a date"),
  choice("bucket(100)", "A number rounded down to hundreds"),
  choice("hide", "Nothing"),
];

const maskOf: Readonly<Record<string, Mask>> = {
  initials: { kind: "initials" },
  "partial(last: 4)": { kind: "partial", last: 4 },
  "partial(first: 2)": { kind: "partial_first", first: 2 },
  redact: { kind: "redact" },
  month: { kind: "month" },
  year: { kind: "year" },
  "bucket(100)": { kind: "bucket", size: 100 },
};

/** The obligation that shows a field so; null where the mask is not for its type. */
export function effectText(view: ModelView, path: string, mask: string): string | null {
  const [type, name] = path.split(".");
  const found = view.fields.find((one) => one.type === type && one.field.name === name);
  if (found === undefined) return null;
  if (mask === "hide") return `hide(${found.field.name})`;
  const known = Object.hasOwn(maskOf, mask) ? maskOf[mask] : undefined;
  return known !== undefined && canMask(known, found.field.type)
    ? `mask(${found.field.name}, ${mask})`
    : null;
}
