import wabt from "wabt";
import { compileWasm } from "@wardline/backends";
import { evaluate, type Atom, type Condition, type Program } from "@wardline/core";
import { describe, expect, it } from "vitest";
import { Choose } from "./choose.ts";
import { generatedProgram } from "./generated-program.ts";
import { firstFact, grantIf, oneTable, requestText } from "./one-table.ts";
import { bytesOf, loadPolicy } from "./policy.ts";

const text = { kind: "string" } as const;
const context = (name: string) =>
  ({ source: { from: "context", name }, type: text, optional: true }) as const;
const is = (slot: number, value: string): Atom => ({
  kind: "compare",
  op: "eq",
  left: { kind: "slot", slot, fallback: null },
  right: { kind: "constant", value, type: text },
});
const holds = (atom: number, negated = false): Condition => ({ kind: "atom", atom, negated });
const small = oneTable({ ...grantIf([holds(0)]), facts: [context("a")], atoms: [is(firstFact, "x")] });

async function validate(module: Uint8Array): Promise<void> {
  const tools = await wabt();
  const parsed = tools.readWasm(module, { readDebugNames: false });
  parsed.validate();
  parsed.destroy();
}

function same(program: Program, requests: readonly string[]): readonly string[] {
  const policy = loadPolicy(program);
  return requests.map((request) => {
    const wanted = evaluate(program, JSON.parse(request));
    expect(policy.decision(bytesOf(request))).toEqual(wanted);
    return wanted.reason ?? wanted.outcome;
  });
}

describe("a module", () => {
  it("is valid, asks its host for memory and an abort, and has the exports of the ABI 1.3, two of its own and no other", async () => {
    for (const program of [small, generatedProgram(new Choose(3)), { ...small, tables: [] }]) {
      const bytes = compileWasm(program);
      await validate(bytes);
      const module = new WebAssembly.Module(bytes);
      expect(WebAssembly.Module.imports(module).map((i) => `${i.module}.${i.name}`)).toEqual([
        "env.opa_abort",
        "env.memory",
      ]);
      expect(WebAssembly.Module.customSections(module, "name")).toEqual([]);
      const names = WebAssembly.Module.exports(module).map((e) => e.name);
      expect(names.toSorted().join(" ")).toBe(
        "builtins entrypoints eval memory opa_eval opa_eval_ctx_get_result opa_eval_ctx_new opa_eval_ctx_set_data " +
          "opa_eval_ctx_set_entrypoint opa_eval_ctx_set_input opa_free opa_heap_blocks_restore opa_heap_blocks_stash opa_heap_ptr_get " +
          "opa_heap_ptr_set opa_heap_stash_clear opa_json_dump opa_json_parse opa_malloc opa_value_add_path opa_value_dump opa_value_free " +
          "opa_value_parse opa_value_remove_path opa_wasm_abi_minor_version opa_wasm_abi_version wardline_begin wardline_decide",
      );
    }
  });

  it("has the same bytes for the same program", () => {
    for (const seed of [1, 2, 3]) {
      const first = compileWasm(generatedProgram(new Choose(seed)));
      expect(compileWasm(structuredClone(generatedProgram(new Choose(seed))))).toEqual(first);
    }
  });

  it("is small", () => {
    const sizes = [small, generatedProgram(new Choose(11))].map((program) => compileWasm(program).length);
    console.log(
      `module of one rule: ${sizes[0]} bytes; of ${generatedProgram(new Choose(11)).atoms.length} atoms: ${sizes[1]} bytes`,
    );
    expect(sizes[0]).toBeLessThan(9_500);
  });

  it("without any table denies everything", () => {
    expect(same({ ...small, tables: [] }, [requestText("{}"), "{}", "null"])).toEqual(
      Array(3).fill("invalid_input"),
    );
  });

  it("takes the first of two tables for one question", () => {
    const [table] = small.tables;
    const never = { ...table!, passes: table!.passes.map((pass) => ({ ...pass, grants: [] })) };
    const request = requestText('{"a":"x"}');
    expect(same({ ...small, tables: [never, table!] }, [request])).toEqual(["not_granted"]);
    expect(same({ ...small, tables: [table!, never] }, [request])).toEqual(["permit"]);
  });

  it("takes a fact for absent that its table does not list", () => {
    const program = {
      ...small,
      tables: small.tables.map((t) => ({ ...t, slots: t.slots.filter((s) => s !== firstFact) })),
    };
    expect(same(program, [requestText('{"a":"x"}')])).toEqual(["not_granted"]);
  });

  it("asks a shared condition once: a graph with 2^60 paths is answered at once", () => {
    const conditions: Condition[] = [holds(0), holds(1), holds(2)];
    for (let i = 0, last = 0; i < 60; i++) {
      conditions.push({ kind: "or", of: [last, 1] }, { kind: "or", of: [last, 2] });
      conditions.push({ kind: "and", of: [conditions.length - 2, conditions.length - 1] });
      last = conditions.length - 1;
    }
    const program = oneTable({
      ...grantIf(conditions),
      facts: ["a", "b", "c"].map(context),
      atoms: ["a", "b", "c"].map((_, i) => is(firstFact + i, "x")),
    });
    const policy = loadPolicy(program);
    const ask = (facts: object) => policy.decision(bytesOf(requestText(JSON.stringify(facts))));
    expect(ask({ a: "x" })).toMatchObject({ outcome: "permit" });
    expect(ask({ a: "y" })).toMatchObject({ reason: "not_granted" });
    expect(ask({ b: "x", c: "x" })).toMatchObject({ outcome: "permit" });
    expect(ask({ b: "x" })).toMatchObject({ reason: "not_granted" });
  });
});
