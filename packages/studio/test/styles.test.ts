/** Style sheets load with their screens and stay: none may style what another screen or the shell styles too. */
import { globSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";

const src = fileURLToPath(new URL("../src/", import.meta.url));
/** The colours that are forced are those of all screens, and in one sheet that is always there. */
const sheets = globSync("**/*.css", { cwd: src }).filter((name) => name !== "style/forced-colors.css");

/** The first class of each selector, such as `card` of `.card > .head`. */
function firstClasses(sheet: string): ReadonlySet<string> {
  const text = readFileSync(src + sheet, "utf8").replaceAll(/\/\*.*?\*\//gs, "");
  const selectors = [...text.matchAll(/([^{};]+)\{/g)].flatMap(([, list = ""]) => list.split(","));
  return new Set(selectors.flatMap((selector) => /^\s*\.([\w-]+)(?!\.|[\w-])/.exec(selector)?.[1] ?? []));
}

test("no two style sheets style the same class", () => {
  expect(sheets.length).toBeGreaterThan(8);
  const owners = new Map<string, string[]>();
  for (const sheet of sheets)
    for (const name of firstClasses(sheet)) owners.set(name, [...(owners.get(name) ?? []), sheet]);
  expect(owners.get("card")).toHaveLength(1);
  expect([...owners].filter(([, of]) => of.length > 1)).toEqual([]);
});

/** The classes that the elements of a file bear. */
function bornClasses(file: string): readonly string[] {
  const attributes = readFileSync(src + file, "utf8").matchAll(/className=(?:"([^"]*)"|\{`([^`]*)`\})/g);
  return [...attributes].flatMap(
    ([, plain = "", pattern = ""]) =>
      `${plain} ${pattern.replaceAll(/[\w-]*\$\{[^}]*\}/g, " ")}`.match(/[\w-]+/g) ?? [],
  );
}

test("what the sheet of one screen styles no element of another screen bears", () => {
  const rooms = globSync("screens/*/", { cwd: src });
  expect(rooms.length).toBeGreaterThan(5);
  const found = rooms.flatMap((room) => {
    const own = new Set(
      globSync(`${room}/**/*.css`, { cwd: src }).flatMap((sheet) => [...firstClasses(sheet)]),
    );
    const foreign = globSync("screens/**/*.tsx", { cwd: src }).filter((file) => !file.startsWith(`${room}/`));
    return foreign.flatMap((file) => {
      const taken = bornClasses(file).filter((name) => own.has(name));
      return taken.map((name) => `${file} bears .${name}, which ${room} styles`);
    });
  });
  expect(found).toEqual([]);
});
