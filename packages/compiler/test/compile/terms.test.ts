/** Any terms at all: the checker finds something, or the program loads and decides. */
import { evaluate, loadProgram } from "@wardline/core";
import fc from "fast-check";
import { expect, test } from "vitest";
import { maskNames, obligationNames } from "../../src/index.ts";
import { compileLibrary, openPlatform } from "../check/library.ts";

const seed = Number(process.env["WARDLINE_SEED"] ?? 20_260_105);

const word = fc.constantFrom(
  ...obligationNames,
  ...maskNames,
  ..."title note price pages acquired tags shelfmark mfa badge reason approval full decision day hour admins".split(
    " ",
  ),
  ..."nothing __proto__ constructor toString".split(" "),
);
const scalar = fc.constantFrom(
  ..."0 1 4 65 1_000 9007199254740993 2.5 5m 0us 6mo 22:00 2026-01-05 10.0.0.0/8 true #secret #none".split(
    " ",
  ),
  '"text"',
  "principal",
  "resource",
  "tenant",
);
const { term } = fc.letrec<{ readonly term: string; readonly args: string }>((tie) => ({
  args: fc
    .array(
      fc.tuple(
        fc.option(fc.constantFrom("last", "first", "within", "per", "by", "size", "when"), { nil: null }),
        tie("term"),
      ),
      { minLength: 1, maxLength: 3 },
    )
    .map((args) => args.map(([label, of]) => (label === null ? of : `${label}: ${of}`)).join(", ")),
  term: fc.oneof(
    { maxDepth: 3, withCrossShrink: true },
    word,
    scalar,
    fc.tuple(word, tie("args")).map(([name, args]) => `${name}(${args})`),
  ),
}));
const right = fc.constantFrom(
  "hide(title, #secret)",
  "mask(#secret, hash)",
  "mask(title, partial(first: 4))",
  "mask(price, bucket(10))",
  "mask(acquired, year)",
  "step_up(mfa, within: 5m)",
  "approval(badge)",
  "reason",
  "limit(4, per: day, by: tenant)",
  "audit",
  "notify(admins, desk)",
  "encrypt(#secret)",
);
const terms = fc
  .array(fc.oneof(term, { arbitrary: right, weight: 3 }), { minLength: 1, maxLength: 4 })
  .map((all) => all.join(", "));

test(`no terms make the checker throw (WARDLINE_SEED=${seed} repeats it)`, () => {
  let accepted = 0;
  fc.assert(
    fc.property(terms, fc.constantFrom("permit", "share", "require", "floor"), (all, kind) => {
      const platform = kind === "share" || kind === "floor";
      const text =
        kind === "require"
          ? `require a: ${all} for anyone to act on Book`
          : `${kind} a: ${platform ? "auditor" : "reader"} to read Book with ${all}`;
      const { program, findings } = compileLibrary(
        platform ? { platform: `${openPlatform}${text}\n` } : { policy: text },
      );
      expect(program === null).toBe(findings.some((found) => found.severity === "error"));
      for (const { message, help } of findings) expect(`${message} ${help}`).not.toMatch(/[{}]|undefined.*`/);
      if (program === null) return;
      accepted += 1;
      const loaded = loadProgram(JSON.parse(JSON.stringify(program)));
      expect("error" in loaded ? loaded.error : null).toBeNull();
      expect(evaluate(program, {}).reason).toBe("invalid_input");
    }),
    { seed, numRuns: 600 },
  );
  expect(accepted).toBeGreaterThan(20);
});
