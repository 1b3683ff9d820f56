import { readdirSync, readFileSync } from "node:fs";
import { positionAt } from "@wardline/core";
import { expect, test } from "vitest";
import { parseFile } from "../../src/index.ts";
import { trojanSource } from "./texts.ts";

const at = (text: string) =>
  parseFile({ name: "x", text }).findings.map(({ code, labels }) => {
    const { line, column } = positionAt(text, labels[0].span.start);
    return `${line}:${column} ${code}`;
  });

const bidiControls = [
  "\u061c",
  "\u200e",
  "\u200f",
  "\u202a",
  "\u202b",
  "\u202c",
  "\u202d",
  "\u202e",
  "\u2066",
  "\u2067",
  "\u2068",
  "\u2069",
];

test.each(bidiControls)("the bidirectional control %j is refused everywhere", (control) => {
  const head = "policy north for library\n";
  expect(at(`${head}// x${control}`)).toEqual(["2:5 syntax/bidi-control"]);
  expect(at(`${head}/// x${control}\nrole a`)).toEqual(["2:6 syntax/bidi-control"]);
  expect(at(`${head}let a = "x${control}"`)).toEqual(["2:11 syntax/bidi-control"]);
  expect(at(`${head}let a = "x${control}`)).toEqual(["2:11 syntax/bidi-control"]);
  expect(at(`${head}role a${control}b`)).toEqual(["2:7 syntax/bidi-control"]);
  expect(at(`${head}role a ${control}`)).toEqual(["2:8 syntax/bidi-control"]);
  expect(at(`${head}let a = #x${control}`)).toEqual(["2:11 syntax/bidi-control"]);
  expect(at(`${head}let a = 5${control}`)).not.toEqual([]);
});

test("no character outside ASCII is taken outside of strings and comments", () => {
  const all = Array.from({ length: 0x1_0000 - 0x80 }, (_, index) => index + 0x80);
  // Every sign and space, and a part of the letters.
  const units = all.filter((unit) => unit < 0x3100 || unit >= 0xfb00 || unit % 17 === 0);
  const head = "policy north for library\n";
  const text = head + units.map((unit) => `role a${String.fromCharCode(unit)}\n`).join("");
  const { findings } = parseFile({ name: "x", text }, { bytes: 1e7, depth: 16, findings: 1e6 });
  const refused = new Set(
    findings.map(({ labels: [{ span }] }) => Math.floor((span.start - head.length) / "role a?\n".length)),
  );
  expect(units.filter((_, index) => !refused.has(index))).toEqual([]);
});

test("a byte order mark is taken at the beginning alone", () => {
  expect(at("\ufeffpolicy north for library")).toEqual([]);
  expect(at("policy\ufeff north for library")).not.toEqual([]);
});

test("strings and comments hold letters of every script", () => {
  expect(
    at('policy north for library // größe 日本 עברית\nlet a = "größe 日本 עברית 👩‍👩‍👧 ❤️ می‌خواهم"'),
  ).toEqual([]);
});

const folders =
  trojanSource === null
    ? []
    : readdirSync(trojanSource).filter((name) => /^(?:JavaScript|Python|SQL)$/.test(name));
const attacks = folders.flatMap((folder) =>
  readdirSync(`${trojanSource}${folder}`)
    .filter((name) => /\.(?:js|py)$/.test(name))
    .map((name) => ({
      name: `${folder}/${name}`,
      text: readFileSync(`${trojanSource}${folder}/${name}`, "utf8"),
    })),
);

/** Lines of a foreign program that hold characters outside ASCII, as they would stand in a policy. */
const hostile = attacks.flatMap(({ name, text }) =>
  text.split("\n").flatMap((line) => (/\P{ASCII}/u.test(line) ? [{ name, line }] : [])),
);

test.skipIf(trojanSource === null).each(hostile)("trojan source, $name", ({ line }) => {
  const column = Array.from(line.slice(0, line.search(/\P{ASCII}/u))).length + 1;
  const bidi = line.search(/[\u202a-\u202e\u2066-\u2069]/u);
  const code = bidi >= 0 ? "bidi-control" : /\u200b/.test(line) ? "invisible-character" : "mixed-script";
  const head = "policy north for library\n";
  // As code, the first such character is refused in its place. In quotes a letter of another script is text.
  const quoted = line.slice(0, column).split('"').length % 2 === 0;
  if (code !== "mixed-script" || !quoted) expect(at(head + line)).toContain(`2:${column} syntax/${code}`);
  // In comments and strings too a control is refused.
  const prose = code === "mixed-script" ? [] : [`syntax/${code}`];
  const comment = at(`${head}// ${line}`);
  expect(comment).toEqual(prose.map((found) => `2:${column + 3} ${found}`));
  const string = at(`${head}let a = "${line.replaceAll(/["\\]/g, "'")}"`);
  expect(string).toEqual(prose.map((found) => `2:${column + 9} ${found}`));
});

test.skipIf(trojanSource === null)("the suite has attacks", () => {
  expect(hostile.length).toBeGreaterThan(10);
});

test.runIf(trojanSource === null)("the suite is not beside this repository", () => {
  console.warn("no trojan-source suite beside the repository: its tests are left out");
});
