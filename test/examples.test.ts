/**
 * Every example with a configuration is checked, formatted and tested by the command line. Faults are put into the texts
 * of the projects' policy, one at a time, and the tests that stand in it must notice most of them.
 */
import { cpSync, existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, onTestFinished, test } from "vitest";
import { runCli } from "../packages/cli/src/index.ts";

const examples = new URL("../examples/", import.meta.url).pathname;
const configured = readdirSync(examples).filter((name) =>
  existsSync(join(examples, name, "wardline.config.json")),
);

async function wardline(cwd: string, ...args: readonly string[]): Promise<{ code: number; said: string }> {
  let said = "";
  const say = (text: string) => {
    said += text;
  };
  const io = {
    cwd,
    out: say,
    err: say,
    stdin: () => Promise.resolve(""),
    color: false,
    interactive: false,
    onInterrupt: () => () => {},
  };
  return { code: await runCli(args, io), said };
}

test("there are examples with a configuration", () => {
  expect(configured).toEqual(expect.arrayContaining(["clinic", "projects"]));
});

describe.each(configured)("%s", (name) => {
  test.each(["check", "fmt --check", "test"])("passes wardline %s", async (command) => {
    const { code, said } = await wardline(join(examples, name), ...command.split(" "));
    expect(code, said).toBe(0);
  });
});

test("the clinic has the types of its model and policies", async () => {
  const { code, said } = await wardline(
    join(examples, "clinic"),
    ..."types --out src/tables.ts --check".split(" "),
  );
  expect(code, said).toBe(0);
});

describe("projects", () => {
  const files = readdirSync(join(examples, "projects"), { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".ward"))
    .map((name) => ({ name, text: readFileSync(join(examples, "projects", name), "utf8") }));

  test("has no other warnings than those of settings that nothing enforces yet", async () => {
    const { said } = await wardline(join(examples, "projects"), "check", "--format", "json");
    const { findings } = JSON.parse(said) as { readonly findings: readonly { readonly code: string }[] };
    expect(findings.filter(({ code }) => code !== "setting/not-enforced")).toEqual([]);
  });

  test("has tests that expect something of every part of the policy", () => {
    const expectations = files.map(({ text }) => [...text.matchAll(/^ {2}expect (\w+) /gm)]).flat();
    const kinds = new Set(expectations.map(([, kind]) => kind));
    expect(expectations.length).toBeGreaterThan(30);
    expect(kinds).toEqual(new Set(["challenge", "deny", "list", "permit"]));
  });

  test("has tests that notice at least four of five faults in its texts", async () => {
    const faults = files.flatMap(faultsOf);
    const seed = 20_260_105;
    const [order = []] = fc.sample(fc.shuffledSubarray(faults, { minLength: faults.length }), {
      numRuns: 1,
      seed,
    });
    const wanted = 24;
    const unnoticed: string[] = [];
    const kinds = new Map<string, number>();
    let made = 0;
    for (const fault of order) {
      if (made === wanted) break;
      if ((kinds.get(fault.kind) ?? 0) >= wanted / 4) continue;
      const { code } = await withFault(fault);
      // A text that means nothing any more shows nothing about the tests.
      if (code === 1) continue;
      expect([0, 3]).toContain(code);
      made += 1;
      kinds.set(fault.kind, (kinds.get(fault.kind) ?? 0) + 1);
      if (code === 0) unnoticed.push(`${fault.file}:${fault.line}: ${fault.kind}: ${fault.words}`);
    }
    const rate = (made - unnoticed.length) / made;
    console.log(
      `of ${made} faults (seed ${seed}) the tests notice ${made - unnoticed.length}, ${Math.round(rate * 100)} %`,
      ...unnoticed.map((line) => `\n  not noticed: ${line}`),
    );
    expect(made).toBe(wanted);
    expect(rate).toBeGreaterThanOrEqual(0.8);
  }, 300_000);
});

interface Fault {
  readonly file: string;
  readonly line: number;
  readonly kind: "rule dropped" | "condition dropped" | "operator turned" | "role widened";
  readonly words: string;
  readonly text: string;
}

/** The faults that one slip in a rule can make of a text. */
function faultsOf({ name, text }: { readonly name: string; readonly text: string }): readonly Fault[] {
  const rules = [...text.matchAll(/^(?:permit|forbid|require|floor|share) \w+: [^]*?(?=\n(?! ))/gm)];
  return rules.flatMap((found) => {
    const [rule] = found;
    const line = text.slice(0, found.index).split("\n").length;
    const replaced = (kind: Fault["kind"], from: number, length: number, by: string): Fault => ({
      file: name,
      line,
      kind,
      words: `${JSON.stringify(rule.slice(from, from + length))} → ${JSON.stringify(by)}`,
      text: text.slice(0, found.index + from) + by + text.slice(found.index + from + length),
    });
    const head = rule.split("\n")[0] as string;
    // What stands in quotes is no word of the language.
    const unquoted = rule.replaceAll(/"[^"]*"/g, (quoted) => quoted.replaceAll(/\w/g, "_"));
    const each = (pattern: RegExp, kind: Fault["kind"], by: (match: string) => string): readonly Fault[] =>
      [...unquoted.matchAll(pattern)].map((match) =>
        replaced(kind, match.index, match[0].length, by(match[0])),
      );
    const turned: Readonly<Record<string, string>> = {
      "==": "!=",
      "!=": "==",
      "<": ">=",
      and: "or",
      or: "and",
      when: "unless",
      unless: "when",
      "not in": "in",
    };
    return [
      ...(/^require \w+: encrypt/.test(head)
        ? []
        : [replaced("rule dropped", head.length, 0, "\n  when false")]),
      ...each(/\n {2}(?:when|unless) [^]*?(?=\n {2}\w|$)/g, "condition dropped", () => ""),
      ...each(
        /(?<= )(?:==|!=|<|and|or|when|unless|not in)(?= )/g,
        "operator turned",
        (sign) => turned[sign] ?? sign,
      ),
      ...each(/(?<=: |for )anyone except [a-z_]+/g, "role widened", () => "anyone"),
      ...each(/(?<=: |for )(?!anyone)[a-z_, ]+(?= to )/g, "role widened", () => "User"),
      ...each(/(?<=: |for )[A-Z]\w+(?= to )/g, "role widened", () => "anyone"),
    ];
  });
}

async function withFault({ file, text }: Fault): ReturnType<typeof wardline> {
  const folder = mkdtempSync(join(tmpdir(), "wardline-examples-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  cpSync(join(examples, "projects"), folder, { recursive: true });
  writeFileSync(join(folder, file), text);
  // Every title has a space and no assert has one: the expectations alone.
  return await wardline(folder, "test", "--filter", " ");
}
