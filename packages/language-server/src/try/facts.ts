/** The facts of a question with their pickers: those that its rules read, and the other fields of who and what there is. */
import type { CheckedTest } from "@wardline/compiler";
import {
  clockAt,
  instantMicros,
  slotPath,
  slotsOfTable,
  sourceText,
  valueAt,
  type Program,
  type RequestDocument,
  type Row,
  type Slot,
  type SlotSource,
  type Table,
  type ValueType,
} from "@wardline/core";
import { entityNamed, zoneOf } from "./complete-request.ts";
import { pickedValue, pickerOf } from "./fact-picker.ts";
import { isRelated, relatedFacts } from "./related.ts";
import type { Choice, ScenarioFact } from "./scenario.ts";
import { capital, plain } from "../plain-words.ts";
import { factLabel } from "./words.ts";

export interface Question {
  readonly program: Program;
  readonly table: Table;
  readonly request: RequestDocument;
  readonly tests: readonly CheckedTest[];
  readonly roles: readonly Choice[];
  /** What the model says of an attribute, by `Type.name`, `context.name`, `tenant.name`. */
  readonly documentation: (name: string) => string | null;
}

/** A fact, and where its value stands in the request. */
export interface PlacedFact extends ScenarioFact {
  readonly place:
    | { readonly kind: "path"; readonly path: readonly string[]; readonly type: ValueType }
    | { readonly kind: "abroad"; readonly path: readonly string[] }
    | { readonly kind: "moment" }
    | { readonly kind: "related" };
}

export function factsOf(question: Question): readonly PlacedFact[] {
  const { program, table } = question;
  const decisive = slotsOfTable(program, table);
  const slots = table.slots.map((id) => program.slots[id] as Slot);
  const known = new Map<string, PlacedFact>();
  const add = (fact: PlacedFact | null) => {
    if (fact !== null && !known.has(fact.id)) known.set(fact.id, fact);
  };
  const text: ValueType = { kind: "string" };
  add(
    slotFact(
      question,
      {
        id: -1,
        source: { from: "principal", part: "roles" },
        type: { kind: "set", of: text },
        optional: false,
      },
      decidesRole(slots, decisive),
    ),
  );
  for (const slot of slots) add(slotFact(question, slot, decisive.has(slot.id)));
  for (const fact of relationFacts(question)) add(fact);
  for (const slot of otherSlots(question)) add(slotFact(question, slot, false));
  const isTimed = slots.some(({ source }) => source.from === "now" || source.from === "clock");
  add(momentFact(question, isTimed));
  return [...known.values()].toSorted((a, b) => Number(b.decides) - Number(a.decides));
}

function decidesRole(slots: readonly Slot[], decisive: ReadonlySet<number>): boolean {
  return slots.some(
    ({ id, source }) => source.from === "principal" && source.part === "roles" && decisive.has(id),
  );
}

/** The attributes that no rule reads. */
function otherSlots({ program, table }: Question): readonly Slot[] {
  const fieldsOf = (entity: string) => entityNamed(program, entity)?.fields ?? [];
  const make = (source: SlotSource, type: ValueType, optional: boolean): Slot => ({
    id: -1,
    source,
    type,
    optional,
  });
  return [
    ...fieldsOf(table.principal).map((f) =>
      make({ from: "principal_attribute", name: f.name }, f.type, f.optional),
    ),
    ...table.passes.flatMap(({ row }) =>
      fieldsOf(table.resource).map((f) =>
        make({ from: "row_attribute", row, name: f.name }, f.type, f.optional),
      ),
    ),
  ];
}

function slotFact(question: Question, slot: Slot, decides: boolean): PlacedFact | null {
  const { source, type, optional } = slot;
  const path = slotPath(source);
  const value = valueAt(question.request, path) ?? null;
  const fact = {
    id: path.join("/"),
    of: ofWhom(source, question.table),
    label: factLabel(source),
    path: sourceText(source),
    documentation: documentationOf(question, source),
    decides,
    optional: optional || (source.from === "reference" && value === null),
  };
  switch (source.from) {
    case "relation":
    case "now":
    case "clock":
    case "tenant":
      return null;
    case "limit":
      return source.part === "left" ? limitFact(fact, path, value) : null;
    case "principal":
    case "row":
      if (source.part === "tenant") {
        const isAbroad = value !== question.program.tenant;
        const label = source.from === "principal" ? "Belongs to another tenant" : "Is another tenant's";
        return {
          ...fact,
          label,
          optional: false,
          picker: { kind: "bool" },
          value: isAbroad,
          place: { kind: "abroad", path },
        };
      }
      if (source.part === "type") return null;
      break;
    case "principal_attribute":
    case "row_attribute":
    case "tenant_attribute":
    case "context":
    case "reference":
    case "ancestors":
      break;
  }
  return {
    ...fact,
    picker: pickerOf(question, slot),
    value: pickedValue(value, type),
    place: { kind: "path", path, type },
  };
}

function ofWhom(source: SlotSource, { passes }: Table): ScenarioFact["of"] {
  const ofRoot = (root: "principal" | Row) =>
    root === "principal" ? "who" : root === "next" && passes.length > 1 ? "becomes" : "row";
  switch (source.from) {
    case "principal":
    case "principal_attribute":
      return "who";
    case "row":
    case "row_attribute":
      return ofRoot(source.row);
    case "reference":
    case "ancestors":
      return ofRoot(source.of.root);
    case "tenant":
    case "tenant_attribute":
      return "tenant";
    case "context":
    case "now":
    case "clock":
    case "limit":
    case "relation":
      return "when";
  }
}

type Head = Omit<ScenarioFact, "picker" | "value">;

function limitFact(fact: Head, path: readonly string[], value: unknown): PlacedFact {
  const most = Number.MAX_SAFE_INTEGER;
  return {
    ...fact,
    picker: { kind: "number", min: 0, max: most, scale: 0 },
    // Nobody wants to read the largest number there is.
    value: value === most ? null : (value as number),
    optional: true,
    place: { kind: "path", path, type: { kind: "int", min: 0, max: most } },
  };
}

function relationFacts(question: Question): readonly PlacedFact[] {
  const { program, table, request } = question;
  return relatedFacts(program, table).map((fact) => ({
    id: rowId(fact.id),
    of: "when",
    label: capital(plain(fact.relation)),
    path: fact.path,
    documentation: fact.words,
    decides: true,
    optional: false,
    picker: { kind: "bool" },
    value: isRelated(program, request, fact),
    place: { kind: "related" },
  }));
}

/** The row before an update and the row after it are one. What they refer to may be two. */
export function rowId(id: string): string {
  return `related ${id.replaceAll(/\b(?:prior|next|resource)\b(?!\.)/g, "row")}`;
}

function momentFact({ program, request }: Question, decides: boolean): PlacedFact {
  const zone = zoneOf(program);
  return {
    id: "now",
    of: "when",
    label: "Time",
    path: "now",
    documentation: `On the clock of ${zone}`,
    decides,
    optional: false,
    picker: { kind: "moment", zone },
    value: localText(String(request.now), zone),
    place: { kind: "moment" },
  };
}

/** `2026-01-05T12:00` on the clock of a zone. */
function localText(now: string, zone: string): string {
  const micros = instantMicros(now);
  if (micros === undefined) return "";
  const { time } = clockAt(now, zone);
  const parts = new Intl.DateTimeFormat("en-CA", {
    timeZone: zone,
    year: "numeric",
    month: "2-digit",
    day: "2-digit",
  });
  return `${parts.format(new Date(Number(micros / 1000n)))}T${time.slice(0, 5)}`;
}

function documentationOf({ table, documentation }: Question, source: SlotSource): string | null {
  switch (source.from) {
    case "principal_attribute":
      return documentation(`${table.principal}.${source.name}`);
    case "row_attribute":
      return documentation(`${table.resource}.${source.name}`);
    case "tenant_attribute":
      return documentation(`tenant.${source.name}`);
    case "context":
      return documentation(`context.${source.name}`);
    case "principal":
    case "row":
    case "tenant":
    case "now":
    case "clock":
    case "reference":
    case "limit":
    case "ancestors":
    case "relation":
      return null;
  }
}
