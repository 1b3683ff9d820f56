/**
 * The forms of values and what compares them, in a stock OPA and in its module, against the oracle: addresses, days, times,
 * instants, decimals and numbers at their edges, most of them not quite in form. The rules that permit tell each comparison.
 */
import { compileRego } from "@wardline/backends";
import { compile } from "@wardline/compiler";
import { evaluate, type Program } from "@wardline/core";
import { randomFrom, type Random } from "@wardline/core/testing";
import { afterAll, describe, expect, it } from "vitest";
import { canonical, requestText } from "../../src/agree/answer.ts";
import { loadModule } from "../../src/opa/load-module.ts";
import { startOpa, type Opa } from "../../src/opa/start-opa.ts";
import { facts, valueOf, type Fact } from "./hostile-values.ts";

const rounds = Number(process.env["WARDLINE_OPA_FORMS"] ?? 400);
const seed = Number(process.env["WARDLINE_OPA_SEED"] ?? 1);

/** The questions are shared out between them: one asks 64 at most. */
const actions = ["read", "look"] as const;

const networks = [
  ["10.0.0.0/8", "10.1.2.3", "0.0.0.0/0", "192.168.0.128/25", "255.255.255.255", "0.0.0.0/1"],
  ["::/0", "::1", "2001:db8::/32", "2001:db8:8000::/33", "fe80::/10", "ffff:ffff:ffff:fffe::/63"],
];

const conditions = networks.flat().map((network) => `context.ip in ${network}`);
for (const name of ["day", "at", "when", "wide", "count"])
  for (const sign of name === "at" ? ["==", "<"] : ["==", "<", "<=", ">", ">="])
    conditions.push(`context.${name} ${sign} context.other_${name}`);
for (const offset of ["- 90d", "+ 90d", "+ 1ms", "- 59s"])
  for (const sign of ["==", "<", ">="]) conditions.push(`now ${offset} ${sign} context.when`);
for (const method of ["starts_with", "ends_with", "contains"])
  conditions.push(`context.text.${method}(context.other_text)`);
conditions.push("context.text == context.other_text", "context.few in [-3, 0, 2]", "context.whole >= 0");
conditions.push("context.part < 0.50", "context.long > 1h", "context.day < 2024-02-29");

function program(): Program {
  const model = `model forms\n\nprincipal Member {\n}\n\nentity Leaf stored in leaves {\n  name: String\n}\n\naction read, look reads Leaf\n\ncontext {\n${Object.entries(
    facts,
  )
    .map(([name, type]) => `  ${name}: ${type}?\n`)
    .join("")}}\n`;
  const guarded = (when: string) =>
    [...[...when.matchAll(/context\.\w+/g)].map(([name]) => `has ${name}`), when].join(" and ");
  const permits = conditions.map(
    (when, i) => `permit c_${i}: anyone to ${actions[i % 2]} Leaf\n  when ${guarded(when)}\n`,
  );
  permits.push("permit keyed: anyone to read, look Leaf\n  when has context.key\n");
  const { program, findings } = compile({
    model: { name: "model.ward", text: model },
    platform: [{ name: "platform.ward", text: "platform for forms\n" }],
    policy: { name: "north.ward", text: `policy north for forms\n\n${permits.join("\n")}` },
    tenant: "north",
  });
  if (program === null) throw new Error(JSON.stringify(findings.filter((f) => f.severity === "error")));
  return program;
}

/** A question with the facts of one kind, so that one that is not in form hides no other. */
function request(random: Random): object {
  const groups: readonly (readonly Fact[])[] = [
    ["ip"],
    ["ip"],
    ["ip"],
    ["day", "other_day"],
    ["at", "other_at"],
    ["when", "other_when"],
    ["when"],
    ["wide", "other_wide"],
    ["part"],
    ["whole"],
    ["count", "other_count"],
    ["few", "long"],
    ["key"],
    ["text", "other_text"],
  ];
  const named = random.pick(groups);
  return {
    tenant: { id: "north" },
    principal: { type: "Member", id: "m", tenant: "north", roles: [] },
    action: { name: random.pick(actions) },
    resource: { type: "Leaf", id: "0198c0de-0000-7000-8000-0000000000aa", tenant: "north" },
    context: Object.fromEntries(named.map((fact) => [fact, valueOf(random, fact)])),
    now: random.pick([
      "0001-01-01T00:00:00.000000Z",
      "2024-02-29T12:00:00.000001Z",
      "9999-12-31T23:59:59.999999Z",
    ]),
  };
}

const started = await startOpa();
if ("skipped" in started) console.log(`skipped: the forms of values in a stock OPA: ${started.skipped}`);

describe.skipIf("skipped" in started)("values in a stock OPA", () => {
  const opa = "opa" in started ? started.opa : ({} as Opa);
  afterAll(() => opa.close());

  it(`are accepted and compared as the oracle does, from seed ${seed}`, async () => {
    const formed = program();
    const policy = compileRego(formed);
    const module = await loadModule(opa, policy);
    const random = randomFrom(seed, "forms");
    const requests = Array.from({ length: rounds }, () => request(random));
    const texts = requests.map(requestText);
    const answers = await opa.decide(policy, texts);
    const seen = new Map<string, number>();
    for (const [i, asked] of requests.entries()) {
      const decision = evaluate(formed, asked);
      for (const of of [decision.outcome, ...decision.rules]) seen.set(of, (seen.get(of) ?? 0) + 1);
      const hint = JSON.stringify(asked);
      expect(canonical(answers[i]), `OPA, ${hint}`).toBe(canonical(decision));
      expect(canonical(module(texts[i] as string)), `OPA's module, ${hint}`).toBe(canonical(decision));
    }
    // Most comparisons held at some time, and many values were refused.
    expect(seen.get("deny")).toBeGreaterThan(rounds / 10);
    expect(seen.size).toBeGreaterThan(conditions.length / 2);
  });

  it("are the same number in whatever notation, as far as a double can tell", async () => {
    const formed = program();
    const policy = compileRego(formed);
    const module = await loadModule(opa, policy);
    const text = (number: string) =>
      requestText({
        ...request(randomFrom(seed, "notation")),
        action: { name: "read" },
        context: { few: 7 },
      }).replace("7}", `${number}}`);
    const notations = [
      "2",
      "2.0",
      "2e0",
      "2E+0",
      "20e-1",
      "0.2e1",
      "-0",
      "-0.0",
      "0e9",
      "3.000",
      "4.0",
      "1.5",
      "-3e0",
    ];
    const answers = await opa.decide(policy, notations.map(text));
    for (const [i, number] of notations.entries()) {
      const decision = canonical(evaluate(formed, JSON.parse(text(number))));
      expect(canonical(answers[i]), `OPA, ${number}`).toBe(decision);
      expect(canonical(module(text(number))), `OPA's module, ${number}`).toBe(decision);
    }
    // To OPA every digit counts.
    const near = text("2.00000000000000000001");
    expect(evaluate(formed, JSON.parse(near)).outcome).toBe("permit");
    expect(await opa.decide(policy, [near])).toMatchObject([{ reason: "invalid_input" }]);
    expect(module(near)).toMatchObject({ reason: "invalid_input" });
  });
});
