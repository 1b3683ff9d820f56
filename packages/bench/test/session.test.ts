/** Sessions against the oracle on the document that joins asker and row, over the whole language, proper and damaged. */
import { compileClosures, type Session } from "@wardline/backends";
import { evaluate, valueAt, type KnownFacts, type Program } from "@wardline/core";
import { generateCase, generateLists, generateRequests } from "@wardline/core/testing";
import { describe, expect, test } from "vitest";
import { compileCase } from "../src/agree/compile-case.ts";

type Json = Readonly<Record<string, unknown>>;
type Row = Parameters<Session["decide"]>[2];

/** A row with what concerns it, whatever the request is. */
function rowOf(request: Json, name: string, withPairs: boolean): Row {
  const row = Object.hasOwn(request, name) ? request[name] : undefined;
  if (typeof row !== "object" || row === null || Array.isArray(row)) return row as Row;
  const { ancestors, references, relations } = request;
  return { ...row, ancestors, references, ...(withPairs ? { relations } : {}) } as unknown as Row;
}

/** Takes away all that a document holds, down to the last list. */
function wreck(value: unknown): void {
  if (typeof value !== "object" || value === null) return;
  for (const below of Object.values(value)) wreck(below);
  if (Array.isArray(value)) value.length = 0;
  else for (const key of Object.keys(value)) Reflect.deleteProperty(value, key);
}

interface Asked {
  readonly action: string;
  readonly type: string;
  readonly row: Row;
  readonly next: Row;
}

/** The parts of a request as a session is asked them; null if it names no action or type. */
function splitOf(program: Program, request: Json, withPairs: boolean): Asked | null {
  const [action, type] = [valueAt(request, ["action", "name"]), valueAt(request, ["resource", "type"])];
  if (typeof action !== "string" || typeof type !== "string") return null;
  const kind = program.model.actions.find(({ name }) => name === action)?.kind;
  const first = kind === "creates" ? "next" : kind === "reads" || kind === undefined ? "resource" : "prior";
  return {
    action,
    type,
    row: rowOf(request, first, withPairs),
    next: rowOf(request, "next", withPairs),
  };
}

function knownOf(request: Json, withPairs: boolean): KnownFacts {
  const { action: _a, resource: _r, prior: _p, next: _n, ...known } = structuredClone(request);
  return (withPairs ? { ...known, relations: undefined } : known) as unknown as KnownFacts;
}

const text = (value: unknown) => JSON.stringify(value);

/** Asks the questions of some cases, and gives the first that is answered in two ways. */
function firstMismatch(from: number, cases: number, counts: Map<string, number>): unknown {
  for (let seed = from; seed < from + cases; seed += 1) {
    const made = generateCase(seed, "whole", "rules");
    const { program } = compileCase(made);
    if (program === null) continue;
    const engine = compileClosures(program);
    const requests = generateRequests(made, program, 12);
    const opened = requests.flatMap(({ request, damage }, i) => {
      const asked = splitOf(program, request as Json, i % 2 === 0);
      if (asked === null) return [];
      const known = knownOf(request as Json, i % 2 === 0);
      const session = engine.session(known);
      wreck(known);
      return [{ session, asked, request, damage }];
    });
    // Asked when all are open, and again backwards, so that one would see what another left.
    for (const { session, asked, request, damage } of [...opened, ...opened.toReversed()]) {
      const { action, type, row, next } = asked;
      const wanted = evaluate(program, request);
      const answer = session.decide(action, type, row, next);
      const isAllowed = session.allows(action, type, row, next);
      if (text(answer) !== text(wanted) || isAllowed !== (wanted.outcome === "permit"))
        return { seed, damage, answer, wanted, isAllowed, request, policy: made.policy.text };
      const key = wanted.reason ?? wanted.outcome;
      for (const name of [key, ...(damage === null ? [] : [`damaged ${key}`])])
        counts.set(name, (counts.get(name) ?? 0) + 1);
    }
    for (const { action, entity, known, rows } of generateLists(made, program, 2)) {
      const session = engine.session(known);
      for (const { request } of rows) {
        const asked = splitOf(program, request as unknown as Json, false);
        if (asked === null || text(knownOf(request as unknown as Json, false)) !== text(known)) continue;
        const wanted = evaluate(program, request);
        const answer = session.decide(action, entity, asked.row, asked.next);
        if (text(answer) !== text(wanted)) return { seed, answer, wanted, request };
        counts.set("of a list", (counts.get("of a list") ?? 0) + 1);
      }
    }
  }
  return undefined;
}

describe("a session decides as the oracle does on the joined document", () => {
  test("over 160 policies of the whole language", () => {
    const counts = new Map<string, number>();
    expect(firstMismatch(0, 160, counts)).toBeUndefined();
    if (process.env["WARDLINE_SHOW"]) process.stdout.write(`${text([...counts])}\n`);
    for (const answer of ["permit", "challenge", "forbidden", "not_granted", "invalid_input", "out_of_scope"])
      expect(counts.get(answer) ?? 0, answer).toBeGreaterThan(50);
    expect(counts.get("damaged invalid_input") ?? 0).toBeGreaterThan(50);
  });

  const random = Number(process.env["WARDLINE_SEED"] ?? Math.floor(Math.random() * 2 ** 20));
  test(`over 25 policies from the seed ${random} (WARDLINE_SEED=${random} repeats them)`, () => {
    const cases = Number(process.env["WARDLINE_CASES"] ?? 25);
    expect(firstMismatch(random, cases, new Map())).toBeUndefined();
  }, 600_000);
});
