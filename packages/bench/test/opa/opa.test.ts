/** The stock OPA that everything is held to: the pinned one, and what it is like where versions differed. */
import { afterAll, describe, expect, it } from "vitest";
import { moduleWorks } from "../../src/b9/module-work.ts";
import { runOpa } from "../../src/opa/run-opa.ts";
import { startOpa, type Opa } from "../../src/opa/start-opa.ts";

const started = await startOpa();
const opa = "opa" in started ? started.opa : undefined;
if ("skipped" in started) console.log(`skipped: the tests of a stock OPA: ${started.skipped}`);

const policy = (decision: string) => `package wardline\n\nimport rego.v1\n\n${decision}\n`;

describe.skipIf(opa === undefined)("a stock OPA", () => {
  const { path, decide, buildWasm, close } = opa ?? ({} as Opa);
  afterAll(() => close());

  it("answers by the policy that each question names, also where they are asked at once", async () => {
    const texts = Array.from({ length: 20 }, (_, i) => policy(`decision := [${i}, input.x]`));
    const answers = await Promise.all(texts.map((text) => decide(text, ['{"x":1}', '{"x":"é"}'])));
    expect(answers).toEqual(
      texts.map((_, i) => [
        [i, 1],
        [i, "é"],
      ]),
    );
  });

  it("leaves undefined what is undefined, and refuses a policy and a request that are none", async () => {
    expect(await decide(policy("decision := input.x"), ["{}", '{"x":null}'])).toEqual([undefined, null]);
    await expect(decide("package", ["{}"])).rejects.toThrow("rego_parse_error");
    await expect(decide(policy("decision := 1"), ["{"])).rejects.toThrow("400");
    expect(await decide(policy("decision := 2"), ["{}"])).toEqual([2]);
  });

  it("tells numbers apart, as versions did that are not pinned", async () => {
    const text = policy("decision := [10.0 == 1, input.a == input.b]");
    expect(await decide(text, ['{"a":9007199254740993,"b":9007199254740992}'])).toEqual([[false, false]]);
  });

  it("is the same command line and builds modules", async () => {
    const text = policy("decision := input.x");
    const printed = await runOpa(
      path,
      ["eval", "-d", "policy.rego", "-i", "input.json", "-f", "raw", "data.wardline.decision"],
      text,
      '{"x":"y"}',
    );
    expect(printed.trim()).toBe("y");
    const module = new WebAssembly.Module(await buildWasm(text));
    expect(WebAssembly.Module.exports(module).map(({ name }) => name)).toContain("opa_eval");
    await expect(buildWasm("package")).rejects.toThrow("rego_parse_error");
  });

  it("is asked of the same policies and requests as our modules in B9, and they answer alike", async () => {
    const works = await moduleWorks(path);
    expect(works.map(({ modules }) => modules.length)).toEqual([2, 2]);
  });
});
