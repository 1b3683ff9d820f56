/** The names of a project are gathered anew only where something changed, and are then those that all texts have. */
import { withFiles, withTexts, type Project } from "@wardline/compiler/project";
import { expect, test } from "vitest";
import { symbolIndex } from "../src/symbols/symbol-index.ts";
import { snapshotOf } from "../src/workspace/snapshot.ts";
import { exampleProject } from "./named-projects.ts";

const project = exampleProject();
const [first, second] = [...project.tenants.values()].map(({ name }) => name) as [string, string];

/** All that is known of the names, of texts of which nothing is known yet or as it is kept. */
function gathered(of: Project) {
  const { model: _, symbols, inFile, of: places } = symbolIndex(snapshotOf(of));
  const { files } = snapshotOf(of);
  return {
    symbols: [...symbols],
    inFile: files.map((file) => [file, inFile(file)]),
    places: [...symbols.keys()].map((key) => [key, places(key)]),
  };
}

test("what one tenant changed leaves the names of the others as they are", () => {
  const before = symbolIndex(snapshotOf(project));
  const [one] = before.inFile(second);
  const text = [...project.tenants.values()][0]?.text ?? "";
  const edited = withTexts(project, new Map([[first, `${text}\nrole night_nurse\n`]]));
  const after = symbolIndex(snapshotOf(edited));
  expect(one).toBeDefined();
  expect(after.inFile(second)[0]).toBe(one);
  expect(after.inFile(first).length).toBe(before.inFile(first).length + 1);
  expect(gathered(edited)).toEqual(gathered(withFiles(edited, (file) => ({ ...file }))));
});

test.each(["model", "platform", "packs"] as const)("what changes in the %s counts for all", (kind) => {
  gathered(project);
  const file = [project[kind] ?? []].flat()[0];
  const text = (file?.text ?? "").replaceAll(/\b(owner|guarded|archived_projects|budget)\b/g, "$1_zq");
  expect(text).not.toBe(file?.text);
  const edited = withTexts(project, new Map([[file?.name ?? "", text]]));
  expect(gathered(edited)).toEqual(gathered(withFiles(edited, (one) => ({ ...one }))));
});
