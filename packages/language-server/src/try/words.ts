/** The words of *Try it*: plain and short, for people who do not know the language. */
import {
  durationText,
  sourceText,
  valueText,
  type Mask,
  type Obligation,
  type Program,
  type RequestDocument,
  type ScalarType,
  type SlotSource,
  type ValueType,
  type WireScalar,
} from "@wardline/core";
import { andText, capital, plain, withArticle } from "../plain-words.ts";

/** The id of the rule without whose it is. */
export function ruleName(id: string): string {
  return id.slice(id.lastIndexOf("/") + 1);
}

/** `ada (billing)`, `ada (no role)`. */
export function whoText({ principal }: RequestDocument): string {
  return `${principal.id} (${principal.roles.length === 0 ? "no role" : principal.roles.map(plain).join(", ")})`;
}

/** `ada (billing) asks to list a Loan`. */
export function sentenceOf(program: Program, request: RequestDocument): string {
  const { principal, action, resource } = request;
  const abroad = principal.tenant === program.tenant ? "" : ", of another tenant,";
  return `${whoText(request)}${abroad} asks to ${plain(action.name)} ${withArticle(resource.type)}`;
}

/** A value of any type as people read it; texts without quotes. */
export function shownText(value: unknown, type: ValueType): string {
  if (value === null || value === undefined) return "nothing";
  if (Array.isArray(value)) {
    const of = type.kind === "set" ? type.of : type;
    return value.length === 0 ? "none" : value.map((one) => shownText(one, of)).join(", ");
  }
  if (type.kind === "set") return JSON.stringify(value);
  if (type.kind === "bool") return value === true ? "yes" : "no";
  const isText = type.kind === "string" || type.kind === "entity" || !fits(value, type);
  return isText ? (value as string | number).toString() : valueText(value, type);
}

/** A masked number may be a text. */
function fits(value: unknown, type: ScalarType): value is WireScalar {
  return typeof value === (type.kind === "int" || type.kind === "duration" ? "number" : "string");
}

/** What an obligation asks of whom, as the end of a sentence. */
export function obligationWords(obligation: Obligation): string {
  switch (obligation.type) {
    case "mask":
      return `${plain(obligation.field)} ${maskWords(obligation.mask)}`;
    case "hide":
      return `${plain(obligation.field)} is hidden`;
    case "encrypt":
      return `${andText(obligation.fields.map(plain))} ${obligation.fields.length === 1 ? "is" : "are"} sealed when stored`;
    case "step_up":
      return `a second factor (${plain(obligation.factor)})${withinWords(obligation.within)}`;
    case "approval":
      return obligation.by === "approval"
        ? `somebody's approval${withinWords(obligation.within)}`
        : `approval (${plain(obligation.by)})${withinWords(obligation.within)}`;
    case "reason":
      return "a stated reason";
    case "limit":
      return `at most ${obligation.count} a ${obligation.per} for each ${obligation.by} (${ruleName(obligation.rule)})`;
    case "audit":
      return `it is put on record (${obligation.level})`;
    case "notify":
      return `${plain(obligation.whom)} are told`;
  }
}

function withinWords(micros: number | null): string {
  return micros === null ? "" : `, not older than ${durationText(micros)}`;
}

export function maskWords(mask: Mask): string {
  switch (mask.kind) {
    case "show":
      return "is shown";
    case "initials":
      return "is shown as initials";
    case "partial":
      return `shows its last ${mask.last} characters`;
    case "partial_first":
      return `shows its first ${mask.first} characters`;
    case "bucket":
      return `is rounded down to a multiple of ${mask.size}`;
    case "month":
      return "is shown to the month";
    case "year":
      return "is shown to the year";
    case "token":
    case "hash":
      return "is shown as a stand-in";
    case "redact":
      return "is blacked out";
    case "hide":
      return "is hidden";
  }
}

/** A fact as people read it: `the row's branch`, `whether …` is the caller's. */
export function factLabel(source: SlotSource): string {
  switch (source.from) {
    case "principal_attribute":
    case "row_attribute":
    case "tenant_attribute":
    case "context":
      return capital(plain(source.name));
    case "reference":
      return capital(
        [source.of.attribute, source.of.further, source.name]
          .flatMap((part) => (part == null ? [] : plain(part)))
          .join(" › "),
      );
    case "ancestors": {
      const of = [source.of.attribute, source.of.further].flatMap((part) =>
        part == null ? [] : plain(part),
      );
      return capital([...of, `is in ${source.entity}`].join(" › "));
    }
    case "principal":
      return source.part === "id" ? "Called" : capital(source.part);
    case "row":
      return source.part === "id" ? "Called" : "Tenant";
    case "limit":
      return `Uses left of ${ruleName(source.rule)}`;
    case "now":
    case "clock":
      return "Time";
    case "tenant":
    case "relation":
      return capital(plain(sourceText(source)));
  }
}
