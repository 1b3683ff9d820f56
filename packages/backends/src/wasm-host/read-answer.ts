/** Answers of a module: what is not of the form of a decision is no answer. */
import type { Decision } from "@wardline/core";
import type { FilterAnswer } from "../residual/filter-answer.ts";
import { WasmPolicyError } from "./wasm-policy-error.ts";
import { decodeUtf8 } from "./web-assembly.ts";

const yes = asciiOf([{ result: true }]);
const no = asciiOf([{ result: false }]);

function asciiOf(value: unknown): readonly number[] {
  return Array.from(JSON.stringify(value), (character) => character.charCodeAt(0));
}

/** Yes or no, of an answer of `wardline/allow`. Throws a fault for anything else. */
export function readPermit(memory: Uint8Array, at: number): boolean {
  if (stands(yes, memory, at)) return true;
  if (stands(no, memory, at)) return false;
  throw fault("neither yes nor no");
}

function stands(text: readonly number[], memory: Uint8Array, at: number): boolean {
  for (let i = 0; i < text.length; i += 1) if (memory[at + i] !== text[i]) return false;
  return memory[at + text.length] === 0;
}

/**
 * Makes a reader of the decision in an answer of `wardline/decision`: frozen objects without a prototype. The same text is the
 * same decision, and is read once for many answers. Throws a fault for anything else.
 */
export function decisionReader(): (memory: Uint8Array, at: number) => Decision {
  const known = new Map<string, Decision>();
  return (memory, at) => {
    const text = readText(memory, at);
    const before = known.get(text);
    if (before !== undefined) return before;
    const decision = decisionOf(parse(text));
    if (text.length <= longestKept) {
      if (known.size >= mostKept) known.clear();
      known.set(text, decision);
    }
    return decision;
  };
}

const mostKept = 256;
const longestKept = 1024;

/** The answer of a list, frozen and without prototypes. Throws a fault for anything else. */
export function readFilterAnswer(memory: Uint8Array, at: number): FilterAnswer {
  const answer = resultOf(parse(readText(memory, at)));
  if (!isFilterAnswer(answer)) throw fault("no answer of a list");
  return answer;
}

function resultOf(answer: unknown): unknown {
  const results = bare(answer);
  const [only] = Array.isArray(results) && results.length === 1 ? (results as readonly unknown[]) : [];
  return isObject(only) ? only["result"] : undefined;
}

function isFilterAnswer(value: unknown): value is FilterAnswer {
  if (!isObject(value)) return false;
  const { refused, table, home, atoms, spent } = value;
  if (Object.keys(value).join() === "refused")
    return refused === "invalid_input" || refused === "out_of_scope";
  return (
    Object.keys(value).toSorted().join() === "atoms,home,spent,table" &&
    isIndex(table) &&
    typeof home === "boolean" &&
    typeof atoms === "string" &&
    /^[tfo]*$/.test(atoms) &&
    Array.isArray(spent) &&
    spent.every(isIndex)
  );
}

function isIndex(value: unknown): boolean {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}

function decisionOf(answer: unknown): Decision {
  const decision = resultOf(answer);
  if (!isDecision(decision)) throw fault("no decision");
  return decision;
}

/** The value of the JSON text that a NUL ends. Throws a fault where there is none. */
export function readJson(memory: Uint8Array, at: number): unknown {
  return parse(readText(memory, at));
}

/** The text that a NUL ends. */
function readText(memory: Uint8Array, at: number): string {
  const end = at > 0 ? memory.indexOf(0, at) : -1;
  if (end < 0) throw fault("no text");
  try {
    return decodeUtf8(memory.subarray(at, end));
  } catch (cause) {
    throw fault("no UTF-8", cause);
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw fault("no JSON", cause);
  }
}

function bare(value: unknown): unknown {
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return Object.freeze(value.map(bare));
  const copy = Object.create(null) as Record<string, unknown>;
  for (const [key, inner] of Object.entries(value)) copy[key] = bare(inner);
  return Object.freeze(copy);
}

const denials: readonly unknown[] = ["invalid_input", "out_of_scope", "forbidden", "not_granted"];

const keys = ["outcome", "rules", "obligations", "reason", "alternatives", "retry_after"];

function isDecision(value: unknown): value is Decision {
  if (!isObject(value) || Object.keys(value).some((key) => !keys.includes(key))) return false;
  const { outcome, rules, obligations, reason, alternatives, retry_after } = value;
  const fits =
    outcome === "deny"
      ? denials.includes(reason)
      : reason === null && (outcome === "permit" || outcome === "challenge");
  return (
    fits &&
    Array.isArray(rules) &&
    rules.every((rule) => typeof rule === "string") &&
    areObligations(obligations) &&
    (alternatives === undefined || areAlternatives(alternatives)) &&
    (retry_after === undefined || Number.isSafeInteger(retry_after))
  );
}

function areAlternatives(value: unknown): boolean {
  return Array.isArray(value) && value.every(areObligations);
}

function areObligations(value: unknown): boolean {
  return Array.isArray(value) && value.every((one) => isObject(one) && typeof one["type"] === "string");
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function fault(what: string, cause?: unknown): WasmPolicyError {
  return new WasmPolicyError("fault", `the module gives ${what}`, { cause });
}
