/** Everything that an answer says in fixed words, for runtime/answer.ts, runtime/abi.ts and runtime/host.ts. */
import { auditLevels, type Decision, type DenyReason, type Obligation } from "@wardline/core";
import type { Image } from "./image.ts";

/** The number under which the runtime knows a reason. `forbidden` names rules and has a function of its own. */
export const denyCode: Readonly<Record<Exclude<DenyReason, "forbidden">, number>> = {
  invalid_input: 0,
  out_of_scope: 1,
  not_granted: 2,
};

/** By name, as the ABI numbers them. */
export const entrypoints = { "wardline/decision": 0, "wardline/allow": 1 } as const;

/** What a module that answers lists has besides. */
export const listEntrypoint = { "wardline/filter": 2 } as const;

/** What the host throws, by the runtime's number. */
const errors = [
  "wardline: the input is not valid JSON",
  "wardline: the input is not valid UTF-8",
  "wardline: the input is nested too deep",
  "wardline: the input is too large",
  "wardline: out of memory",
  "wardline: there is no such entrypoint",
];

export function writeErrors(image: Image): number {
  return image.words(errors.map((error) => image.text(error).at));
}

/** The denials by number, then the answers of `wardline/allow`: no, yes. */
export function writeAnswers(image: Image): number {
  const denials = (["invalid_input", "out_of_scope", "not_granted"] as const).map((reason) =>
    result({ outcome: "deny", rules: [], obligations: [], reason }),
  );
  return image.words([...denials, result(false), result(true)].map((text) => image.text(text).at));
}

/** The refusals of lists, by the numbers of the denials. */
export function writeRefusals(image: Image): number {
  const refusals = ["invalid_input", "out_of_scope"].map((refused) => result({ refused }));
  return image.words(refusals.map((text) => image.text(text).at));
}

/** The pieces around lists of rules and of obligations, in the order of runtime/answer.ts. */
export function writeParts(image: Image): number {
  const audits = auditLevels.map((level) => JSON.stringify({ type: "audit", level } satisfies Obligation));
  const pieces = [
    head("deny"),
    `],"obligations":[],"reason":"forbidden"`,
    `],"obligations":[],"reason":"not_granted"`,
    `,"retry_after":`,
    head("challenge"),
    head("permit"),
    `],"obligations":[`,
    `],"reason":null`,
    `,"alternatives":[[`,
    `],[`,
    `]]`,
    `}}]`,
    ...audits,
  ];
  return image.words(pieces.flatMap((piece) => [image.text(piece).at, image.text(piece).length]));
}

/** A value as the ABI has it here: the address and length of its JSON. */
export function writeValue(image: Image, value: unknown): number {
  const text = image.text(JSON.stringify(value));
  return image.words([text.at, text.length]);
}

function head(outcome: Decision["outcome"]): string {
  return `[{"result":{"outcome":"${outcome}","rules":[`;
}

function result(value: Decision | boolean | { readonly refused: string }): string {
  return JSON.stringify([{ result: value }]);
}
