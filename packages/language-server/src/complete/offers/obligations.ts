/** Obligations by who carries them, and what each of them takes. */
import {
  limitKeys,
  limitWindows,
  maskNames,
  obligationForms,
  obligationNames,
  obligationsOn,
  type Expectation,
  type Frame,
  type ObligationName,
} from "@wardline/compiler";
import { auditLevels } from "@wardline/core";
import type { Offer } from "../item.ts";
import { frameOf, type Place } from "../place.ts";
import { reachAt } from "../reach.ts";
import { argumentIndex } from "../wanted.ts";
import { fieldOffers, fitsMask, isTest, maskOffers } from "./fields.ts";

/** Where a term stands: on a rule, or in a test. */
export function termOffers(place: Place, expectation: Expectation): readonly Offer[] {
  const { frame, type } = expectation;
  const argument = frameOf(frame, "argument");
  if (argument === null) return type.name === "Name" ? obligationOffers(place) : [];
  const call = frameOf(argument.parent, "call");
  return call === null ? [] : argumentOffers(place, expectation, argument, call);
}

function obligationOffers(place: Place): readonly Offer[] {
  const { keyword } = reachAt(place);
  const carrier = keyword === "permit" || keyword === "share" || keyword === "require" ? keyword : null;
  const names: readonly ObligationName[] =
    carrier === null ? (isTest(place) ? obligationNames : []) : obligationsOn(carrier);
  // A rule has one limit at most.
  const isLimited =
    !isTest(place) &&
    place.tokens.some(({ image }, index) => image === "limit" && place.taken[index]?.rule === "call");
  const offers = names.flatMap((name) =>
    isPossible(place, name) && !(name === "limit" && isLimited) ? obligationOffer(place, name) : [],
  );
  return isTest(place)
    ? [
        ...offers,
        {
          label: "show",
          kind: "obligation",
          rank: 1,
          detail: "the fields are shown as they are",
          snippet: "show($1)",
        },
      ]
    : offers;
}

/** Whether the model has what an obligation needs. */
function isPossible(place: Place, name: ObligationName): boolean {
  const { evidence, classes } = place.names.model;
  if (place.names.kind === "pack") return true;
  switch (name) {
    case "step_up":
      return [...evidence.keys()].some((one) => one !== "reason" && one !== "approval");
    case "approval":
      return [...evidence.keys()].some((one) => one !== "reason");
    case "reason":
      return evidence.has("reason");
    case "encrypt":
      return classes.size > 0 || place.names.model.entities.size > 0;
    case "hide":
    case "mask":
    case "limit":
    case "audit":
    case "notify":
      return true;
  }
}

function obligationOffer(place: Place, name: ObligationName): Offer {
  const { form, summary, kind } = obligationForms[name];
  const base = { label: name, kind: "obligation" as const, detail: form, rank: kind === "effect" ? 0 : 1 };
  return form === name ? { ...base, detail: summary } : { ...base, snippet: snippets(place)[name] ?? name };
}

function snippets(place: Place): Partial<Record<ObligationName, string>> {
  const evidence = [...place.names.model.evidence].find(([name]) => name !== "reason" && name !== "approval");
  const within = (evidence?.[1].facts ?? 2) > 1 ? ", within: ${2:5m}" : "";
  return {
    hide: "hide(${1})",
    mask: "mask(${1}, ${2:redact})",
    step_up: `step_up(\${1:${evidence?.[0] ?? "factor"}}${within})`,
    approval: "approval(${1})",
    limit: "limit(${1:20}, per: ${2|second,minute,hour,day|}, by: ${3|principal,tenant,resource|})",
    audit: "audit(${1|decision,fields,full|})",
    notify: "notify(${1})",
    encrypt: place.names.kind === "pack" ? "encrypt(${1})" : "encrypt(#${1})",
  };
}

function argumentOffers(
  place: Place,
  { type, frame }: Expectation,
  argument: Frame,
  call: Frame,
): readonly Offer[] {
  const name = place.tokens[call.start]?.image ?? "";
  const index = argumentIndex(place, call.start + 1);
  const label = argument.start < place.at ? place.tokens[argument.start]?.image : undefined;
  const isLabel = type.name === "AnyWord" && frame.rule === "argument" && label === undefined;
  const labelled = (text: string, snippet: string): readonly Offer[] =>
    isLabel && !isWritten(place, call, text)
      ? [
          {
            label: `${text}:`,
            kind: "parameter",
            rank: 0,
            filter: text,
            snippet: `${text}: ${snippet}`,
            name: text,
          },
        ]
      : [];
  const isValue = type.name === "Name" && label === undefined;
  const words = (list: readonly string[], kind: Offer["kind"], detail?: string) =>
    list.map((one): Offer => ({ label: one, kind, rank: 0, detail }));
  const { model } = place.names;
  switch (name) {
    case "hide":
    case "show":
      return fieldOffers(place, type.name, null);
    case "mask":
      return index === 0
        ? fieldOffers(place, type.name, (field) => maskNames.some((mask) => fitsMask(mask, field)))
        : isValue
          ? maskOffers(place, call)
          : [];
    case "encrypt":
      return encryptOffers(place, type.name);
    case "audit":
      return isValue && index === 0 ? words(auditLevels, "value", "level") : [];
    case "notify":
      return isValue ? words(notifiedIn(place), "value", "told in another rule") : [];
    case "step_up":
      if (index > 0) return withinOffers(place, call, labelled, type.name, label);
      return isValue
        ? words(
            [...model.evidence.keys()].filter((one) => one !== "reason" && one !== "approval"),
            "evidence",
            "factor",
          )
        : [];
    case "approval":
      return [
        ...(isValue && index === 0
          ? words(
              [...model.evidence.keys()].filter((one) => one !== "reason"),
              "evidence",
              "evidence",
            )
          : []),
        ...withinOffers(place, call, labelled, type.name, label),
      ];
    case "limit":
      if (index === 0)
        return type.name === "Scalar" ? [{ label: "20", kind: "literal", rank: 0, snippet: "${1:20}" }] : [];
      if (label === "per") return type.name === "Name" ? words(limitWindows, "value") : [];
      if (label === "by")
        return limitKeys.flatMap((key): readonly Offer[] =>
          type.name === `word_${key}` ? [{ label: key, kind: "value", rank: 0 }] : [],
        );
      return [
        ...labelled("per", "${1|second,minute,hour,day|}"),
        ...labelled("by", "${1|principal,tenant,resource|}"),
      ];
    case "partial":
      return index > 0 || isWritten(place, call, "first") || isWritten(place, call, "last")
        ? []
        : [...labelled("last", "${1:4}"), ...labelled("first", "${1:2}")];
    default:
      return [];
  }
}

function withinOffers(
  place: Place,
  call: Frame,
  labelled: (text: string, snippet: string) => readonly Offer[],
  type: string,
  label: string | undefined,
): readonly Offer[] {
  if (label === "within") {
    if (type === "Name")
      return place.names.parameters
        .filter((one) => one.type.startsWith("Duration"))
        .map(({ name, type: text }): Offer => ({ label: name, kind: "parameter", rank: 0, detail: text }));
    return type === "Scalar"
      ? [{ label: "5m", kind: "literal", rank: 1, snippet: "${1:5m}", detail: "a Duration" }]
      : [];
  }
  const evidence = place.tokens[call.start + 2]?.image ?? "";
  const facts = place.names.model.evidence.get(evidence)?.facts ?? 2;
  return facts > 1 && place.names.kind !== "model" ? labelled("within", "${1:5m}") : [];
}

function isWritten(place: Place, call: Frame, label: string): boolean {
  const own = place.tokens.slice(call.start, place.at);
  return own.some(({ image }, index) => image === label && own[index + 1]?.image === ":");
}

function encryptOffers(place: Place, type: string): readonly Offer[] {
  const { model, kind, parameters } = place.names;
  if (kind === "pack")
    return type === "Name"
      ? parameters
          .filter(({ isClass }) => isClass)
          .map(({ name }): Offer => ({ label: name, kind: "parameter", rank: 0, detail: "class" }))
      : [];
  if (type === "Class")
    return [...model.classes].map((one): Offer => ({
      label: `#${one}`,
      kind: "class",
      rank: 0,
      detail: "class",
      name: one,
    }));
  return isTest(place) ? fieldOffers(place, type, null) : [];
}

/** Who is told in other rules of the project's files. */
function notifiedIn(place: Place): readonly string[] {
  const told = place.snapshot.files.flatMap((file) =>
    [...(place.snapshot.text(file) ?? "").matchAll(/\bnotify\(([a-z][a-z0-9_]*)\)/g)].map(
      (match) => match[1] as string,
    ),
  );
  return [...new Set(told)];
}
