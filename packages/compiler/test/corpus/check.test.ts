/** `grammar/corpus/check`: a folder a case, and what is found in its texts. A new case needs no code. */
import { describe, expect, test } from "vitest";
import { caseFolders, compileCase, strays } from "./case-folder.ts";
import { describeFindings } from "./describe-finding.ts";

const folders = caseFolders("check");

describe.each(folders)("$name", (folder) => {
  test("the findings are those that are written down", async () => {
    const { findings, sources, program } = compileCase(folder);
    const errors = findings.some(({ severity }) => severity === "error");
    expect(program === null).toBe(errors);
    await expect(describeFindings(sources, findings)).toMatchFileSnapshot(folder.path("findings.txt"));
  });

  test("every file belongs to the case", () => {
    expect(strays(folder, ["findings.txt"])).toEqual([]);
  });
});

test("there are cases", () => {
  expect(folders.length).toBeGreaterThan(25);
});
