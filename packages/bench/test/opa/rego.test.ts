/**
 * Our Rego in a stock OPA, and as the module that OPA builds of it, against the oracle: policies of the whole language,
 * requests and damaged requests. `WARDLINE_OPA_CASES=2000` asks more, from `WARDLINE_OPA_SEED` on.
 */
import { compileRego } from "@wardline/backends";
import { evaluate, type Entry, type Program, type Rule, type RuleKind } from "@wardline/core";
import { generateCase, generateRequests, libraryProgram, libraryRequest } from "@wardline/core/testing";
import { afterAll, describe, expect, it } from "vitest";
import { canonical, requestText } from "../../src/agree/answer.ts";
import { compileCase } from "../../src/agree/compile-case.ts";
import { loadModule } from "../../src/opa/load-module.ts";
import { runOpa } from "../../src/opa/run-opa.ts";
import { startOpa, type Opa } from "../../src/opa/start-opa.ts";

const cases = Number(process.env["WARDLINE_OPA_CASES"] ?? 12);
const firstSeed = Number(process.env["WARDLINE_OPA_SEED"] ?? 20_261_126);

const started = await startOpa();
if ("skipped" in started) console.log(`skipped: our Rego in a stock OPA: ${started.skipped}`);

/** Names of the built-ins that a module asks its host for. */
async function builtInsOf(module: Uint8Array<ArrayBuffer>): Promise<readonly string[]> {
  const memory = new WebAssembly.Memory({ initial: 16 });
  const stop = () => {
    throw new Error("not to be called");
  };
  const names = ["opa_abort", "opa_println", ...[0, 1, 2, 3, 4].map((count) => `opa_builtin${count}`)];
  const env = { memory, ...Object.fromEntries(names.map((name) => [name, stop])) };
  const { instance } = await WebAssembly.instantiate(module, { env });
  const { builtins, opa_json_dump: dump } = instance.exports as Record<string, (at?: number) => number>;
  const bytes = new Uint8Array(memory.buffer, dump?.(builtins?.()));
  const text = new TextDecoder().decode(bytes.subarray(0, bytes.indexOf(0)));
  return Object.keys(JSON.parse(text) as object);
}

function programOf(seed: number): { readonly program: Program; readonly requests: readonly string[] } {
  const made = generateCase(seed, "whole", "rules");
  const { program } = compileCase(made);
  if (program === null) throw new Error(`the case of seed ${seed} does not compile`);
  const requests = generateRequests(made, program, 16).map(({ request }) => requestText(request));
  return { program, requests };
}

/** A word alone on a comment's line makes the lines below it YAML to OPA. */
function annotated(program: Program): Program {
  const rules = program.rules.map((rule) => ({
    ...rule,
    doc: "METADATA\n- no: [yaml",
    because: " METADATA ",
  }));
  return { ...program, rules };
}

/** The library's reads, with rules of some kinds alone. */
function only(kinds: readonly RuleKind[]): Program {
  const isKept = (entry: Entry) => kinds.includes((libraryProgram.rules[entry.rule] as Rule).kind);
  const tables = libraryProgram.tables.slice(0, 1).map((table) => ({
    ...table,
    passes: table.passes.map((pass) => ({
      ...pass,
      forbids: pass.forbids.filter(isKept),
      grants: pass.grants.filter(isKept),
      requires: pass.requires.filter(isKept),
    })),
  }));
  return { ...libraryProgram, tables };
}

/** Not with a lone surrogate: to OPA it is U+FFFD, as if that had been sent, and OPA's module stops at it. */
function canBeAsked(request: string): boolean {
  return JSON.stringify(JSON.parse(request)).search(/(?<!\\)(?:\\\\)*\\ud[89a-f]/) < 0;
}

describe.skipIf("skipped" in started)("our Rego in a stock OPA", () => {
  const opa = "opa" in started ? started.opa : ({} as Opa);
  afterAll(() => opa.close());

  it(
    `decides as the oracle does, from the text and as OPA's module, from seed ${firstSeed}`,
    async () => {
      const outcomes = new Set<string>();
      for (let seed = firstSeed; seed < firstSeed + cases; seed += 1) {
        const { program, requests } = programOf(seed);
        const policy = compileRego(program);
        const asked = requests.filter(canBeAsked);
        const answers = await opa.decide(policy, asked);
        const module = await loadModule(opa, policy);
        for (const [i, request] of asked.entries()) {
          const decision = evaluate(program, JSON.parse(request));
          outcomes.add(decision.reason ?? decision.outcome);
          const wanted = canonical(decision);
          const hint = `seed ${seed}, request ${request}`;
          expect(canonical(answers[i]), `OPA, ${hint}`).toBe(wanted);
          expect(canonical(module(request)), `OPA's module, ${hint}`).toBe(wanted);
        }
      }
      const all = ["challenge", "forbidden", "invalid_input", "not_granted", "out_of_scope", "permit"];
      expect([...outcomes].toSorted()).toEqual(all);
    },
    60_000 + cases * 5_000,
  );

  // OPA checks types by what constants are: a policy that lacks something must not make the text ill typed.
  it.each([
    ["of everything", () => programOf(firstSeed).program],
    ["of the library, whose comments would be annotations", () => annotated(libraryProgram)],
    [
      "of nothing",
      () => ({ ...libraryProgram, tables: [], rules: [], atoms: [], conditions: [], slots: [] }),
    ],
    ["that only forbids", () => only(["forbid"])],
    ["that only permits", () => only(["permit", "ceiling"])],
    ["that only requires", () => only(["require"])],
  ] as const)(
    "is formatted as opa fmt leaves it, and opa check --strict finds nothing: a policy %s",
    async (_, make) => {
      const policy = compileRego(make());
      expect(await runOpa(opa.path, ["fmt", "policy.rego"], policy)).toBe(policy);
      await runOpa(opa.path, ["check", "--strict", "policy.rego"], policy);
      expect(await opa.buildWasm(policy)).toBeInstanceOf(Uint8Array);
    },
  );

  it("gives the same by the command line", async () => {
    const args = ["eval", "--data", "policy.rego", "--input", "input.json", "--format", "raw"];
    const request = JSON.stringify(libraryRequest);
    const printed = await runOpa(
      opa.path,
      [...args, "data.wardline.decision"],
      compileRego(libraryProgram),
      request,
    );
    expect(JSON.parse(printed)).toEqual(evaluate(libraryProgram, libraryRequest));
  });

  it("needs no built-in of a host", async () => {
    const { program } = programOf(firstSeed);
    expect(await builtInsOf(await opa.buildWasm(compileRego(program)))).toEqual([]);
    const policy = "package wardline\n\nimport rego.v1\n\ndecision := sprintf(`%v`, [input])\n";
    expect(await builtInsOf(await opa.buildWasm(policy))).toEqual(["sprintf"]);
  });

  it("differs where OPA reads another request than was sent: why such requests are not asked above", async () => {
    const policy = compileRego(libraryProgram);
    const sent = JSON.stringify(libraryRequest).replace('"reader"', '"\\ud800"');
    expect(canBeAsked(sent)).toBe(false);
    expect(evaluate(libraryProgram, JSON.parse(sent)).reason).toBe("invalid_input");
    const module = await loadModule(opa, policy);
    const read = evaluate(libraryProgram, JSON.parse(sent.replace("\\ud800", "\ufffd")));
    expect(read.reason).not.toBe("invalid_input");
    expect(await opa.decide(policy, [sent])).toEqual([read]);
    // The package throws what a module says when it aborts.
    const said = (() => {
      try {
        return module(sent);
      } catch (error) {
        return `aborted: ${String(error)}`;
      }
    })();
    expect(said).toBe("aborted: illegal string escape character");
  });
});
