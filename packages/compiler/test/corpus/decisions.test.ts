/** `grammar/corpus/decisions`: a folder a case, and what is decided on its requests. A new case needs no code. */
import { evaluate } from "@wardline/core";
import { caseRequests } from "@wardline/core/testing";
import { describe, expect, test } from "vitest";
import { caseFolders, compileCase, strays } from "./case-folder.ts";
import type { CaseFolder } from "./case-folder.ts";
import { describeFindings } from "./describe-finding.ts";

const folders = caseFolders("decisions");
const requestsOf = ({ files }: CaseFolder) =>
  caseRequests(files.get("requests.json") ?? expect.fail("a case of decisions has a requests.json"));

describe.each(folders)("$name", (folder) => {
  const requests = requestsOf(folder);
  const { program, findings, sources } = compileCase(folder);

  test("the decisions are those that are written down", async () => {
    if (program === null) expect.fail(describeFindings(sources, findings));
    expect(requests.length).toBeGreaterThan(0);
    const decisions = requests.map(([name, request]) => [name, evaluate(program, request)] as const);
    const text = `${JSON.stringify(Object.fromEntries(decisions), null, 2)}\n`;
    await expect(text).toMatchFileSnapshot(folder.path("decisions.json"));
    // A case of which every request is malformed shows nothing of its policy.
    expect(decisions.some(([, { reason }]) => reason !== "invalid_input")).toBe(true);
  });

  test("every file belongs to the case", () => {
    expect(strays(folder, ["requests.json", "decisions.json"])).toEqual([]);
  });
});

test("the cases decide in every way", () => {
  const outcomes = folders.flatMap((folder) => {
    const { program } = compileCase(folder);
    const requests = requestsOf(folder);
    return program === null ? [] : requests.map(([, request]) => evaluate(program, request).outcome);
  });
  expect(new Set(outcomes)).toEqual(new Set(["permit", "challenge", "deny"]));
});
