/** The README names every package that comes along, or may be asked for, with its reason; and none that does not. */
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";

const read = (name: string) => readFileSync(new URL(`../${name}`, import.meta.url), "utf8");
const manifest = JSON.parse(read("package.json")) as {
  readonly dependencies: Readonly<Record<string, string>>;
  readonly peerDependencies: Readonly<Record<string, string>>;
  readonly peerDependenciesMeta: Readonly<Record<string, { readonly optional?: boolean }>>;
};

/** The packages in the table of a part, and those of them without a reason. */
function table(part: string): { readonly names: readonly string[]; readonly bare: readonly string[] } {
  const [, text = ""] =
    new RegExp(`^## ${part}\n([^]*?)(?=^## |$(?![^]))`, "m").exec(read("README.md")) ?? [];
  const rows = [...text.matchAll(/^\| `([^`]+)` \| (.*) \|$/gm)];
  return {
    names: rows.map(([, name]) => name as string).toSorted(),
    bare: rows.filter(([, , reason = ""]) => reason.split(" ").length < 4).map(([, name]) => name as string),
  };
}

test("every dependency has its reason", () => {
  const { names, bare } = table("Dependencies");
  expect(names).toEqual(Object.keys(manifest.dependencies).toSorted());
  expect(bare).toEqual([]);
});

test("every peer is optional, and has its reason", () => {
  const { names, bare } = table("Optional");
  expect(names).toEqual(Object.keys(manifest.peerDependencies).toSorted());
  expect(names).toEqual(Object.keys(manifest.peerDependenciesMeta).toSorted());
  expect(Object.values(manifest.peerDependenciesMeta).filter(({ optional }) => optional !== true)).toEqual(
    [],
  );
  expect(bare).toEqual([]);
});

test("the list stays short", () => {
  expect(Object.keys(manifest.dependencies).length).toBeLessThanOrEqual(8);
});
