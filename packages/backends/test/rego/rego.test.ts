import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { compileRego } from "@wardline/backends";
import { loadProgram, serializeProgram, type Program } from "@wardline/core";
import { libraryProgram } from "@wardline/core/testing";
import { chooseWith, randomProgram } from "../random-program.ts";

/** The lines of a text without comments, and with every string literal emptied. */
function bare(rego: string): readonly string[] {
  return rego
    .split("\n")
    .filter((line) => !line.trimStart().startsWith("#"))
    .map((line) => line.replaceAll(/"(?:[^"\\]|\\.)*"|`[^`]*`/g, '""'));
}

const keywords = new Set(
  "package wardline import rego v1 default not in if contains some every else input true false null set is_boolean".split(
    " ",
  ),
);
const builtIns = new Set(
  "object.get object.union concat is_boolean is_string is_object is_array is_number count sort min max sum union array.slice array.concat floor regex.match startswith endswith contains split substring to_number net.cidr_contains".split(
    " ",
  ),
);

/** What the text defines: rules, functions and the variables of bodies and comprehensions. */
function definedIn(lines: readonly string[]): Set<string> {
  const names = new Set<string>();
  for (const line of lines) {
    const head =
      /^(?:default )?([A-Za-z_]\w*)(\((?<args>[^)]*)\)|\[(?:\w*|"")\])?(?= :=| contains| if|$)/.exec(line);
    if (head?.[1] !== undefined) names.add(head[1]);
    for (const arg of head?.groups?.["args"]?.split(", ") ?? []) names.add(arg);
    for (const [, first = "", second = ""] of line.matchAll(/\b(?:some|every) (\w+)(?:, (\w+))? in\b/g))
      names.add(first).add(second);
    for (const [, assigned = ""] of line.matchAll(/(\w+) := /g)) names.add(assigned);
  }
  return names;
}

/** A text that would be code if it came to stand anywhere but in a string or a comment. */
const intrusion =
  'x"\n}\nallow := true\r\nallow := true\u2028allow := true\u0085default allow := true # `"\\';

function withIntrusions(program: Program): Program {
  const rules = program.rules.map((rule, i) => ({
    ...rule,
    id: `${rule.id} "} allow := true {" ${i}`,
    file: `a" b\`#\\.ward`,
    because: intrusion,
    doc: intrusion,
  }));
  const atoms = program.atoms.map((atom) =>
    atom.kind === "contains" && atom.type.kind === "string"
      ? { ...atom, of: { kind: "constant", value: intrusion, type: atom.type } as const }
      : atom,
  );
  return { ...program, rules, atoms, tenant: `north"\nallow := true` };
}

const programs = fc.gen().map((g) => randomProgram(chooseWith(g)));

describe("compileRego", () => {
  it("writes the library's policy like this", async () => {
    await expect(compileRego(libraryProgram)).toMatchFileSnapshot("library.rego.snap");
  });

  it("writes the same for the same program, loaded or lowered", () => {
    fc.assert(
      fc.property(programs, (program) => {
        const loaded = loadProgram(JSON.parse(serializeProgram(program)));
        expect("program" in loaded && compileRego(loaded.program)).toBe(compileRego(program));
      }),
      { numRuns: 40, endOnFailure: true },
    );
  });

  it("defines every name that it uses, and negates nothing that may be undefined", () => {
    let negations = 0;
    fc.assert(
      fc.property(programs, (program) => {
        const rego = compileRego(program);
        const lines = bare(rego);
        const defined = definedIn(lines);
        const defaults = new Set(lines.flatMap((line) => /^default (\w+) := false$/.exec(line)?.[1] ?? []));
        for (const line of lines) {
          const names =
            line
              .replaceAll(/\b(?:table|pair|decision|need|mask|duty)\.\w+|\]\.\w+/g, "")
              .replaceAll(/[a-z]+\.[a-z_]+(?=\()/g, "")
              .match(/\b[A-Za-z_]\w*/g) ?? [];
          for (const name of names)
            expect(defined.has(name) || keywords.has(name) || builtIns.has(name), `${name} in ${line}`).toBe(
              true,
            );
          for (const [, negated = "", , set] of line.matchAll(
            /\bnot (\[.+?\](?= in)|.+?)( in (\w+))?(?=$|[;}\]])/g,
          )) {
            negations += 1;
            // A built-in over a checked string, and membership in a set that is never undefined.
            const safe = [
              'regex.match("", value)',
              'contains(value, "")',
              'startswith(value, "")',
              'contains(concat("", ["", value, ""]), zeros(2))',
              'contains(concat("", ["", halves[0], ""]), zeros(run))',
              'contains(concat("", ["", halves[1], ""]), zeros(run + 1))',
              'startswith(halves[1], "")',
              'endswith(halves[0], "")',
            ];
            const sets = ["floored", "open", "free", "lasting", "beaten", "covers"];
            expect(
              set === undefined ? safe.includes(negated) || defaults.has(negated) : sets.includes(set),
              line,
            ).toBe(true);
          }
        }
      }),
      { numRuns: 60, endOnFailure: true },
    );
    expect(negations).toBeGreaterThan(500);
  });

  it("lets no text of a program become code", () => {
    fc.assert(
      fc.property(programs, (program) => {
        const rego = compileRego(withIntrusions(program));
        expect(rego).toContain("# default allow := true");
        expect(bare(rego).filter((line) => /\ballow\b/.test(line))).toEqual([
          "default allow := false",
          'allow if decision.outcome == ""',
        ]);
        const shape = (of: Program) =>
          bare(compileRego(of))
            .filter((line) =>
              /^(?:default )?(?:decision|valid|granting|ceiling|matched|kinds|layers|tables)\b/.test(line),
            )
            // The names of the rules differ, as their ids do.
            .map((line) => line.replace(/(?<=^matched\[""\] := )\w+$/, "…"));
        expect(shape(withIntrusions(program))).toEqual(shape(program));
      }),
      { numRuns: 40, endOnFailure: true },
    );
  });

  it("is laid out as opa fmt lays out: tabs, one blank line between rules, one line break at the end", () => {
    fc.assert(
      fc.property(programs, (program) => {
        const rego = compileRego(program);
        expect(rego).toMatch(/[^\n]\n$/);
        expect(rego).not.toMatch(/\n\n\n|[ \t]\n|\n +\S|\t |\r/);
      }),
      { numRuns: 40, endOnFailure: true },
    );
  });

  it("names every rule with its place and its documentation, once", () => {
    const rego = compileRego(libraryProgram);
    for (const rule of libraryProgram.rules) {
      expect(rego.split(`# ${rule.kind} ${rule.id} (${rule.file}:${rule.line})\n`)).toHaveLength(2);
      for (const line of rule.doc?.split("\n") ?? []) expect(rego).toContain(`# ${line}\n`);
    }
  });

  it("refuses a program in which a rule masks twice in one pass, since it could not tell the two apart", () => {
    const [table] = libraryProgram.tables as [Program["tables"][number]];
    const [pass] = table.passes as [(typeof table.passes)[number]];
    const twice = { ...pass, grants: [...pass.grants, pass.grants[0] as (typeof pass.grants)[number]] };
    expect(() => compileRego({ ...libraryProgram, tables: [{ ...table, passes: [twice] }] })).toThrow(
      RangeError,
    );
  });
});
