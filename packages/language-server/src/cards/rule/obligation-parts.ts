/** Obligations as lines of a card: what is masked, hidden, asked before, counted, and done beside. */
import {
  maskFunctions,
  maskNames,
  obligationForms,
  obligationsOn,
  type Argument,
  type Carrier,
  type MaskName,
  type ObligationName,
  type Term,
} from "@wardline/compiler";
import { auditLevels, canMask, type FieldModel } from "@wardline/core";
import type { Picker, Slot, SlotValue } from "../card.ts";
import { listNamed, option, type CardContext } from "../card-context.ts";
import { aboutKey, type About } from "../condition/facts.ts";
import {
  durationPicker,
  listed,
  oneOf,
  shownDuration,
  shownNumber,
  textOf,
  words,
} from "../condition/value.ts";
import { refuse, type Change } from "../text/change.ts";
import { Unshown, type CardDraft } from "../text/draft.ts";
import { classOptions } from "./reach-slots.ts";

export interface ObligationPlace {
  readonly ctx: CardContext;
  readonly draft: CardDraft;
  readonly about: About;
  readonly carrier: Carrier;
}

type Call = Extract<Term, { readonly kind: "call" }>;
type Segments = readonly (Slot | string)[];

/** Adds the line of one obligation. `lead` stands before it, as `but` does. */
export function addObligation(
  place: ObligationPlace,
  term: Term,
  id: string,
  lead: string,
  remove: (() => Change) | undefined,
): void {
  if (term.kind !== "call" || !Object.hasOwn(obligationForms, term.name.text))
    throw new Unshown("What stands here is no obligation that cards know.");
  const name = term.name.text as ObligationName;
  const segments = shows[name](place, term, id);
  place.draft.part({ id, kind: "obligation", ...(remove === undefined ? {} : { remove }) }, [
    lead,
    ...segments,
  ]);
}

const shows: Readonly<Record<ObligationName, (place: ObligationPlace, term: Call, id: string) => Segments>> =
  {
    mask: maskLine,
    hide: (place, term, id) => [
      place.carrier === "require" ? "must not see" : "do not see",
      fieldsSlot(place, term, id, false),
    ],
    step_up: (place, term, id) => [
      place.carrier === "require" ? "must confirm with" : "only after confirming with",
      evidenceSlot(place, term, id, false),
      ...withinSegments(place, term, id),
    ],
    approval: (place, term, id) => [
      place.carrier === "require" ? "must have the approval" : "only with the approval",
      evidenceSlot(place, term, id, true),
      ...withinSegments(place, term, id),
    ],
    reason: (place, term) => {
      if (term.args.length > 0) throw new Unshown("`reason` takes nothing beside it.");
      return [place.carrier === "require" ? "must give a reason" : "only with a reason given"];
    },
    limit: limitLine,
    audit: auditLine,
    notify: notifyLine,
    encrypt: (place, term, id) => ["are stored encrypted:", fieldsSlot(place, term, id, true)],
  };

const plain = ({ label, term }: Argument): string | null =>
  label === null && term.kind === "call" && term.args.length === 0
    ? term.name.text
    : label === null && term.kind === "class"
      ? `#${term.name.text}`
      : null;

/** Fields of all that the statement is about, classes, and a pack's class parameters. */
function fieldOptions({ ctx, about }: ObligationPlace): string {
  return listNamed(ctx, `fields: ${aboutKey(about)}`, () => {
    const { documentation } = ctx.words;
    const fields = about.entities.flatMap((entity) =>
      entity.fields.map(({ name }) =>
        option(name, words(name), documentation.get(`${entity.name}.${name}`) ?? null, "Fields"),
      ),
    );
    return [...new Map([...fields, ...classOptions(ctx)].map((one) => [one.id, one])).values()];
  });
}

/** `hide(a, b)`, `encrypt(#c)`: all of the arguments are one list. */
function fieldsSlot(place: ObligationPlace, term: Call, id: string, all: boolean): Slot {
  const names = term.args.map(plain);
  const [first, last] = [term.args[0], term.args.at(-1)];
  if (first === undefined || last === undefined || names.includes(null))
    throw new Unshown("This names no fields.");
  const value = names as readonly string[];
  const options = all ? everyField(place) : fieldOptions(place);
  return argumentList(place, { id: `${id}.fields`, label: "Which fields", value, options }, first, last);
}

/** `encrypt` has no reach: fields of the whole model. */
function everyField({ ctx }: ObligationPlace): string {
  return listNamed(ctx, "all fields", () => {
    const fields = ctx.words.ir.entities.flatMap((entity) =>
      entity.fields.map(({ name }) => option(name, words(name), null, "Fields")),
    );
    return [...new Map([...classOptions(ctx), ...fields].map((one) => [one.id, one])).values()];
  });
}

interface ListSlot {
  readonly id: string;
  readonly label: string;
  readonly value: readonly string[];
  readonly options: string;
}

function argumentList(
  { ctx, draft }: ObligationPlace,
  slot: ListSlot,
  first: Argument,
  last: Argument,
): Slot {
  const at = { start: first.term.span.start, end: last.term.span.end };
  return draft.slot({
    id: slot.id,
    label: slot.label,
    shown: listed(slot.value.map(words), "and"),
    picker: { kind: "many", options: slot.options, least: 1, all: null },
    value: slot.value,
    ...at,
    set: (chosen) => {
      if (typeof chosen === "string" || chosen.length === 0) return refuse("Choose at least one.");
      const known = new Set((ctx.lists.get(slot.options) ?? []).map(({ id }) => id));
      const unknown = chosen.find((name) => !known.has(name) && !slot.value.includes(name));
      return unknown === undefined
        ? [{ ...at, text: chosen.join(", ") }]
        : refuse(`\`${unknown}\` cannot be chosen here.`);
    },
  });
}

/** One argument. */
function argumentSlot(
  { ctx, draft }: ObligationPlace,
  slot: {
    readonly id: string;
    readonly label: string;
    readonly shown: string;
    readonly picker: Picker;
    readonly value: string;
  },
  { term }: Argument,
): Slot {
  const at = { start: term.span.start, end: term.span.end };
  return draft.slot({
    ...slot,
    ...at,
    set: (chosen: SlotValue) => {
      const text = textOf(ctx, slot.picker, chosen);
      return typeof text === "string" ? [{ ...at, text }] : text;
    },
  });
}

function maskLine(place: ObligationPlace, term: Call, id: string): Segments {
  const [field, how] = term.args;
  const name = field === undefined ? null : plain(field);
  if (
    field === undefined ||
    how?.term.kind !== "call" ||
    name === null ||
    how.label !== null ||
    term.args.length !== 2
  )
    throw new Unshown("This mask does not say what and how.");
  const { ctx } = place;
  const fieldPicker: Picker = { kind: "one", options: fieldOptions(place) };
  const fieldSlot = argumentSlot(
    place,
    { id: `${id}.field`, label: "Which field", shown: words(name), picker: fieldPicker, value: name },
    field,
  );
  const masks = maskList(place, name);
  const call = how.term;
  if (!Object.hasOwn(maskFunctions, call.name.text)) throw new Unshown(`\`${call.name.text}\` is no mask.`);
  const [argument] = call.args;
  const label = argument?.label?.text ?? null;
  const value = label === "first" ? "partial first" : call.name.text;
  const at = { start: call.span.start, end: call.span.end };
  const howSlot = place.draft.slot({
    id: `${id}.how`,
    label: "How it is shown",
    shown: maskShown(call.name.text as MaskName, label),
    picker: { kind: "one", options: masks },
    value,
    ...at,
    set: (chosen) =>
      (ctx.lists.get(masks) ?? []).some((one) => one.id === chosen)
        ? [{ ...at, text: maskText(String(chosen)) }]
        : refuse("This field cannot be shown so."),
  });
  const verb = place.carrier === "require" ? "must see" : "see";
  if (argument === undefined) return [verb, fieldSlot, "as", howSlot];
  if (argument.term.kind !== "literal") throw new Unshown("The mask's number is not written as one.");
  const most = maskFunctions[call.name.text as MaskName].argument?.most ?? 1;
  const picker: Picker = { kind: "number", min: "1", max: String(most), decimals: 0 };
  const { text } = argument.term;
  const count = argumentSlot(
    place,
    { id: `${id}.count`, label: "How many", shown: shownNumber(text), picker, value: text },
    argument,
  );
  return [verb, fieldSlot, "as", howSlot, count];
}

const maskLabels: Readonly<Record<MaskName, string>> = {
  initials: "initials",
  partial: "its last characters, as many as",
  bucket: "rounded down to a multiple of",
  month: "its month",
  year: "its year",
  token: "a stand-in that who holds the key can turn back",
  hash: "a stand-in that nobody can turn back",
  redact: "***",
};

const maskShown = (name: MaskName, label: string | null) =>
  label === "first" ? "its first characters, as many as" : maskLabels[name];

const maskText = (id: string) =>
  id === "partial first"
    ? "partial(first: 2)"
    : id === "bucket"
      ? "bucket(10)"
      : id === "partial"
        ? "partial(last: 4)"
        : id;

/** The masks that fit a field's type. */
function maskList({ ctx, about }: ObligationPlace, name: string): string {
  const fields = fieldsNamed(ctx, about, name);
  const fitting = maskNames.filter((mask) =>
    fields.every(({ type }) => canMask(maskFunctions[mask].make(null, 1), type)),
  );
  return listNamed(ctx, `masks: ${fitting.join(" ")}`, () =>
    fitting.flatMap((mask) => [
      option(mask, maskLabels[mask], maskFunctions[mask].summary),
      ...(mask === "partial"
        ? [option("partial first", maskShown("partial", "first"), maskFunctions.partial.summary)]
        : []),
    ]),
  );
}

function fieldsNamed(ctx: CardContext, about: About, name: string): readonly FieldModel[] {
  const all = about.entities.flatMap(({ fields }) => fields);
  if (ctx.parameters.has(name)) return [];
  return all.filter((field) =>
    name.startsWith("#") ? field.classes.includes(name.slice(1)) : field.name === name,
  );
}

function evidenceSlot(place: ObligationPlace, term: Call, id: string, approval: boolean): Slot | string {
  const [first] = term.args;
  if (first === undefined || first.label !== null) {
    if (approval) return "of somebody else";
    throw new Unshown("`step_up` does not say with what.");
  }
  const name = plain(first);
  if (name === null) throw new Unshown("This names no evidence.");
  const picker = evidencePicker(place.ctx, approval);
  return argumentSlot(
    place,
    { id: `${id}.evidence`, label: "What is asked for", shown: words(name), picker, value: name },
    first,
  );
}

function evidencePicker(ctx: CardContext, approval: boolean): Picker {
  const names = evidenceNames(ctx, approval);
  return oneOf(ctx, approval ? "approvals" : "factors", () => names.map((name) => option(name, words(name))));
}

const evidenceNames = ({ words: { evidence } }: CardContext, approval: boolean) =>
  evidence.filter((name) => name !== "reason" && (approval || name !== "approval"));

function withinSegments(place: ObligationPlace, term: Call, id: string): Segments {
  const within = term.args.find(({ label }) => label?.text === "within");
  const odd = term.args.slice(1).find((argument) => argument !== within);
  if (odd !== undefined) throw new Unshown(`\`${term.name.text}\` says more than cards show.`);
  const { ctx, draft } = place;
  if (within === undefined) {
    const [first] = term.args;
    const { end } = term.span;
    const bare = !ctx.text.slice(term.span.start, end).includes("(");
    draft.addition(`${id}.within`, "How old it may be", "obligation", null, () =>
      bare
        ? [{ start: end, end, text: "(within: 5m)" }]
        : [
            {
              start: first?.term.span.end ?? end - 1,
              end: first?.term.span.end ?? end - 1,
              text: ", within: 5m",
            },
          ],
    );
    return [];
  }
  return ["not longer ago than", timeArgument(place, within, `${id}.within`)];
}

/** A length of time, or a pack's parameter. */
function timeArgument(place: ObligationPlace, argument: Argument, id: string): Slot {
  const { ctx } = place;
  const { term } = argument;
  const label = "How long";
  if (term.kind === "literal")
    return argumentSlot(
      place,
      { id, label, shown: shownDuration(term.text), picker: durationPicker(ctx, null), value: term.text },
      argument,
    );
  return parameterSlot(place, argument, id, label);
}

function parameterSlot(place: ObligationPlace, argument: Argument, id: string, label: string): Slot {
  const { ctx } = place;
  const name = plain({ ...argument, label: null });
  if (name === null || !ctx.parameters.has(name))
    throw new Unshown("A value stands here that cards do not show.");
  const picker = oneOf(ctx, "parameters", () =>
    [...ctx.parameters].map(([one, type]) => option(one, words(one), type)),
  );
  return argumentSlot(place, { id, label, shown: words(name), picker, value: name }, argument);
}

function limitLine(place: ObligationPlace, term: Call, id: string): Segments {
  const { ctx } = place;
  const [count, ...rest] = term.args;
  const per = rest.find(({ label }) => label?.text === "per");
  const by = rest.find(({ label }) => label?.text === "by");
  if (
    count === undefined ||
    count.label !== null ||
    per === undefined ||
    rest.some((one) => one !== per && one !== by)
  )
    throw new Unshown("This limit does not say how many and in which time.");
  const picker: Picker = { kind: "number", min: "1", max: null, decimals: 0 };
  const number =
    count.term.kind === "literal"
      ? argumentSlot(
          place,
          {
            id: `${id}.count`,
            label: "How often",
            shown: shownNumber(count.term.text),
            picker,
            value: count.term.text,
          },
          count,
        )
      : parameterSlot(place, count, `${id}.count`, "How often");
  const window = wordArgument(
    place,
    per,
    `${id}.per`,
    "In which time",
    oneOf(ctx, "windows of time", () =>
      ["second", "minute", "hour", "day"].map((word) => option(word, word)),
    ),
  );
  const keys = oneOf(ctx, "what limits count by", () => [
    option("principal", "each who asks"),
    option("tenant", "the organisation"),
    option("resource", "each thing that is asked for"),
  ]);
  if (by === undefined) {
    const { end } = per.term.span;
    place.draft.addition(`${id}.by`, "What it is counted by", "obligation", null, () => [
      { start: end, end, text: ", by: principal" },
    ]);
  }
  const counted =
    by === undefined ? [] : ["counted for", wordArgument(place, by, `${id}.by`, "Counted for", keys)];
  const verb = place.carrier === "require" ? "may do so at most" : "at most";
  return [verb, number, "times a", window, ...counted];
}

function wordArgument(
  place: ObligationPlace,
  argument: Argument,
  id: string,
  label: string,
  picker: Picker,
): Slot {
  const { term } = argument;
  const value = term.kind === "keyword" ? term.word : plain({ ...argument, label: null });
  if (value === null || picker.kind !== "one")
    throw new Unshown("A value stands here that cards do not show.");
  const shown = place.ctx.lists.get(picker.options)?.find((one) => one.id === value)?.label ?? value;
  return argumentSlot(place, { id, label, shown, picker, value }, argument);
}

const levelLabels: Readonly<Record<string, string>> = {
  decision: "that it was decided",
  fields: "which fields were asked for",
  full: "everything",
};

function auditLine(place: ObligationPlace, term: Call, id: string): Segments {
  const [level] = term.args;
  const picker = oneOf(place.ctx, "what is put on record", () =>
    auditLevels.map((one) => option(one, levelLabels[one] ?? one)),
  );
  if (level === undefined) return ["and everything is put on record"];
  return ["and it is put on record:", wordArgument(place, level, `${id}.level`, "How much", picker)];
}

function notifyLine({ draft }: ObligationPlace, term: Call, id: string): Segments {
  const names = term.args.map(plain);
  const [first, last] = [term.args[0], term.args.at(-1)];
  if (first === undefined || last === undefined || names.includes(null))
    throw new Unshown("This does not say who is told.");
  const at = { start: first.term.span.start, end: last.term.span.end };
  const value = names as readonly string[];
  const slot = draft.slot({
    id: `${id}.whom`,
    label: "Who is told",
    shown: listed(value.map(words), "and"),
    picker: { kind: "list", of: { kind: "name" }, least: 1 },
    value,
    ...at,
    set: (chosen) => {
      if (typeof chosen === "string" || chosen.length === 0) return refuse("Say who is told.");
      const wrong = chosen.find((name) => !/^[a-z][a-z0-9_]*$/.test(name));
      return wrong === undefined ? [{ ...at, text: chosen.join(", ") }] : refuse(`\`${wrong}\` is no name.`);
    },
  });
  return [slot, "are told"];
}

/** What can be added, with its text; what does not fit the model or the statement is left out. */
export function newObligations(
  place: ObligationPlace,
  terms: readonly Term[],
): ReadonlyMap<ObligationName, string> {
  const { ctx, about, carrier } = place;
  const written = new Set(terms.flatMap((term) => (term.kind === "call" ? [term.name.text] : [])));
  const touched = new Set(terms.flatMap((term) => (term.kind === "call" ? term.args.map(plain) : [])));
  const fields = about.entities.flatMap((entity) => entity.fields).filter(({ name }) => !touched.has(name));
  const [factor] = evidenceNames(ctx, false);
  const [approver] = evidenceNames(ctx, true);
  const masked = fields.flatMap((field) => {
    const mask = maskNames.find((one) => canMask(maskFunctions[one].make(null, 1), field.type));
    return mask === undefined ? [] : [`mask(${field.name}, ${maskText(mask)})`];
  });
  const texts: Readonly<Record<ObligationName, string | undefined>> = {
    mask: masked[0],
    hide: fields[0] === undefined ? undefined : `hide(${fields[0].name})`,
    step_up: factor === undefined ? undefined : `step_up(${factor}, within: 5m)`,
    approval: ctx.words.evidence.includes("approval") ? "approval" : approver && `approval(${approver})`,
    reason: ctx.words.evidence.includes("reason") ? "reason" : undefined,
    limit: written.has("limit") ? undefined : "limit(20, per: day, by: principal)",
    audit: written.has("audit") ? undefined : "audit(full)",
    notify: "notify(tenant_admins)",
    encrypt: undefined,
  };
  const found = obligationsOn(carrier).flatMap((name) => {
    const text = texts[name];
    return text === undefined ? [] : [[name, text] as const];
  });
  return new Map(found);
}

export const obligationLabels: Readonly<Record<ObligationName, string>> = {
  mask: "Show a field only in part",
  hide: "Hide fields",
  step_up: "Ask for a second factor",
  approval: "Ask for somebody's approval",
  reason: "Ask for a reason",
  limit: "Limit how often",
  audit: "Put it on record",
  notify: "Tell somebody",
  encrypt: "Store fields encrypted",
};
