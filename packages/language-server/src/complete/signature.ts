/** What the call at a place takes: relations, lets with parameters, methods, obligations and masks. */
import { isMaskName, isObligationName, maskFunctions, obligationForms, type Frame } from "@wardline/compiler";
import type { Snapshot } from "../workspace/snapshot.ts";
import { typesOf } from "./path-words.ts";
import { frameOf, placeAt, type Place } from "./place.ts";
import { argumentIndex } from "./wanted.ts";
import { formatType } from "@wardline/core";

export interface Signature {
  readonly label: string;
  /** Where each parameter stands in the label. */
  readonly parameters: readonly (readonly [start: number, end: number])[];
  readonly active: number;
  readonly documentation: string | null;
}

/** The signature of the innermost call that is open at an offset. */
export function signatureAt(snapshot: Snapshot, file: string, offset: number): Signature | null {
  const place = placeAt(snapshot, file, offset);
  if (place === null) return null;
  let innermost: { readonly open: number; readonly callee: Frame } | null = null;
  for (const { frame } of place.expected) {
    const found = openCall(place, frame);
    if (found !== null && (innermost === null || found.open > innermost.open)) innermost = found;
  }
  return innermost === null ? null : signatureOf(place, innermost.callee, innermost.open);
}

/** The call whose parentheses are open, by its frame and the index of its parenthesis. */
function openCall(place: Place, frame: Frame): { readonly open: number; readonly callee: Frame } | null {
  const args = frameOf(frame, "args");
  if (args !== null && args.start < place.at && args.parent !== null)
    return { open: args.start, callee: args.parent };
  for (let call = frameOf(frame, "call"); call !== null; call = frameOf(call.parent, "call"))
    if (place.tokens[call.start + 1]?.image === "(" && call.start + 1 < place.at)
      return { open: call.start + 1, callee: call };
  const given = frameOf(frame, "given");
  if (given !== null && place.tokens[given.start + 2]?.image === "(" && given.start + 2 < place.at)
    return { open: given.start + 2, callee: given };
  return null;
}

function signatureOf(place: Place, callee: Frame, open: number): Signature | null {
  const name = place.tokens[open - 1]?.image ?? "";
  const index = argumentIndex(place, open);
  if (callee.rule === "call") return ofTerm(place, name, index);
  const { relations } = place.names.model;
  const relation = open - callee.start === 1 || callee.rule === "given" ? relations.get(name) : undefined;
  if (relation !== undefined) return sign(name, [relation.from, relation.to], index, relation.doc);
  const isMethod = place.tokens[open - 2]?.image === ".";
  if (isMethod) {
    const types = typesOf(place, place.tokens.slice(callee.start, open - 2));
    const known = types.map((type) => formatType(type.kind === "set" ? type.of : type)).join(" or ");
    const of = known === "" ? takenBy(name, place.tokens[open - 3]?.image) : known;
    const isMany = name === "contains_any" || name === "contains_all";
    return sign(name, [isMany ? `[${of}, …]` : of], 0, null);
  }
  const found = place.names.lets.get(name);
  return found?.parameters == null ? null : sign(name, found.parameters, index, found.doc);
}

/** What a method takes of an attribute that the model does not have, or of the roles. */
function takenBy(method: string, owner: string | undefined): string {
  if (owner === "roles") return "role";
  return method === "starts_with" || method === "ends_with" ? "String" : "value";
}

const terms: Readonly<Record<string, readonly string[]>> = {
  hide: ["FIELD or #CLASS, …"],
  show: ["FIELD or #CLASS, …"],
  mask: ["FIELD or #CLASS", "MASK"],
  step_up: ["FACTOR", "within: DURATION"],
  approval: ["NAME", "within: DURATION"],
  limit: ["COUNT", "per: second | minute | hour | day", "by: principal | tenant | resource"],
  audit: ["decision | fields | full"],
  notify: ["NAME, …"],
  encrypt: ["#CLASS, …"],
  partial: ["last: COUNT | first: COUNT"],
  bucket: ["SIZE"],
};

function ofTerm({ names }: Place, name: string, index: number): Signature | null {
  const parameters = Object.hasOwn(terms, name) ? terms[name] : undefined;
  if (parameters === undefined) return null;
  const evidence = [...names.model.evidence.keys()].filter((one) => one !== "reason" && one !== "approval");
  const summary = isObligationName(name)
    ? obligationForms[name].summary
    : isMaskName(name)
      ? maskFunctions[name].summary
      : null;
  const known =
    name === "step_up" && evidence.length > 0 ? `${summary}. Factors: ${evidence.join(", ")}` : summary;
  return sign(name, parameters, index, known);
}

function sign(
  name: string,
  parameters: readonly string[],
  index: number,
  documentation: string | null,
): Signature {
  let label = `${name}(`;
  const places = parameters.map((parameter, at) => {
    if (at > 0) label += ", ";
    const start = label.length;
    label += parameter;
    return [start, label.length] as const;
  });
  return {
    label: `${label})`,
    parameters: places,
    active: Math.min(index, parameters.length - 1),
    documentation,
  };
}
