/**
 * What can be written at a place: what the grammar expects there, filled with the names that the project has. Works on
 * broken text; offers nothing that the checker would call unknown or misplaced.
 */
import type { Expectation, Frame } from "@wardline/compiler";
import type { Snapshot } from "../workspace/snapshot.ts";
import { itemsOf, type Item, type Offer } from "./item.ts";
import { memberOffers, operandOffers } from "./offers/conditions.ts";
import {
  evidenceFacts,
  listedNames,
  modelTypeOffers,
  modifierOffers,
  parentVia,
  typeOffers,
} from "./offers/models.ts";
import { termOffers } from "./offers/obligations.ts";
import { connectiveOffers, operatorOffers } from "./offers/operators.ts";
import {
  actionOffers,
  actOnOffers,
  entityOffers,
  ruleOffers,
  touchingOffers,
  trustedOffers,
  whoOffers,
} from "./offers/reaches.ts";
import { packKeys, packOffers, packValues, settingKeys, settingValues } from "./offers/settings.ts";
import { headerOffers, statementOffers } from "./offers/statements.ts";
import { expectNames, givenOffers, keyOffers, listedTypes, subjectOffers } from "./offers/tests.ts";
import { datumOffers } from "./offers/test-values.ts";
import { keywordOffers } from "./offers/keywords.ts";
import { frameOf, isWithin, placeAt, type Place } from "./place.ts";

/** The items at an offset, without a fixed order: `sortText` has it. Empty where nothing can be said. */
export function complete(snapshot: Snapshot, file: string, offset: number): readonly Item[] {
  const place = isWithinNumber(snapshot.text(file) ?? "", offset) ? null : placeAt(snapshot, file, offset);
  return place === null ? [] : itemsOf(place, offersAt(place));
}

/** After the dot of `10.` more digits come; what ends the statement would be offered under the dot. */
function isWithinNumber(text: string, offset: number): boolean {
  return /\d\.$/.test(text.slice(Math.max(0, offset - 2), offset));
}

/** Where a value is yet to be compared, the words that would leave it so come after the comparisons. */
function comparisonsFirst(offers: readonly Offer[]): readonly Offer[] {
  const isOpen =
    offers.some(({ kind }) => kind === "operator") &&
    !offers.some(({ label }) => label === "and" || label === "or");
  return isOpen
    ? offers.map((offer) => (offer.kind === "keyword" ? { ...offer, rank: (offer.rank ?? 5) + 3 } : offer))
    : offers;
}

function offersAt(place: Place): readonly Offer[] {
  if (place.isHeader && !place.opensStatement)
    return place.expected.flatMap(({ type }) => headerOffers(place, type.name));
  const opens = place.opensStatement ? statementOffers(place, place.opensOnly) : [];
  if (place.isHeader) return opens;
  if (place.opensOnly) return opens;
  const goesOn = place.expected.filter((expectation) => canGoOn(place, expectation));
  return [...comparisonsFirst(goesOn.flatMap((expectation) => offersFor(place, expectation))), ...opens];
}

/** Whether what stands after the place can follow: a key before a colon, what has attributes before a dot. */
function canGoOn(place: Place, { type, frame }: Expectation): boolean {
  const next = place.text.slice(place.end).trimStart().charAt(0);
  if (next === ":" && isWithin(frame, "fields")) return type.name === "AnyWord";
  if (next === "." && isWithin(frame, "operand") && frame.start === place.at) return type.name === "PathRoot";
  return true;
}

const names: ReadonlySet<string> = new Set([
  "Name",
  "AnyWord",
  "Type",
  "Class",
  "Scalar",
  "PathRoot",
  "Decimal",
  "Version3",
  "OpenSquare",
  "Time",
  "Instant",
]);
const ofConditions: ReadonlySet<Frame["rule"]> = new Set([
  "negation",
  "presence",
  "now",
  "path",
  "scalarOrRange",
  "entityLiteral",
  "list",
  "enumValue",
]);

function offersFor(place: Place, expectation: Expectation): readonly Offer[] {
  const { type, frame } = expectation;
  const { rule } = frame;
  const keyword = place.tokens[0]?.image;
  if (frame.parent?.rule === "statement" && frame.start === place.at) return startOffers(place, expectation);
  if (rule === "statement") return [];
  if (rule === "path" && type.name === "AnyWord") return memberOffers(place, frame);
  if (rule === "operator") return operatorOffers(place, expectation);
  if (rule === "expression") return connectiveOffers(place, expectation);
  if (ofConditions.has(rule) && frame.start === place.at) return operandOffers(place, expectation);
  if (rule === "who" || rule === "roleOrType")
    return type.name === "word_except"
      ? exceptOffers(place)
      : type.name === "Comma"
        ? []
        : whoOffers(place, expectation);
  if (rule === "actions")
    return type.name === "word_act" ? actOnOffers(place) : keywordOffers(place, expectation);
  if (rule === "classOrName") return touchingOffers(place, expectation);
  if (rule === "trusted") return trustedOffers(place, expectation);
  if (rule === "annotation")
    return type.name === "Name"
      ? [
          {
            label: "control",
            kind: "keyword",
            rank: 0,
            snippet: 'control("$1")',
            detail: "the control that the rule is for",
          },
        ]
      : [];
  if (isWithin(frame, "terms"))
    return type.name.startsWith("word_") && rule !== "term"
      ? keywordOffers(place, expectation)
      : termOffers(place, expectation);
  if (isWithin(frame, "settings")) return settingOffers(place, expectation);
  if (isWithin(frame, "use")) return useOffers(place, expectation);
  if (isWithin(frame, "test")) return testOffers(place, expectation);
  if (rule === "modifier") return modifierOffers(place, expectation);
  if (!names.has(type.name)) return keywordOffers(place, expectation);
  if (rule === "names") return nameLists(place, expectation, keyword);
  if (rule === "typeNames" && isWithin(frame, "types")) return entityOffers(place);
  if (rule === "type" && type.name === "Type") return typeOffers(place, expectation);
  if (rule === "parent") return type.name === "Name" ? parentVia(place) : modelTypeOffers(place, expectation);
  if (rule === "typeNames" || rule === "relation")
    return type.name === "Type" ? modelTypeOffers(place, expectation) : [];
  if (rule === "fact") return type.name === "AnyWord" ? evidenceFacts(place) : [];
  if (rule === "shown") return shownOffers(place, expectation);
  return [];
}

/** The statement's first word. */
function startOffers(place: Place, { type }: Expectation): readonly Offer[] {
  const word = type.name.slice("word_".length);
  return statementOffers(place, true).filter(({ label, name }) => label === word || name === word);
}

function exceptOffers(place: Place): readonly Offer[] {
  return place.names.roles.size === 0
    ? []
    : [
        {
          label: "except",
          kind: "keyword",
          rank: 1,
          insert: "except ",
          detail: "all but those of some roles",
        },
      ];
}

/** Lists of names, by what they stand in. */
function nameLists(place: Place, expectation: Expectation, keyword: string | undefined): readonly Offer[] {
  const { frame } = expectation;
  if (expectation.type.name !== "Name") return [];
  if (isWithin(frame, "who")) return whoOffers(place, expectation);
  if (isWithin(frame, "actions")) return actionOffers(place);
  if (frame.parent?.rule === "assert") return ruleOffers(place, expectation);
  return listedNames(place, keyword);
}

function settingOffers(place: Place, expectation: Expectation): readonly Offer[] {
  if (expectation.type.name === "AnyWord") return settingKeys(place, expectation);
  return isWithin(expectation.frame, "term") ? settingValues(place, expectation) : [];
}

function useOffers(place: Place, expectation: Expectation): readonly Offer[] {
  if (expectation.type.name === "AnyWord") return packKeys(place);
  return isWithin(expectation.frame, "term")
    ? packValues(place, expectation)
    : packOffers(place, expectation);
}

function testOffers(place: Place, expectation: Expectation): readonly Offer[] {
  const { frame, type } = expectation;
  const { rule } = frame;
  if (isWithin(frame, "subject") && frameOf(frame, "attributes") === null)
    return frame.start === place.at ? subjectOffers(place, expectation) : [];
  if (isWithin(frame, "datum") || isWithin(frame, "data")) {
    if (rule === "attributes") return type.name === "AnyWord" ? keyOffers(place, expectation) : [];
    const starts = frame.start === place.at || (rule === "data" && type.name === "OpenSquare");
    return starts ? datumOffers(place, expectation) : [];
  }
  if (rule === "attributes") return type.name === "AnyWord" ? keyOffers(place, expectation) : [];
  if (rule === "given")
    return place.tokens[place.at - 1]?.image === "given" || type.name === "Time" || type.name === "Instant"
      ? givenOffers(place, expectation)
      : keywordOffers(place, expectation);
  if (rule === "expectOne" && type.name === "Name") return expectNames(place, expectation);
  if (rule === "names" && type.name === "Name") return expectNames(place, expectation);
  if (rule === "expectList" && type.name === "Name") return expectNames(place, expectation);
  if (rule === "expectList" && type.name === "Type") return listedTypes(place);
  return keywordOffers(place, expectation);
}

/** `show TYPE.FIELD`. */
function shownOffers(place: Place, { type }: Expectation): readonly Offer[] {
  const { model } = place.names;
  if (type.name === "Type")
    return [...model.entities.values()].map(({ name, kind }): Offer => ({
      label: name,
      kind: "entity",
      rank: 0,
      detail: kind,
    }));
  const entity = model.entities.get(place.tokens[place.at - 2]?.image ?? "");
  if (type.name !== "AnyWord" || entity === undefined) return [];
  return [...entity.fields.values()].map(({ name, text }): Offer => ({
    label: name,
    kind: "field",
    rank: 0,
    detail: text,
    owner: entity.name,
  }));
}
