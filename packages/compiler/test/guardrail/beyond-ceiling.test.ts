/** Grants beyond a ceiling's condition: said only of what was tried and refused. */
import { compile } from "../../src/index.ts";
import { describe, expect, test } from "vitest";
import { libraryModel } from "../check/library.ts";

function beyond(ceilings: string, policy: string) {
  const platform = { name: "platform.ward", text: `platform for library\n${ceilings}\n` };
  const own = { name: "north.ward", text: `policy north for library\n${policy}\n` };
  const model = { name: "library.ward", text: libraryModel };
  const { program, findings } = compile({
    model,
    platform: [platform],
    policy: own,
    tenant: "north",
    lints: {},
  });
  expect(program).not.toBeNull();
  return findings
    .filter((found) => found.code === "guardrail/beyond-ceiling")
    .map((found) => ({
      ...found,
      at: [platform, own]
        .find((file) => file.name === found.labels[0].span.file)
        ?.text.slice(found.labels[0].span.start, found.labels[0].span.end),
    }));
}

const mfa = "ceiling c: anyone to read, list Book when context.mfa";

test("a grant without the ceiling's condition is named, with a request that was tried", () => {
  const [found, ...more] = beyond(mfa, "permit a: director to read, list Book when resource.pages > 4_998");
  expect(more).toEqual([]);
  expect(found?.at).toBe("read");
  expect(found?.message).toBe("`a` grants `read` of `Book` beyond the ceiling");
  expect(found?.labels[0].message).toBe("the platform allows it only when `context.mfa`");
  expect(found?.note).toMatch(
    /^found by trying it: Member ".+" with director, context\.mfa false, resource\.pages (?:4999|5000), and it is not granted$/,
  );
});

describe("nothing is said", () => {
  test.each([
    ["where the grant has the condition", mfa, "permit a: reader to read Book when context.mfa"],
    ["where it is narrower", mfa, "permit a: reader to read Book when context.mfa and resource.lost"],
    [
      "where it means the same in other words",
      "ceiling c: anyone to read Book when resource.pages < 10",
      "permit a: reader to read Book when resource.pages < 5",
    ],
    [
      "where one of several ceilings covers it",
      `${mfa}\nceiling d: director to read Book`,
      "permit a: director to read Book",
    ],
    [
      "where the ceilings cover it together",
      `${mfa}\nceiling d: anyone to read Book unless context.mfa`,
      "permit a: reader to read Book",
    ],
    [
      "where a floor grants what the ceiling does not",
      `${mfa}\nfloor f: director to read Book`,
      "permit a: director to read Book",
    ],
    [
      "where the platform forbids it",
      `${mfa}\nforbid f: anyone to read Book unless context.mfa`,
      "permit a: reader to read Book",
    ],
  ])("%s", (_, ceilings, policy) => {
    expect(beyond(ceilings, policy)).toEqual([]);
  });
});

test("an update is tried with both rows", () => {
  const ceiling = "ceiling c: anyone to update Book when prior.pages <= next.pages";
  expect(beyond(ceiling, "permit a: director to update Book")).toHaveLength(1);
  expect(beyond(ceiling, "permit a: director to update Book when next.pages >= prior.pages")).toEqual([]);
});

test("shares stay below the ceiling too", () => {
  const [found] = beyond(`${mfa}\nshare s: auditor to read Book`, "");
  expect(found?.message).toBe("`s` grants `read` of `Book` beyond the ceiling");
  expect(found?.note).toContain("with auditor, context.mfa false");
});

test("where several ceilings hold, or a long one, none is quoted", () => {
  const [two] = beyond(
    `${mfa}\nceiling d: anyone to read Book when resource.lost`,
    "permit a: director to read Book",
  );
  expect(two?.labels[0].message).toBe("the ceilings allow less");
});
