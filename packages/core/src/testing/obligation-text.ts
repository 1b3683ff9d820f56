/** Generates the obligations that the engines do not carry out yet: on grants also preconditions, limits, duties, more masks. */
import type { FieldModel } from "../ir/model.ts";
import type { Random } from "../search/random.ts";
import type { GeneratedModel } from "./generated-model.ts";

/** Terms of a permit, a share or a require; often none. `asks`: how likely there is a precondition. */
export function moreTerms(random: Random, model: GeneratedModel, asks: number): readonly string[] {
  const rare = 0.2;
  return [
    ...(random.chance(asks) ? random.some(preconditions(random, model), random.between(1, 2)) : []),
    ...(random.chance(rare) ? [limit(random)] : []),
    ...(random.chance(rare) ? [`audit${random.pick(["", "(decision)", "(fields)", "(full)"])}`] : []),
    ...(random.chance(rare) ? [`notify(${random.pick(["admins", "owner", "admins, desk"])})`] : []),
  ];
}

/** Every precondition that the model has evidence for, with an age or without. */
export function preconditions(random: Random, model: GeneratedModel): readonly string[] {
  return model.evidence.map(({ name, facts }) => {
    if (name === "reason") return "reason";
    const age =
      facts.length > 1 && random.chance(0.6) ? `within: ${random.pick(["5m", "300s", "1us", "1d"])}` : "";
    if (name !== "approval") return `step_up(${[name, age].filter((part) => part !== "").join(", ")})`;
    const parts = [random.chance(0.5) ? name : "", age].filter((part) => part !== "");
    return parts.length === 0 ? "approval" : `approval(${parts.join(", ")})`;
  });
}

function limit(random: Random): string {
  const by = random.chance(0.5) ? `, by: ${random.pick(["principal", "tenant", "resource"])}` : "";
  return `limit(${random.pick([1, 2, 20])}, per: ${random.pick(["second", "minute", "hour", "day"])}${by})`;
}

/** A mask or `hide` of a field, of any that its type takes. */
export function anyEffect(random: Random, field: FieldModel): string {
  const how = masksFor(random, field.type.kind);
  const chosen = random.pick([...how, "hide"]);
  return chosen === "hide" ? `hide(${field.name})` : `mask(${field.name}, ${chosen})`;
}

function masksFor(random: Random, kind: FieldModel["type"]["kind"]): readonly string[] {
  switch (kind) {
    case "string": {
      const side = random.pick(["last", "first"]);
      // Few counts, so that the two ends often meet.
      const partial = `partial(${side}: ${random.pick([1, 2, 2, 4])})`;
      return ["initials", partial, partial, partial, "token", "hash", "redact"];
    }
    case "int":
    case "decimal":
      return ["bucket(1)", "bucket(10)", "bucket(1_000)"];
    case "date":
    case "instant":
      return ["month", "year"];
    case "bool":
    case "duration":
    case "enum":
    case "entity":
    case "uuid":
    case "ip":
    case "time":
    case "set":
      return [];
  }
}
