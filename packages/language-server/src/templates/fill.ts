/** Fills a starter's holes. Invariant: what a client sent gets into a text only as a name that the model has, or as a literal. */
import type { Refused } from "../protocol/requests.ts";
import type { TypedField, ModelView } from "./model-view.ts";
import { actionsOn } from "./model-view.ts";
import { effectText, holeOf, typesIn } from "./holes.ts";
import type { Hole, Starter } from "./starters.ts";
import type { TemplateValue } from "./template.ts";

type Filled = Readonly<Record<string, string>>;

/** The statement, as yet unformatted. */
export function fillStarter(
  view: ModelView,
  starter: Starter,
  values: Readonly<Record<string, TemplateValue | null>>,
  name: string,
): { readonly text: string } | Refused {
  const filled = new Map<string, Filled>([["name", { "": name }]]);
  const chosen = new Map<string, TemplateValue>();
  for (const hole of starter.holes) {
    const offered = holeOf(view, starter.holes, hole);
    if (offered === null) return { refused: missingWords(hole) };
    const value = (Object.hasOwn(values, hole.name) ? values[hole.name] : undefined) ?? offered.value;
    const read = readHole(view, hole, offered.picker, value, chosen);
    if ("refused" in read) return { refused: `${hole.label}: ${read.refused}` };
    filled.set(hole.name, read);
    if (value !== null) chosen.set(hole.name, value);
  }
  if (chosen.has("field") && chosen.has("mask")) {
    const effect = effectText(view, String(chosen.get("field")), String(chosen.get("mask")));
    if (effect === null)
      return { refused: "This field cannot be shown so: choose another way, or “Nothing”." };
    filled.set("field", { ...filled.get("field"), effect });
  }
  const within = filled.get("within")?.[""] ?? "";
  const factor = filled.get("factor");
  if (factor !== undefined)
    filled.set("factor", { ...factor, within: factor["aged"] === "" ? "" : `, within: ${within}` });
  return { text: put(starter.text, filled) };
}

/** Why a template is not offered. */
export function missingWords(hole: Hole): string {
  switch (hole.kind) {
    case "roles":
      return "The model has no role that people can have.";
    case "types":
    case "actions":
      return "The model has no such action.";
    case "field":
      return "The model has no field to show less of.";
    case "flag":
      return "No record has a yes-or-no field that could mark it.";
    case "reference":
      return hole.to === "principal"
        ? "No record names a person."
        : "No record names a part of the organisation that people are in.";
    case "class":
      return "No field of the model has a class.";
    case "evidence":
      return "The model does not say what would meet it (its `evidence`).";
    case "address":
      return "Requests do not say from which address they come.";
    case "mask":
    case "number":
    case "time":
    case "duration":
    case "networks":
    case "text":
    case "name":
      return "This cannot be filled in.";
  }
}

function readHole(
  view: ModelView,
  hole: Hole,
  picker: NonNullable<ReturnType<typeof holeOf>>["picker"],
  value: TemplateValue | null,
  chosen: ReadonlyMap<string, TemplateValue>,
): Filled | Refused {
  switch (hole.kind) {
    case "roles":
    case "types":
    case "actions": {
      if (picker.kind !== "many") return { refused: "choose from the list." };
      const all = typeof value === "string" ? [value] : value;
      if (!Array.isArray(all)) return { refused: "choose from the list." };
      const known = picker.options.map((option) => option.value).filter((option) => all.includes(option));
      if (known.length < new Set(all).size) return { refused: "choose from the list." };
      if (known.length === 0)
        return hole.kind === "roles" && hole.optional === true
          ? { "": "" }
          : { refused: "choose at least one." };
      if (hole.kind !== "actions") return { "": known.join(", ") };
      const types = typesIn(chosen.get(hole.of) ?? null);
      const fitting = known.filter((action) =>
        types.some((type) => actionsOn(view, hole.on, type).includes(action)),
      );
      if (fitting.length === 0) return { refused: `nobody can do that with ${types.join(", ")}.` };
      return { "": fitting.join(", ") };
    }
    case "field":
    case "flag":
    case "reference":
    case "class":
    case "mask":
    case "evidence":
    case "address": {
      const found =
        picker.kind === "one" ? picker.options.find((option) => option.value === value) : undefined;
      return found === undefined ? { refused: "choose from the list." } : partsOf(view, hole, found.value);
    }
    case "number": {
      const text = typeof value === "number" ? String(value) : typeof value === "string" ? value.trim() : "";
      return /^[1-9]\d{0,6}$/.test(text) ? { "": text } : { refused: "write a whole number from 1." };
    }
    case "time":
      return literal(value, /^(?:[01]\d|2[0-3]):[0-5]\d$/, "write a time of day such as 22:00.");
    case "duration":
      return literal(value, /^[1-9]\d{0,5}(?:s|m|h|d|w)$/, "write a length of time such as 15m, 8h or 30d.");
    case "name":
      return literal(
        value,
        /^[a-z][a-z0-9_]{0,62}$/,
        "write a name in small letters, such as tenant_admins.",
      );
    case "networks": {
      const all = (typeof value === "string" ? value : "").split(",").map((one) => one.trim());
      const good = all.every((one) => /^[0-9a-fA-F.:]{3,39}\/\d{1,3}$/.test(one));
      if (!good) return { refused: "write networks such as 10.20.0.0/16, with commas between." };
      return { "": all.length === 1 ? (all[0] as string) : `[${all.join(", ")}]` };
    }
    case "text": {
      const text = typeof value === "string" ? value.trim().normalize("NFC") : "";
      const isPlain = text !== "" && text.length <= 200 && !/[\p{Cc}\p{Cf}]/u.test(text);
      if (!isPlain) return { refused: "write a short text." };
      return { "": `"${text.replaceAll("\\", "\\\\").replaceAll('"', '\\"')}"` };
    }
  }
}

function literal(value: TemplateValue | null, form: RegExp, wanted: string): Filled | Refused {
  const text = typeof value === "string" ? value.trim() : "";
  return form.test(text) ? { "": text } : { refused: wanted };
}

/** The parts of a choice by name. */
function partsOf(view: ModelView, hole: Hole, value: string): Filled {
  if (hole.kind === "evidence") {
    const evidence = view.evidence.find(({ name }) => name.text === value);
    const call = value === "approval" ? "approval" : `approval(${value})`;
    return { "": value, call, aged: (evidence?.facts.length ?? 0) > 1 ? "yes" : "" };
  }
  if (hole.kind !== "field" && hole.kind !== "flag" && hole.kind !== "reference") return { "": value };
  const [type, field] = value.split(".") as [string, string];
  const found: TypedField | undefined = view.fields.find(
    (one) => one.type === type && one.field.name === field,
  );
  return { "": value, type, field, has: found?.field.optional === true ? `has resource.${field} and ` : "" };
}

function put(text: string, filled: ReadonlyMap<string, Filled>): string {
  const kept = text.replaceAll(/\{\?((?:(?!\?\}).)*)\?\}/gs, (_, inside: string) => {
    const name = /\{(\w+)/.exec(inside)?.[1] ?? "";
    return (filled.get(name)?.[""] ?? "") === "" ? "" : inside;
  });
  return kept.replaceAll(/\{(\w+)(?:\.(\w+))?\}/g, (_, name: string, part: string | undefined) => {
    const value = filled.get(name)?.[part ?? ""];
    if (value === undefined)
      throw new RangeError(`the template has no ${name}${part === undefined ? "" : `.${part}`}`);
    return value;
  });
}
