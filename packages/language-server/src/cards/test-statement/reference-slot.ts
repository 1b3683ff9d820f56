/** Who or what is meant, as a slot: a name of the test, somebody by an id, or one of whom nothing is said. */
import type { Datum } from "@wardline/compiler";
import type { Option, Slot, SlotValue } from "../card.ts";
import { listNamed, option } from "../card-context.ts";
import { plain, withArticle } from "../../plain-words.ts";
import { quoted } from "../condition/value.ts";
import { refuse, type Refused } from "../text/change.ts";
import { idsOf, namesOf, type TestScope } from "./test-scope.ts";

/** The value of one of whom nothing is said, and of one that is described below the line. */
const nobodyKnown = "+";
const described = "*";

export function referenceSlot(
  scope: TestScope,
  { id, label }: { readonly id: string; readonly label: string },
  entities: readonly string[],
  datum: Datum,
): Slot | string {
  if (datum.kind !== "name" && datum.kind !== "instance") return datumWords(datum);
  const { draft } = scope;
  const entity = datum.kind === "instance" ? datum.entity.text : (entities[0] ?? "");
  const options = referenceList(scope, entities, entity);
  const { start, end } = datum.span;
  return draft.slot({
    id,
    label,
    shown: datumWords(datum),
    picker: { kind: "reference", entity, options },
    value: referenceValue(datum),
    start,
    end,
    set: (chosen) => {
      const text = referenceText(scope, entities, entity, chosen);
      return typeof text === "string" ? [{ start, end, text }] : text;
    },
  });
}

function referenceValue(datum: Extract<Datum, { kind: "name" | "instance" }>): string {
  if (datum.kind === "name") return datum.name.text;
  if (datum.fields.length > 0) return described;
  return datum.id === null ? nobodyKnown : `=${datum.id}`;
}

function referenceList(scope: TestScope, entities: readonly string[], entity: string): string {
  const [names, ids] = [namesOf(scope, entities), idsOf(scope, entity)];
  return listNamed(scope.ctx, `which ${entity}: ${JSON.stringify([names, ids])}`, (): readonly Option[] => [
    ...names.map((one) => option(one, plain(one), null, "Named in this test")),
    ...ids.map((one) => option(`=${one}`, `the ${entity} “${one}”`, null, "By an id")),
    ...(entity === ""
      ? []
      : [
          option(
            nobodyKnown,
            `${withArticle(entity)} of which nothing is said`,
            null,
            "Somebody or something else",
          ),
        ]),
  ]);
}

function referenceText(
  scope: TestScope,
  entities: readonly string[],
  entity: string,
  value: SlotValue,
): string | Refused {
  if (typeof value !== "string") return refuse("Choose one.");
  if (namesOf(scope, entities).includes(value)) return value;
  if (value === described) return refuse("What is said of it stands below.");
  if (entity === "") return refuse("Choose one that the test has named.");
  if (value === nobodyKnown) return `${entity} { }`;
  const id = value.startsWith("=") ? quoted(value.slice(1), 1) : refuse("Choose one, or give an id.");
  return typeof id === "string" ? `${entity} ${id}` : id;
}

/** A value of a test in words, without what is said of it. */
export function datumWords(datum: Datum): string {
  switch (datum.kind) {
    case "name":
      return plain(datum.name.text);
    case "literal":
      return datum.text;
    case "data":
      return datum.of.length === 0 ? "none" : datum.of.map((one) => datumWords(one)).join(" and ");
    case "instance":
      return datum.id === null ? withArticle(datum.entity.text) : `the ${datum.entity.text} “${datum.id}”`;
  }
}
