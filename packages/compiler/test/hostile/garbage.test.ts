/** A megabyte of anything: a finding, and work that grows with the text. */
import { randomFrom } from "@wardline/core/testing";
import { describe, expect, test } from "vitest";
import { allTokens, compile, parseFile, platformLimits, tenantLimits } from "../../src/index.ts";
import { parseCounting } from "../work.ts";
import { filled, head } from "./units.ts";

const size = 1_000_000;
const random = randomFrom(1, "garbage");

const bytes = () =>
  new TextDecoder().decode(Uint8Array.from({ length: size / 2 }, () => random.below(256))).slice(0, size / 3);
const images = allTokens.flatMap(({ PATTERN, LABEL }) =>
  typeof PATTERN === "string" ? [PATTERN] : (/^`([^a-z]+)`$/.exec(LABEL ?? "")?.slice(1) ?? []),
);
const literals = ["a", "Book", "#private", "15m", "22:00", '"x"', "10.0.0.0/8", "0.5", "$", "é"];
const tokens = (between: readonly string[]) => {
  const parts: string[] = [];
  for (let length = 0; length < size - 40; length += (parts.at(-1) ?? "").length)
    parts.push(random.pick([...images, ...literals]) + random.pick(between));
  return parts.join("");
};

const whole = ["{", "(", '"', '"\n', "*", "$", "not ", "a\n", "role\n", "lte a\n", "let a = b\nwhen c\n"];
const texts: readonly (readonly [string, string])[] = [
  ["random bytes as text", bytes()],
  ["tokens in lines", tokens([" ", "\n", "\n  "])],
  ["tokens in one line", tokens([" "])],
  ["a policy of tokens", `${head}${tokens([" ", "\n"])}`.slice(0, size)],
  ...whole.map((unit) => [`${JSON.stringify(unit)} to the end`, filled(unit, size)] as const),
];

/** Steps for each character: a window of the grammar is 64 tokens, and a damaged statement is read a few times. */
const stepsAtMost = 40;

describe.each(texts)("%s", (_, text) => {
  test("is refused by its length where a tenant wrote it, before it is read", () => {
    const { findings, work } = parseCounting(text, tenantLimits);
    expect(findings.map(({ code }) => code)).toEqual(["limit/text"]);
    expect(work).toBe(0);
  });

  test("is refused with a few findings where the platform wrote it", () => {
    const { findings, work } = parseCounting(text, { ...platformLimits, bytes: 4 * size });
    expect(findings.length).toBeGreaterThan(0);
    expect(findings.length).toBeLessThanOrEqual(platformLimits.findings);
    expect(work).toBeLessThan(stepsAtMost * text.length);
  });
});

test("a long text that is whole is read whole", () => {
  const unit = "permit a: b to read Book when c and d\n";
  const text = filled(unit, size);
  const { findings, ast, work } = parseCounting(text, platformLimits);
  expect(findings).toEqual([]);
  expect(ast.statements.length).toBe(Math.floor((size - head.length) / unit.length));
  expect(work).toBeLessThan(stepsAtMost * text.length);
});

test("one line of a megabyte is read like many", () => {
  const text = filled("permit a: b to read Book when c and d ", size);
  expect(parseFile({ name: "x", text }, platformLimits).findings).toEqual([]);
});

test("ten thousand parentheses are one finding in each file, where the limit is passed", () => {
  const deep = `let a = ${"(".repeat(10_000)}b${")".repeat(10_000)}`;
  const plain = {
    model:
      "model library\nprincipal Member { name: String }\nrole reader\nentity Book stored in books { title: String }\naction read reads Book\n",
    platform: "platform for library\nceiling all: anyone to act on anything\n",
    policy: "policy north for library\npermit a: reader to read Book\n",
  };
  for (const file of ["model", "platform", "policy"] as const) {
    const texts = { ...plain, [file]: `${plain[file]}${deep}\n` };
    const source = (name: keyof typeof plain) => ({ name, text: texts[name] });
    const { program, findings } = compile({
      model: source("model"),
      platform: [source("platform")],
      policy: source("policy"),
      tenant: "north",
    });
    expect(program).toBeNull();
    const found = findings.filter(({ code }) => code === "limit/depth");
    expect(found.map(({ labels: [{ span }] }) => [span.file, span.start])).toEqual([
      [file, plain[file].length + "let a = ".length + tenantLimits.depth],
    ]);
  }
});

test("sixty lets that each use the one before twice are refused while they grow", () => {
  const lets = Array.from({ length: 60 }, (_, index) => `let x${index + 1} = x${index} and not x${index}`);
  const policy = [
    "policy north for library",
    "let x0 = resource.lost",
    ...lets,
    "permit a: reader to read Book when x60",
    "",
  ];
  const { program, findings } = compile({
    model: {
      name: "model",
      text: "model library\nprincipal Member { name: String }\nrole reader\nentity Book stored in books { lost: Bool }\naction read reads Book\n",
    },
    platform: [{ name: "platform", text: "platform for library\nceiling all: anyone to act on anything\n" }],
    policy: { name: "policy", text: policy.join("\n") },
    tenant: "north",
  });
  expect(program).toBeNull();
  expect(findings.map(({ code }) => code)).toEqual(["limit/expansion"]);
});
