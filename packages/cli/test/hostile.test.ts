/** Command lines and files that nobody would write: an answer, never a bug. */
import { mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { expect, test } from "vitest";
import { policy, projectFolder, run } from "./project.ts";

const commands = [
  ["check"],
  ["test"],
  ["fmt"],
  ["decide", "--tenant", "north"],
  ["explain", "--tenant", "north"],
  ["who-can", "read", "Loan", "--tenant", "north"],
  ["what-can", "Member", "--tenant", "north"],
  ["diff", "."],
  ["build"],
  ["config", "print"],
  ["help"],
  ["init", "x"],
];
const words = [
  "check",
  "decide",
  "config",
  "print",
  "help",
  "completion",
  "complete",
  "bash",
  "init",
  "name/unknown",
  "read",
  "Loan",
  "Member",
  "HEAD",
  "--format",
  "json",
  "plain",
  "sarif",
  "--out",
  "json:out.json",
  "junit:a/b",
  "--fix",
  "--changed",
  "--max-warnings",
  "0",
  "--baseline",
  "known.json",
  "--write-baseline",
  "--tenant",
  "north",
  "--ask",
  'Member "a" { roles: [reader], level: 1 } to read Loan { }',
  "--given",
  "context { mfa: true }",
  "--let",
  "a = Member",
  "--request",
  "-",
  "--gate",
  "no-new-access",
  "--coverage",
  "--min",
  "50",
  "--filter",
  "x",
  ".",
  "north.ward",
  "nowhere",
  "",
  "--",
  "-",
  "-x",
  "__proto__",
  "\u001B[2J",
  "\u202E",
  "{",
  "%s",
  "--roles",
];

test("any words end in an exit code that is promised, and none in a bug", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom([], ...commands),
      fc.array(fc.constantFrom(...words), { maxLength: 6 }),
      async (command, rest) => {
        const args = [...command, ...rest];
        const folder = projectFolder();
        const { code, err, out } = await run(folder, args, "{}");
        expect([0, 1, 2, 3, 4, 5, 6], `${JSON.stringify(args)}\n${err}`).toContain(code);
        if (code === 2) expect(err, JSON.stringify(args)).not.toBe("");
        // oxlint-disable-next-line no-control-regex
        expect(out + err).not.toMatch(/[\u0000\u001B]/);
      },
    ),
    { numRuns: 400 },
  );
});

test.each([
  ["an empty policy", ""],
  ["bytes that are no text", Buffer.from([0xff, 0xfe, 0x00, 0x80])],
  ["a megabyte of brackets", "(".repeat(1_000_000)],
  ["one long line", `${policy}// ${"x".repeat(60_000)}\npermit`],
  ["line separators", policy.replaceAll("\n", "\u2028")],
  ["a mark at its beginning", `\uFEFF${policy}`],
  ["control characters", `${policy}\u0000\u0007\u001B[2J`],
])("%s has an answer in every format", async (_, text) => {
  const folder = projectFolder();
  writeFileSync(join(folder, "north.ward"), text);
  for (const format of ["pretty", "plain", "compact", "json", "sarif", "junit", "github"]) {
    const ran = await run(folder, ["check", "--format", format, "--fix"]);
    expect([0, 1, 2], ran.err).toContain(ran.code);
    expect(ran.out.length).toBeLessThan(2_000_000);
  }
  for (const args of [["fmt", "--diff"], ["test"], ["build"], ["diff", "."], ["config", "print"]])
    expect([0, 1, 2], args.join(" ")).toContain((await run(folder, args)).code);
});

test("a folder called like a policy, a link to nowhere and a link to itself have an answer", async () => {
  const folder = projectFolder({ "wardline.config.json": null });
  mkdirSync(join(folder, "folder.ward"));
  expect((await run(folder, ["check"])).code).toBe(0);
  symlinkSync("nowhere.ward", join(folder, "lost.ward"));
  const lost = await run(folder, ["check"]);
  expect(lost.code).toBe(2);
  expect(lost.err).toContain("there is no file lost.ward");
  symlinkSync("round.ward", join(folder, "round.ward"));
  expect((await run(folder, ["fmt"])).code).toBe(2);
});
