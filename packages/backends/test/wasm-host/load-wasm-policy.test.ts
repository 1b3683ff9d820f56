import wabt from "wabt";
import { compileWasm, loadWasmPolicy, WasmPolicyError, type WasmPolicyErrorCode } from "@wardline/backends";
import { evaluate } from "@wardline/core";
import { describe, expect, it } from "vitest";
import { firstFact, grantIf, oneTable, requestText } from "../wasm/one-table.ts";

const program = oneTable({
  ...grantIf([{ kind: "atom", atom: 0, negated: false }]),
  facts: [
    { source: { from: "context", name: "n" }, type: { kind: "int", min: 0, max: 9 }, optional: true },
    {
      source: { from: "context", name: "set" },
      type: { kind: "set", of: { kind: "string" } },
      optional: true,
    },
  ],
  atoms: [{ kind: "has", slot: firstFact }],
});
const module = compileWasm(program);
const bytesOf = (text: string) => new TextEncoder().encode(text);
const good = requestText('{"n":1}');
const permit = { outcome: "permit", rules: ["north/only"], obligations: [], reason: null };

function codeOf(ask: () => unknown): WasmPolicyErrorCode | undefined {
  try {
    ask();
  } catch (error) {
    expect(error).toBeInstanceOf(WasmPolicyError);
    return (error as WasmPolicyError).code;
  }
  return undefined;
}

const tools = await wabt();

/** A module from its text; `body` is what `opa_eval` does. */
function written(body: string, more = "", text = "", version = 3): Uint8Array {
  const data = [
    [8, "{\\22wardline/decision\\22:0,\\22wardline/allow\\22:1}"],
    [512, "{}"],
    [1024, text],
  ].map(([at, bytes]) => `(data (i32.const ${at}) "${bytes}\\00")`);
  const wat = `(module
    (import "env" "opa_abort" (func $abort (param i32)))
    (import "env" "memory" (memory 1))
    (export "memory" (memory 0))
    (global (export "opa_wasm_abi_version") i32 (i32.const 1))
    (global (export "opa_wasm_abi_minor_version") i32 (i32.const ${version}))
    (global $asked (mut i32) (i32.const 0))
    (func (export "opa_eval") (param i32 i32 i32 i32 i32 i32 i32) (result i32) ${body})
    (func (export "opa_heap_ptr_get") (result i32) (i32.const 4096))
    (func (export "opa_json_dump") (param i32) (result i32) (local.get 0))
    (func (export "wardline_begin") (result i32) (i32.const 2048))
    (func (export "wardline_decide") (param i32 i32) (result i32) ${body})
    (func (export "builtins") (result i32) (i32.const 512))
    (func (export "entrypoints") (result i32) (i32.const 8))
    ${data.join("\n")} ${more})`;
  const parsed = tools.parseWat("written.wat", wat);
  const { buffer } = parsed.toBinary({});
  parsed.destroy();
  return buffer;
}

describe("the host loads", () => {
  it("our modules, from bytes or compiled, and answers without prototypes", () => {
    for (const given of [module, new WebAssembly.Module(module)]) {
      const policy = loadWasmPolicy(given);
      const decision = policy.decide(bytesOf(good));
      expect(decision).toEqual(evaluate(program, JSON.parse(good)));
      expect(decision).toEqual(permit);
      expect(Object.getPrototypeOf(decision)).toBeNull();
      expect([decision, decision.rules, decision.obligations].every(Object.isFrozen)).toBe(true);
      expect(policy.allows(bytesOf(good))).toBe(true);
      expect(policy.allows(bytesOf(requestText("{}")))).toBe(false);
    }
  });

  it("nothing that is no module, or no module of ours", () => {
    const broken = module.slice();
    broken[4] = 2;
    for (const bytes of [new Uint8Array(), bytesOf("{}"), module.subarray(0, 100), broken])
      expect(codeOf(() => loadWasmPolicy(bytes))).toBe("module");
    for (const value of [null, undefined, "", {}, module.buffer, [...module]])
      expect(() => loadWasmPolicy(value as never)).toThrow(TypeError);
    const refused: readonly (readonly [Uint8Array, RegExp])[] = [
      [written("i32.const 0", '(func (export "extra"))'), /it exports extra: function$/],
      [
        written("i32.const 0", '(global (export "opa_free") i32 (i32.const 0))'),
        /it exports opa_free: global$/,
      ],
      [written("i32.const 0", "(func $go unreachable) (start $go)"), /the module does not start$/],
      [
        written("i32.const 0", "(func $go (call $abort (i32.const 8))) (start $go)"),
        /the module does not start$/,
      ],
      [written("i32.const 0", '(data (i32.const 9) "x")'), /the module does not start$/],
      [written("i32.const 0", '(data (i32.const 9) "\\5cu0077")'), /the module does not start$/],
      [written("i32.const 0", '(data (i32.const 10) "x")'), /no wardline\/decision and wardline\/allow$/],
      [written("i32.const 0", '(data (i32.const 512) "[]")'), /asks its host for functions$/],
      [written("i32.const 0", "", "", 2), /version 1\.2 of the ABI, not 1\.3$/],
    ];
    for (const [bytes, message] of refused) {
      expect(() => loadWasmPolicy(bytes)).toThrow(message);
      expect(codeOf(() => loadWasmPolicy(bytes))).toBe("module");
    }
    const parsed = tools.parseWat(
      "asks.wat",
      `(module (import "env" "opa_builtin0" (func (param i32 i32) (result i32))) (import "env" "memory" (memory 1)))`,
    );
    expect(() => loadWasmPolicy(parsed.toBinary({}).buffer)).toThrow(
      /it imports env\.opa_builtin0: function$/,
    );
    const empty = tools.parseWat("empty.wat", "(module)");
    expect(() => loadWasmPolicy(empty.toBinary({}).buffer)).toThrow(
      /does not import env\.opa_abort: function, env\.memory: memory$/,
    );
  });

  it("with a bound of the input that is a size", () => {
    for (const maxInput of [0, -1, 1.5, Number.NaN, Infinity, 2 ** 24 + 1])
      expect(() => loadWasmPolicy(module, { maxInput })).toThrow(RangeError);
  });
});

describe("an input", () => {
  const policy = loadWasmPolicy(module, { maxInput: 1_000 });

  it("of more bytes than allowed is refused, however the array lies about itself", () => {
    const padded = (length: number) => bytesOf(good.padEnd(length));
    expect(policy.decide(padded(1_000))).toEqual(permit);
    expect(codeOf(() => policy.decide(padded(1_001)))).toBe("input");
    const lying = Object.defineProperty(padded(200_000), "length", { value: 500 });
    expect(codeOf(() => policy.decide(lying))).toBe("input");
    const short = Object.defineProperties(bytesOf(good), { length: { value: 2 }, byteLength: { value: 2 } });
    expect(policy.decide(short)).toEqual(permit);
  });

  it("that is no Uint8Array is refused, never read as something else", () => {
    const bytes = bytesOf(good);
    const others = [
      undefined,
      null,
      0,
      good,
      {},
      bytes.buffer,
      [...bytes],
      new Uint8ClampedArray(bytes),
      new Int8Array(bytes),
      new Float64Array(bytes),
      new DataView(bytes.buffer),
      Object.create(bytes),
      new Proxy(bytes, {}),
    ];
    for (const input of others) {
      expect(codeOf(() => policy.decide(input as never))).toBe("input");
      expect(codeOf(() => policy.allows(input as never))).toBe("input");
    }
    expect(policy.decide(Buffer.from(good))).toEqual(permit);
    expect(policy.decide(bytesOf(`##${good}##`).subarray(2, -2))).toEqual(permit);
  });

  it("that is detached or empty is no JSON", () => {
    const bytes = bytesOf(good);
    structuredClone(bytes.buffer, { transfer: [bytes.buffer] });
    for (const input of [bytes, new Uint8Array()]) expect(codeOf(() => policy.decide(input))).toBe("input");
  });

  it("leaves nothing to the next one, after an abort neither", () => {
    const without = bytesOf(requestText("{}"));
    for (let i = 0; i < 50; i += 1) {
      expect(policy.decide(bytesOf(good))).toEqual(permit);
      expect(policy.allows(without)).toBe(false);
      expect(codeOf(() => policy.allows(bytesOf(good.slice(0, -1))))).toBe("input");
      expect(policy.decide(without)).toMatchObject({ reason: "not_granted" });
      expect(policy.decide(bytesOf("{}"))).toMatchObject({ reason: "invalid_input" });
    }
  });
});

describe("memory", () => {
  it("does not grow over many requests, and what a large one took is given back", () => {
    const policy = loadWasmPolicy(module);
    const first = policy.memory();
    const object: unknown = JSON.parse(good);
    for (let i = 0; i < 20_000; i += 1) {
      policy.allows(bytesOf(good));
      policy.allowsObject(object);
    }
    expect(policy.memory()).toBe(first);
    const items = Array.from({ length: 400_000 }, (_, i) => `"${i}"`).join();
    const large = bytesOf(requestText(`{"n":1,"set":[${items}]}`));
    for (let i = 0; i < 3; i += 1) {
      expect(policy.decide(large)).toEqual(permit);
      expect(codeOf(() => policy.decide(large.subarray(1)))).toBe("input");
      expect(policy.decide(bytesOf(good))).toEqual(permit);
      expect(policy.memory()).toBe(first);
    }
  });
});

describe("a module that does not do what ours do is never believed", () => {
  const answers = (text: string, body = "i32.const 1024") =>
    loadWasmPolicy(written(body, "", text.replaceAll('"', "\\22")));
  const input = bytesOf("{}");

  it.each([
    "",
    "permit",
    "[]",
    "{}",
    "[null]",
    "[{}]",
    '[{"result":null}]',
    '[{"result":true}]',
    '[{"result":"permit"}]',
    '[{"result":{"outcome":"permit"}}]',
    '[{"result":{"outcome":"permit","rules":[],"obligations":[],"reason":"forbidden"}}]',
    '[{"result":{"outcome":"permit","rules":[],"obligations":{},"reason":null}}]',
    '[{"result":{"outcome":"permit","rules":[],"obligations":[null],"reason":null}}]',
    '[{"result":{"outcome":"permit","rules":[1],"obligations":[],"reason":null}}]',
    '[{"result":{"outcome":"Permit","rules":[],"obligations":[],"reason":null}}]',
    '[{"result":{"outcome":"deny","rules":[],"obligations":[],"reason":null}}]',
    '[{"result":{"outcome":"permit","rules":[],"obligations":[],"reason":null,"alternatives":[1]}}]',
    '[{"result":{"outcome":"permit","rules":[],"obligations":[],"reason":null,"retry_after":"1"}}]',
    '[{"result":{"outcome":"permit","rules":[],"obligations":[],"reason":null}},1]',
    '[{"result":{"outcome":"permit","rules":[],"obligations":[],"reason":null,"__proto__":{}}}]',
    '[{"result":{"outcome":"permit","rules":[],"obligations":[],"reason":null,"more":1}}]',
    '[{"result":{"outcome":"permit","rules":[],"obligations":[],"__proto__":{"reason":null}}}]',
  ])("answer %s", (text) => {
    expect(codeOf(() => answers(text).decide(input))).toBe("fault");
  });

  it.each([
    "",
    "1",
    "true",
    '[{"result":truer}]',
    '[{"result":true}] ',
    '[{"result":true}',
    '[{"result":1}]',
  ])("permit %s", (text) => {
    expect(codeOf(() => answers(text).allows(input))).toBe("fault");
  });

  it("at addresses where nothing stands", () => {
    for (const at of [0, -1, 65_536 * 5, 0x7fffffff]) {
      expect(codeOf(() => answers("", `i32.const ${at}`).decide(input))).toBe("fault");
      expect(codeOf(() => answers("", `i32.const ${at}`).allows(input))).toBe("fault");
    }
    const full = "(memory.fill (i32.const 4096) (i32.const 65) (i32.const 323584)) (i32.const 5000)";
    expect(codeOf(() => answers("", full).decide(input))).toBe("fault");
  });

  it("after a trap: the next request is asked of a new instance", () => {
    // Traps at its first request, and would say yes at its second.
    const body = `(if (i32.eqz (global.get $asked)) (then (global.set $asked (i32.const 1)) unreachable)) i32.const 1024`;
    const policy = answers('[{"result":true}]', body);
    for (let i = 0; i < 3; i += 1) expect(codeOf(() => policy.allows(input))).toBe("fault");
    for (const trap of [
      "unreachable",
      "(i32.load (i32.const -1))",
      "(i32.div_u (i32.const 1) (i32.const 0))",
    ])
      expect(codeOf(() => answers("", trap).allows(input))).toBe("fault");
  });

  it("after its abort: whatever the message is", () => {
    for (const at of [1024, 0, -1, 5 * 65_536 - 1]) {
      const policy = answers("x".repeat(400), `(call $abort (i32.const ${at})) i32.const 1024`);
      expect(codeOf(() => policy.allows(input))).toBe("input");
    }
  });
});

it.each(["bytes", "object"])("%s asked with little stack left are decided right or not at all", (door) => {
  const policy = loadWasmPolicy(module);
  const [input, object] = [bytesOf(good), JSON.parse(good) as unknown];
  const ask = () => (door === "bytes" ? policy.decide(input) : policy.decideObject(object));
  let [right, failed] = [0, 0];
  const deep = (): void => {
    try {
      deep();
    } catch {
      // Every frame asks on the way back, the innermost ones with the least stack.
    }
    if (right > 200) return;
    try {
      if (JSON.stringify(ask()) !== JSON.stringify(permit)) throw new TypeError("wrong");
      right += 1;
    } catch (error) {
      if (error instanceof TypeError) throw error;
      failed += 1;
    }
  };
  deep();
  expect(right).toBeGreaterThan(100);
  expect(failed).toBeGreaterThan(0);
  expect(ask()).toEqual(permit);
});
