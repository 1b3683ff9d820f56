import { readdirSync, readFileSync } from "node:fs";
import { diagnosticPages } from "@wardline/compiler/diagnostics";
import { expect, test } from "vitest";
import { projectFolder, run } from "./project.ts";

const help = (...topic: string[]) => run(projectFolder(), ["help", ...topic]);

test("lists the commands, and tells about one", async () => {
  const all = await help();
  expect(all).toMatchObject({ code: 0, err: "" });
  await expect(all.out).toMatchFileSnapshot("snapshots/help.txt");
  for (const command of ["check", "decide", "build", "config", "completion"])
    expect(all.out).toMatch(new RegExp(`^  ${command} `, "m"));
  expect(all.out).not.toMatch(/^ {2}complete /m);
  expect((await help("check")).out).toBe((await run(projectFolder(), ["check", "--help"])).out);
  expect((await help("config", "print")).out).toContain("Usage: wardline config print");
});

test("tells what a code means, with the wrong and the right", async () => {
  const ran = await help("name/unknown");
  expect(ran).toMatchObject({ code: 0, err: "" });
  const { summary, why } = diagnosticPages["name/unknown"];
  expect(ran.out).toMatch(/^name\/unknown\n\nError\. /);
  for (const words of [summary, why, "\nWrong\n\n", "^", "error[name/unknown]", "\nRight\n\n"])
    expect(ran.out).toContain(words);
  expect(ran.out).not.toMatch(/```|\*\*|^#|\]\(/m);
});

test("the area of a code can be left out", async () => {
  expect((await help("mixed-and-or")).out).toBe((await help("syntax/mixed-and-or")).out);
});

test("knows every code that has a page in docs", async () => {
  const pages = new URL("../../../docs/diagnostics/", import.meta.url);
  const codes = readdirSync(pages, { recursive: true, encoding: "utf8" })
    .filter((name) => name.includes("/") && name.endsWith(".md"))
    .map((name) => name.slice(0, -".md".length));
  expect(codes.length).toBeGreaterThan(50);
  for (const code of codes) {
    const ran = await help(code);
    expect(ran.code, code).toBe(0);
    const [title] = readFileSync(new URL(`${code}.md`, pages), "utf8").split("\n");
    expect(ran.out.split("\n")[0]).toBe(title?.slice(2));
  }
});

test.each([
  ["name/unkown", "did you mean `wardline help name/unknown`?"],
  ["mixed-an-or", "did you mean `wardline help mixed-and-or`?"],
  ["chekc", "did you mean `wardline help check`?"],
  ["zzzzzzzzzzz", "`wardline help` lists the commands"],
  ["__proto__", "there is no command and no finding `__proto__`"],
])("%s exits 2 and names what may be meant", async (topic, words) => {
  const ran = await help(topic);
  expect(ran).toMatchObject({ code: 2, out: "" });
  expect(ran.err).toContain(words);
});

test("without a command the commands are shown, and it is an error", async () => {
  const ran = await run(projectFolder(), []);
  expect(ran.code).toBe(2);
  expect(ran.err).toContain("Usage: wardline");
});
