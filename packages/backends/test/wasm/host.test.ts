import { compileWasm } from "@wardline/backends";
import { evaluate } from "@wardline/core";
import { describe, expect, it } from "vitest";
import { Choose } from "./choose.ts";
import { generatedProgram } from "./generated-program.ts";
import { generatedRequest } from "./generated-request.ts";
import { grantIf, oneTable, requestText } from "./one-table.ts";
import { bytesOf, loadPolicy, thrownBy } from "./policy.ts";
import { opa } from "./sdk.ts";

const program = generatedProgram(new Choose(11));
const module = compileWasm(program);
const requests = (count: number) => {
  const choose = new Choose(5);
  return Array.from({ length: count }, () => generatedRequest(choose));
};
const invalid = { outcome: "deny", rules: [], obligations: [], reason: "invalid_input" };

describe("a host", () => {
  it("finds the decision under its first entrypoint and the permit under the second", () => {
    const policy = opa.loadPolicySync(module);
    expect(policy.entrypoints).toEqual({ "wardline/decision": 0, "wardline/allow": 1 });
    for (const request of requests(50)) {
      const wanted = evaluate(program, JSON.parse(JSON.stringify(request)));
      for (const entrypoint of [undefined, 0, "wardline/decision"])
        expect(policy.evaluate(request, entrypoint)).toEqual([{ result: wanted }]);
      for (const entrypoint of [1, "wardline/allow"])
        expect(policy.evaluate(request, entrypoint)).toEqual([{ result: wanted.outcome === "permit" }]);
    }
    for (const entrypoint of [2, -1, 4096])
      expect(thrownBy(() => policy.evaluate({}, entrypoint))).toMatch(/no such entrypoint/);
    expect(policy.evaluate({})).toEqual([{ result: invalid }]);
  });

  it("that sends nothing is denied", () => {
    const policy = loadPolicy(program);
    // The SDK sends none of these to the module.
    for (const input of [undefined, null, 0, "", false]) {
      expect(policy.decision(input)).toEqual(invalid);
      expect(policy.allow(input)).toBe(false);
    }
    // It writes bytes that are no ArrayBuffer down as an object of numbers.
    const bytes = new Uint8Array(bytesOf(JSON.stringify(requests(1)[0])));
    for (const input of [bytes, [], "x", 1, true]) expect(policy.decision(input)).toEqual(invalid);
    expect(thrownBy(() => policy.decision(new ArrayBuffer(0)))).toMatch(/not valid JSON/);
  });

  it("of the ABI 1.1 gets the same answers", () => {
    const policy = opa.loadPolicySync(module);
    policy.minorVersion = 1;
    for (const request of requests(200)) {
      const wanted = evaluate(program, JSON.parse(JSON.stringify(request)));
      expect(policy.evaluate(request)).toEqual([{ result: wanted }]);
      expect(policy.evaluate(request, 1)).toEqual([{ result: wanted.outcome === "permit" }]);
    }
    expect(thrownBy(() => policy.evaluate(bytesOf("[1,]")))).toMatch(/not valid JSON/);
    expect(policy.evaluate(undefined)).toEqual([{ result: invalid }]);
  });

  it("may keep the input anywhere: what stands beside it is not touched", () => {
    const memory = new WebAssembly.Memory({ initial: 5 });
    const messages: number[] = [];
    const opa_abort = (message: number) => {
      messages.push(message);
    };
    const instance = new WebAssembly.Instance(new WebAssembly.Module(module), { env: { memory, opa_abort } });
    const raw = instance.exports as unknown as Readonly<
      Record<string, (...args: readonly number[]) => number>
    >;
    const read = (at: number) => {
      const bytes = new Uint8Array(memory.buffer);
      return JSON.parse(new TextDecoder().decode(bytes.subarray(at, bytes.indexOf(0, at)))) as unknown;
    };
    for (const request of requests(20)) {
      const input = new Uint8Array(bytesOf(`${JSON.stringify(request)}]]]`));
      const at = raw["opa_malloc"]!(input.length);
      new Uint8Array(memory.buffer).set(input, at);
      const result = raw["opa_eval"]!(0, 0, 0, at, input.length - 3, raw["opa_heap_ptr_get"]!(), 0);
      expect(read(result)).toEqual([{ result: evaluate(program, JSON.parse(JSON.stringify(request))) }]);
      expect(new Uint8Array(memory.buffer, at, input.length)).toEqual(input);
      // A host whose abort returns gets no answer either.
      expect(() => raw["opa_eval"]!(0, 0, 0, at, input.length, raw["opa_heap_ptr_get"]!(), 0)).toThrow(
        WebAssembly.RuntimeError,
      );
    }
    expect(messages.length).toBe(20);
  });

  it("that notes facts itself gets one answer for them, and none without them", () => {
    const memory = new WebAssembly.Memory({ initial: 5 });
    const instance = new WebAssembly.Instance(new WebAssembly.Module(module), {
      env: { memory, opa_abort: () => {} },
    });
    const raw = instance.exports as unknown as Readonly<
      Record<string, (...args: readonly number[]) => number>
    >;
    const heap = raw["opa_heap_ptr_get"]!();
    const decide = () => {
      const at = raw["wardline_decide"]!(0, heap);
      const bytes = new Uint8Array(memory.buffer);
      return JSON.parse(new TextDecoder().decode(bytes.subarray(at, bytes.indexOf(0, at)))) as unknown;
    };
    expect(decide).toThrow(WebAssembly.RuntimeError);
    raw["wardline_begin"]!();
    expect(decide()).toEqual([{ result: invalid }]);
    expect(decide).toThrow(WebAssembly.RuntimeError);
    raw["wardline_begin"]!();
    const input = new Uint8Array(bytesOf(JSON.stringify(requests(1)[0])));
    new Uint8Array(memory.buffer).set(input, heap);
    raw["opa_eval"]!(0, 0, 0, heap, input.length, heap + input.length, 0);
    expect(decide).toThrow(WebAssembly.RuntimeError);
  });

  it("may load data, which changes nothing", () => {
    const policy = opa.loadPolicySync(module);
    const all = requests(20);
    const wanted = all.map((request) => [{ result: evaluate(program, JSON.parse(JSON.stringify(request))) }]);
    for (const data of [{}, { permit: "x".repeat(400_000) }, [1], bytesOf('{"outcome":"permit"}')]) {
      policy.setData(data);
      expect(all.map((request) => policy.evaluate(request))).toEqual(wanted);
    }
    expect(thrownBy(() => policy.setData(bytesOf("{")))).toMatch(/not valid JSON/);
  });

  it("may start with less memory than the data needs, and may set a bound", () => {
    const request = requests(1)[0];
    const wanted = [{ result: evaluate(program, JSON.parse(JSON.stringify(request))) }];
    const policy = opa.loadPolicySync(module, { initial: 1, maximum: 8 });
    expect(policy.evaluate(request)).toEqual(wanted);
    expect(thrownBy(() => policy.evaluate(bytesOf(" ".repeat(600_000))))).toBeDefined();
    expect(policy.evaluate(request)).toEqual(wanted);
  });

  it("that has room for the input and not for what is made of it sees an abort", () => {
    const source = { from: "context", name: "set" } as const;
    const fact = { source, type: { kind: "set", of: { kind: "string" } }, optional: true } as const;
    const small = oneTable({ ...grantIf([{ kind: "constant", value: true }]), facts: [fact], atoms: [] });
    const policy = opa.loadPolicySync(compileWasm(small), { initial: 14, maximum: 14 });
    const ask = (count: number) =>
      policy.evaluate(bytesOf(requestText(`{"set":[${Array(count).fill('""').join()}]}`)));
    const permit = [{ result: { outcome: "permit", rules: ["north/only"], obligations: [], reason: null } }];
    expect(ask(10)).toEqual(permit);
    expect(thrownBy(() => ask(100_000))).toBe("wardline: out of memory");
    expect(ask(10)).toEqual(permit);
  });

  it("sees memory that does not grow over 100,000 evaluations, with aborts among them", () => {
    const policy = loadPolicy(program);
    const inputs = requests(50).map((request) => bytesOf(JSON.stringify(request)));
    const broken = bytesOf(`${JSON.stringify(requests(1)[0])},`);
    for (const input of inputs) policy.decision(input);
    thrownBy(() => policy.decision(broken));
    const before = policy.memory();
    for (let i = 0; i < 2_000; i++) {
      for (const input of inputs) policy.allow(input);
      if (i % 20 === 0) thrownBy(() => policy.decision(broken));
    }
    expect(policy.memory()).toBe(before);
  });
});
