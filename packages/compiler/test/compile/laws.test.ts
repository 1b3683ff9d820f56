/** What must hold of any policy: order, repetition and names mean nothing; no text makes the compiler throw. */
import { evaluate, loadProgram, type Decision, type Program } from "@wardline/core";
import { generateCase, generateRequests, withStatements, type Case } from "@wardline/core/testing";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { compile, tokenize, type CompileResult } from "../../src/index.ts";
import { compileLibrary, libraryModel, openPlatform } from "../check/library.ts";
import { everyConstruct } from "./every-construct.ts";

const runs = (numRuns: number) => ({ numRuns, seed: 20_260_105 });
const seeds = fc.integer({ min: 0, max: 5000 });

function compileCase({ model, platform, policy, tenant }: Case): CompileResult {
  return compile({ model, platform: [platform], policy, tenant });
}

function programOf(made: Case): Program | null {
  return compileCase(made).program;
}

/** The same statements in another order. */
function shuffled(made: Case, keys: readonly number[]): Case {
  const shuffle = (all: readonly string[]) =>
    all
      .map((text, i) => ({ text, key: keys[i % keys.length] ?? 0 }))
      .toSorted((a, b) => a.key - b.key)
      .map(({ text }) => text);
  const { platform, policy, roles } = made.statements;
  return withStatements(made, {
    platform: shuffle(platform),
    policy: shuffle(policy),
    roles,
  });
}

const ruleName = /^(permit|forbid|require|ceiling) (\w+):/;

function mapStatements(made: Case, change: (statement: string) => readonly string[]): Case {
  const { platform, policy, roles } = made.statements;
  return withStatements(made, {
    platform: platform.flatMap(change),
    policy: policy.flatMap(change),
    roles,
  });
}

/** A decision without what names rules, and in an order that does not depend on them. */
function nameless({ outcome, reason, obligations }: Decision): unknown {
  return { outcome, reason, obligations: obligations.map((o) => JSON.stringify(o)).toSorted() };
}

function sameAnswers(made: Case, a: Program, b: Program, of: (decision: Decision) => unknown): void {
  for (const { request } of generateRequests(made, a, 12))
    expect(of(evaluate(b, request))).toEqual(of(evaluate(a, request)));
}

describe.each(["core", "whole"] as const)("laws over %s constructs", (constructs) => {
  test("the order of statements means nothing: the programs are the same but for lines", () => {
    fc.assert(
      fc.property(seeds, fc.array(fc.nat(), { minLength: 5, maxLength: 9 }), (seed, keys) => {
        const made = generateCase(seed, constructs);
        const a = programOf(made);
        const b = programOf(shuffled(made, keys));
        fc.pre(a !== null);
        if (a === null || b === null) throw new Error("refused in another order");
        const { slots, atoms, conditions, tables, sealed } = a;
        expect({
          slots: b.slots,
          atoms: b.atoms,
          conditions: b.conditions,
          tables: b.tables,
          sealed: b.sealed,
        }).toEqual({
          slots,
          atoms,
          conditions,
          tables,
          sealed,
        });
        expect(b.rules.map(({ id, kind }) => [id, kind])).toEqual(a.rules.map(({ id, kind }) => [id, kind]));
        sameAnswers(made, a, b, (decision) => decision);
      }),
      runs(40),
    );
  });

  test("a rule said twice means the same as once", () => {
    fc.assert(
      fc.property(seeds, (seed) => {
        const made = generateCase(seed, constructs);
        const a = programOf(made);
        const twice = mapStatements(made, (text) =>
          ruleName.test(text) ? [text, text.replace(ruleName, "$1 $2_again:")] : [text],
        );
        const b = programOf(twice);
        fc.pre(a !== null);
        if (b === null) throw new Error("refused when doubled");
        sameAnswers(made, a, b, nameless);
      }),
      runs(40),
    );
  });

  test("names of rules and lets mean nothing", () => {
    fc.assert(
      fc.property(seeds, (seed) => {
        const made = generateCase(seed, constructs);
        const a = programOf(made);
        const lets = made.statements.policy.flatMap((text) => /^let (\w+) =/.exec(text)?.[1] ?? []);
        const renamed = mapStatements(made, (text) => {
          const rule = text.replace(
            ruleName,
            (_, kind: string, name: string) => `${kind} z${name.length}_${name}_other:`,
          );
          return [
            lets.reduce(
              (all, name) => all.replaceAll(new RegExp(`\\b${name}\\b`, "g"), `${name}_other`),
              rule,
            ),
          ];
        });
        const b = programOf(renamed);
        fc.pre(a !== null);
        if (b === null) throw new Error("refused when renamed");
        sameAnswers(made, a, b, nameless);
      }),
      runs(40),
    );
  });

  test("the same texts give the same bytes, and a program that loads", () => {
    fc.assert(
      fc.property(seeds, (seed) => {
        const made = generateCase(seed, constructs);
        const { program } = compileCase(made);
        fc.pre(program !== null);
        const text = JSON.stringify(program);
        expect(JSON.stringify(programOf(made))).toBe(text);
        const loaded = loadProgram(JSON.parse(text));
        expect("error" in loaded ? loaded.error : null).toBe(null);
      }),
      runs(60),
    );
  });
});

/** Either a program without errors, or errors and no program; spans lie inside their file. */
function isSound(result: CompileResult, texts: ReadonlyMap<string, string>): void {
  const errors = result.findings.filter((found) => found.severity === "error");
  expect(result.program === null).toBe(errors.length > 0);
  expect(result.findings.length).toBeLessThanOrEqual(101);
  for (const { labels, fixes } of result.findings)
    for (const { file, start, end } of [
      ...labels.map((l) => l.span),
      ...fixes.flatMap((f) => f.edits.map((e) => e.span)),
    ]) {
      const text = texts.get(file);
      expect(text === undefined || start < 0 || end < start || end > text.length).toBe(false);
    }
}

describe("no text makes the compiler throw", () => {
  const texts = { model: libraryModel, platform: everyConstruct.platform, policy: everyConstruct.policy };
  const compileTexts = (changed: Partial<typeof texts>) => {
    const result = compileLibrary({ ...texts, ...changed });
    isSound(result, new Map(result.files.map((file) => [file.name, file.text])));
  };

  test("valid as it stands", () => {
    expect(compileLibrary(texts).findings.filter((found) => found.severity === "error")).toEqual([]);
  });

  test.each(["model", "platform", "policy"] as const)(
    "with any token of the %s left out, doubled or cut after",
    (file) => {
      const text = texts[file];
      const { tokens } = tokenize({ name: file, text });
      // Every third token by each of three changes: all places are met, each by one of them.
      tokens.forEach(({ startOffset: start, image }, i) => {
        const end = start + image.length;
        if (i % 3 === 0) compileTexts({ [file]: text.slice(0, start) + text.slice(end) });
        if (i % 3 === 1) compileTexts({ [file]: `${text.slice(0, end)} ${text.slice(start)}` });
        if (i % 9 === 2) compileTexts({ [file]: text.slice(0, end) });
      });
    },
  );

  test("with two tokens of all files exchanged", () => {
    const pools = (["model", "platform", "policy"] as const).map((file) => ({
      file,
      tokens: tokenize({ name: file, text: texts[file] }).tokens,
    }));
    fc.assert(
      fc.property(fc.nat(), fc.nat(), fc.nat(), fc.nat(), (a, b, c, d) => {
        const from = pools[a % 3]?.tokens ?? [];
        const into = pools[c % 3] ?? expect.fail("no file");
        const image = from[b % from.length]?.image ?? "";
        const at = into.tokens[d % into.tokens.length] ?? expect.fail("no token");
        const text = texts[into.file];
        compileTexts({
          [into.file]: text.slice(0, at.startOffset) + image + text.slice(at.startOffset + at.image.length),
        });
      }),
      runs(400),
    );
  });

  test("of any characters", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 200 }), (noise) => {
        compileTexts({ policy: `policy north for library\n${noise}` });
        compileTexts({ model: noise, platform: openPlatform });
      }),
      runs(100),
    );
  });
});
