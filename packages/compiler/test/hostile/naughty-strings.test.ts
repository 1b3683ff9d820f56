/** The big list of naughty strings, where it is at hand: as text in strings and comments, and as code. */
import { existsSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { parseFile, tenantLimits } from "../../src/index.ts";

const file = new URL("../../../../../shared/conformance/naughty-strings/blns.json", import.meta.url);
const strings = existsSync(file) ? (JSON.parse(readFileSync(file, "utf8")) as readonly string[]) : [];

const head = "policy north for library\n";
const parse = (text: string) => parseFile({ name: "x", text: head + text }, tenantLimits);
const quoted = (text: string) =>
  `"${text.replaceAll("\\", "\\\\").replaceAll('"', '\\"').replaceAll("\n", "\\n").replaceAll("\t", "\\t")}"`;

/** What a string may be refused for: what it holds that misleads. */
const misleading = ["syntax/bidi-control", "syntax/invisible-character", "syntax/not-nfc"];

test.skipIf(strings.length === 0)(
  "in a string each is kept as it is, or refused for a character that misleads",
  () => {
    let kept = 0;
    for (const text of strings) {
      const { ast, findings } = parse(`forbid a: anyone to read Book because ${quoted(text)}`);
      const codes = findings.map(({ code }) => code);
      if (codes.length > 0) {
        expect(misleading).toEqual(expect.arrayContaining(codes));
        continue;
      }
      kept += 1;
      const [statement] = ast.statements;
      expect(statement).toMatchObject({ clauses: [{ kind: "because", text }] });
    }
    console.log(`${kept} of ${strings.length} naughty strings are kept, the others refused`);
    expect(kept).toBeGreaterThan(strings.length * 0.8);
  },
);

test.skipIf(strings.length === 0)(
  "in a comment each is passed over, or refused for a character that misleads",
  () => {
    for (const text of strings) {
      const { ast, findings } = parse(`// ${text.replaceAll("\n", " ")}\nrole a`);
      const codes = findings.map(({ code }) => code);
      expect(misleading).toEqual(expect.arrayContaining(codes));
      expect(ast.statements.map(({ kind }) => kind)).toEqual(["role"]);
    }
  },
);

test.skipIf(strings.length === 0)("as code each is refused, or is a name and nothing else", () => {
  for (const text of strings) {
    const { ast, findings } = parse(`role ${text}`);
    const [statement, ...others] = ast.statements;
    if (findings.length > 0) {
      expect(findings.length).toBeLessThanOrEqual(tenantLimits.findings);
      continue;
    }
    expect(others).toEqual([]);
    // A comment, or spaces, may stand around a name.
    const names = statement?.kind === "role" ? statement.names.map((name) => name.text) : [];
    expect(names.join()).toMatch(/^[a-z][a-z0-9_]*$/);
    expect(text).toContain(names.join());
  }
});

test.runIf(strings.length === 0)("the list is not beside this repository", () => {
  console.warn("no naughty-strings list beside the repository: its tests are left out");
});
