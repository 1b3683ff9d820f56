/** `// allow lint/x: reason`: what it takes away, what it does not, and what is said of one that is wrong. */
import { describe, expect, test } from "vitest";
import { compile, isLintCode, lintCodes } from "../../src/index.ts";
import { diagnostics } from "../../src/diagnostics/table.ts";
import { compileLibrary, fixed, underlined, unmark } from "../check/library.ts";
import { processorTime } from "@wardline/core/testing";

const found = (policy: string) => {
  const { findings, files, program } = compileLibrary({ policy });
  return {
    program,
    codes: findings.map(({ code }) => code),
    places: findings.map((one) => underlined(files, one)),
    first: findings[0] ?? null,
    fixed: findings[0] === undefined ? null : fixed(files, findings[0]),
  };
};

const rule = "permit all: anyone to read Book";

test("without a comment the lint is found", () => {
  expect(found(rule).codes).toEqual(["lint/unconditional-permit"]);
});

describe("a comment takes the lint away", () => {
  test.each([
    ["on the line before", `// allow lint/unconditional-permit: the catalogue is public\n${rule}`],
    ["at the end of the line", `${rule} // allow lint/unconditional-permit: the catalogue is public`],
    [
      "at the end of a line within",
      `permit all: anyone to read Book // allow lint/unconditional-permit: public\n  with hide(price)`,
    ],
    [
      "on a line within",
      `permit all: anyone to read Book\n  // allow lint/unconditional-permit: public\n  with hide(price)`,
    ],
    ["before an annotation", `// allow lint/unconditional-permit: public\n@control("A 1")\n${rule}`],
    ["before documentation", `// allow lint/unconditional-permit: public\n/// The catalogue.\n${rule}`],
    ["beside other comments", `// allow lint/unconditional-permit: public\n// More.\n\n${rule}`],
    ["without spaces", `//allow lint/unconditional-permit:public\n${rule}`],
    ["with a capital letter", `// Allow lint/unconditional-permit: public\n${rule}`],
    ["in lines that end as on Windows", `// allow lint/unconditional-permit: public\r\n${rule}\r\n`],
  ])("%s", (_, text) => {
    const { codes, program } = found(text);
    expect(codes).toEqual([]);
    expect(program).not.toBeNull();
  });

  test("one comment for each of two lints of one statement", () => {
    const text =
      "permit all: anyone to read Book when has resource.title // allow lint/redundant-has: kept for a reader";
    expect(found(`${text}\n`).codes).toEqual([]);
  });

  test("the lint of a let stands where the let does", () => {
    expect(
      found("let a = resource.lost // allow lint/unused-let: used from March\npermit b: reader to read Book")
        .codes,
    ).toEqual([]);
  });
});

describe("a comment takes nothing else away", () => {
  const reason = "// allow lint/unconditional-permit: public";
  test.each([
    ["of another statement", `${reason}\nrole desk extends reader\n${rule}`],
    ["of the statement before", `${rule}\n${reason}\nrole desk extends reader`],
    ["after the last statement", `${rule}\n${reason}`],
    ["in documentation", `/// allow lint/unconditional-permit: public\n${rule}`],
  ])("%s", (_, text) => {
    expect(found(text).codes).toContain("lint/unconditional-permit");
  });

  test("another lint", () => {
    expect(found(`// allow lint/unused-let: public\n${rule}`).codes).toEqual([
      "suppression/unused",
      "lint/unconditional-permit",
    ]);
  });

  test("in another file", () => {
    const platform = `platform for library\n${reason}\nceiling all: anyone to act on anything\n`;
    const { findings } = compileLibrary({ platform, policy: rule });
    expect(findings.map(({ code }) => code)).toEqual(["suppression/unused", "lint/unconditional-permit"]);
  });
});

describe("what is said of a comment that is wrong", () => {
  test.each([
    ["suppression/no-reason", `⟪// allow lint/unused-let⟫\nlet a = resource.lost`, null],
    ["suppression/no-reason", `⟪// allow lint/unused-let:⟫\nlet a = resource.lost`, null],
    ["suppression/no-reason", `⟪// allow lint/unused-let: ⟫\nlet a = resource.lost`, null],
    ["suppression/no-reason", `⟪// allow lint/unused-let because it is used⟫\nlet a = resource.lost`, null],
    ["suppression/not-a-lint", "// allow ⟪guardrail/no-ceiling⟫: we know", ""],
    ["suppression/not-a-lint", "// allow ⟪type/unguarded⟫: we know", ""],
    ["suppression/unknown-lint", "// allow ⟪lint/unused-lets⟫: we know", "// allow lint/unused-let: we know"],
    ["suppression/unknown-lint", "// allow ⟪lints/unused-let⟫: we know", "// allow lint/unused-let: we know"],
    ["suppression/unknown-lint", "// allow ⟪rule/unused-let⟫: we know", "// allow lint/unused-let: we know"],
    ["suppression/unknown-lint", "// allow ⟪lint/constructor⟫: we know", null],
    ["suppression/unused", "// allow ⟪lint/unused-let⟫: we know", ""],
  ])("%s: %s", (code, marked, after) => {
    const { text, marks } = unmark(`policy north for library\n${marked}\npermit b: reader to read Book`);
    const { findings, files } = compileLibrary({ policy: text });
    const same = findings.filter((one) => one.code === code);
    expect(same.map((one) => one.labels[0].span.start)).toEqual(marks.map(([start]) => start));
    expect(same.map((one) => one.labels[0].span.end)).toEqual(marks.map(([, end]) => end));
    expect(same[0]?.severity).toBe("warning");
    if (same[0] === undefined) return;
    const line = fixed(files, same[0])?.split("\n")[1];
    expect(line).toBe(after ?? undefined);
  });

  test("a comment without a reason, or for what is no lint, suppresses nothing", () => {
    expect(found(`${rule} // allow lint/unconditional-permit`).codes).toContain("lint/unconditional-permit");
    const { codes, program } = found(
      'permit a: reader to read Book when resource.note == "x" // allow type/unguarded: fine',
    );
    expect(codes.toSorted()).toEqual(["suppression/not-a-lint", "type/unguarded"]);
    expect(program).toBeNull();
  });

  test("beside an error an unused one is not reported: not everything was looked at", () => {
    const { codes } = found(
      "// allow lint/unused-let: used\nlet a = resource.lost\npermit b: raeder to read Book when a",
    );
    expect(codes).toEqual(["name/unknown"]);
  });

  test("plain comments are left alone", () => {
    for (const text of [
      "// allow readers to read",
      "// allowed lint/unused-let",
      "// see lint/unused-let",
      "// allow: lint",
    ])
      expect(found(`${text}\npermit b: reader to read Book`).codes).toEqual([]);
  });
});

describe("levels", () => {
  const source = (name: string, text: string) => ({ name, text });
  const input = {
    model: source(
      "m",
      "model m\nprincipal User { }\nentity A stored in a_rows { x: Bool }\naction read reads A\n",
    ),
    platform: [source("p", "platform for m\nceiling all: anyone to act on anything\n")],
    tenant: "north",
  };
  const policy = (text: string) => source("n", `policy north for m\n${text}\n`);
  const plain = policy("permit all: anyone to read A");

  test("as the table says, where nothing is set", () => {
    const { findings, program } = compile({ ...input, policy: plain });
    expect(findings.map(({ severity }) => severity)).toEqual(["warning"]);
    expect(program).not.toBeNull();
  });

  test("`error`: there is no program", () => {
    const { findings, program } = compile({
      ...input,
      policy: plain,
      lints: { "lint/unconditional-permit": "error" },
    });
    expect(findings.map(({ severity }) => severity)).toEqual(["error"]);
    expect(program).toBeNull();
  });

  test("`off`: nothing is said, not even of a comment that suppresses it", () => {
    const lints = { "lint/unconditional-permit": "off", "lint/unused-let": "off" } as const;
    const text = policy("permit all: anyone to read A // allow lint/unused-let: later");
    expect(compile({ ...input, policy: text, lints }).findings).toEqual([]);
  });

  test("a comment suppresses a lint whatever its level", () => {
    const text = policy("permit all: anyone to read A // allow lint/unconditional-permit: public");
    const { findings, program } = compile({
      ...input,
      policy: text,
      lints: { "lint/unconditional-permit": "error" },
    });
    expect(findings).toEqual([]);
    expect(program).not.toBeNull();
  });

  test("what is no lint keeps its severity, whatever a caller without types says", () => {
    const lints = { "type/unguarded": "off", "guardrail/no-ceiling": "off" } as object;
    const { findings } = compile({
      ...input,
      platform: [source("p", "platform for m\n")],
      policy: plain,
      lints,
    });
    expect(findings.map(({ code }) => code)).toContain("guardrail/no-ceiling");
  });
});

test("the lints are the codes of the table that begin with `lint/`", () => {
  expect(lintCodes).toEqual(Object.keys(diagnostics).filter((code) => code.startsWith("lint/")));
  expect(lintCodes.length).toBeGreaterThan(3);
  for (const code of ["lint/toString", "__proto__", "type/unguarded", "lint/"])
    expect(isLintCode(code)).toBe(false);
});

test("a comment of any length costs no more than its length", () => {
  const spaces = " ".repeat(30_000);
  const started = processorTime();
  found(`// allow${spaces}lint/unused-let${spaces}:${spaces}x${spaces}y\npermit b: reader to read Book`);
  expect(processorTime() - started).toBeLessThan(1000);
});
