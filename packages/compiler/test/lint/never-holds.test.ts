/** Conditions that never hold together are found; those that could are left alone. */
import { describe, expect, test } from "vitest";
import { compileLibrary, underlined } from "../check/library.ts";
import { processorTime } from "@wardline/core/testing";

const rule = (clauses: string) => `permit a: director to read Book ${clauses}`;
const found = (policy: string) => {
  const { findings, files } = compileLibrary({ policy });
  return findings.map((one) => `${one.code} ${underlined(files, one)}`);
};

describe("never", () => {
  test.each([
    ["when resource.genre == law", "resource.genre == science"],
    ["when resource.genre in [law, fiction]", "resource.genre == science"],
    ["when resource.genre == law", "resource.genre != law"],
    ["when resource.genre != law and resource.genre != science", "resource.genre != fiction"],
    ["when resource.genre not in [law, science]", "resource.genre not in [fiction]"],
    ["when resource.lost", "not resource.lost"],
    ["when resource.lost == true", "resource.lost == false"],
    ["when resource.pages > 10", "resource.pages < 5"],
    ["when resource.pages > 10", "resource.pages < 11"],
    ["when resource.pages >= 10 and resource.pages <= 10", "resource.pages != 10"],
    ["when resource.pages > 10", "resource.pages == 3"],
    ["when resource.pages > 10", "resource.pages in [1, 2, 3]"],
    ["when 10 < resource.pages", "5 > resource.pages"],
    ["when resource.price > 10.00", "resource.price < 9.99"],
    ["when resource.price == 10", "resource.price == 10.01"],
    ["when resource.acquired > 2026-01-01T00:00:00Z", "resource.acquired < 2025-01-01T00:00:00Z"],
    ["when resource.loan_time > 2w", "resource.loan_time < 3d"],
    ['when resource.title == "a"', 'resource.title == "b"'],
    ["when not has resource.note", "has resource.note"],
    ['when has resource.note and resource.note == "a"', 'has resource.note and resource.note == "b"'],
    ["when guards(principal, resource)", "not guards(principal, resource)"],
    ['when resource.tags.contains("a")', 'not resource.tags.contains("a")'],
    ["when not (resource.lost or context.mfa)", "context.mfa"],
  ])("%s, when %s", (first, second) => {
    expect(found(rule(`${first}\n  when ${second}`))).toEqual([`lint/never-holds ${second}`]);
  });

  test("in one condition, through a let, and in an `unless`", () => {
    const both = "resource.genre == law and resource.genre == science";
    expect(found(rule(`when ${both}`))).toEqual([`lint/never-holds ${both}`]);
    expect(
      found(`let of_law = resource.genre == law\n${rule("when of_law when resource.genre == science")}`),
    ).toEqual(["lint/never-holds resource.genre == science"]);
    expect(found(rule("when resource.lost unless resource.lost"))).toEqual([
      "lint/never-holds resource.lost",
    ]);
  });

  test("the other condition is shown", () => {
    const { findings } = compileLibrary({
      policy: rule("when resource.lost when context.mfa when not resource.lost"),
    });
    const [{ labels }] = findings as [(typeof findings)[0]];
    expect(labels.map(({ message }) => message)).toEqual([undefined, "this says otherwise"]);
  });

  test("a forbid and a require say so as well", () => {
    expect(found("forbid a: anyone to update Book when prior.lost and not prior.lost")).toEqual([
      "lint/never-holds prior.lost and not prior.lost",
    ]);
    expect(
      found("require a: hide(title) for anyone to read Book when resource.lost when not resource.lost"),
    ).toEqual(["lint/never-holds not resource.lost"]);
  });
});

describe("could be", () => {
  test.each([
    "when resource.genre == law or resource.genre == science",
    "when resource.genre == law when principal.level > 2",
    "when resource.pages > 10 when resource.pages < 12",
    "when resource.pages >= 10 when resource.pages <= 10",
    "when resource.price > 9.99 when resource.price < 10.01",
    "when resource.genre in [law, fiction] when resource.genre != law",
    'when not (has resource.note and resource.note == "a") when not (has resource.note and resource.note == "b")',
    // Absent, it is neither.
    "unless has resource.damaged and resource.damaged unless has resource.damaged and not resource.damaged",
    'when resource.tags.contains("a") when resource.tags.contains("b")',
    "when resource.damaged ?? false when not (resource.damaged ?? true)",
  ])("%s", (clauses) => {
    expect(found(rule(clauses))).toEqual([]);
  });

  test("the row before and the row after differ", () => {
    expect(found("permit a: director to update Book when prior.lost when not next.lost")).toEqual([]);
  });
});

test("a long condition is looked into no further than is quick", () => {
  const long = Array.from({ length: 2000 }, (_, n) => `resource.pages != ${n + 1}`).join(" and ");
  const started = processorTime();
  found(rule(`when ${long}`));
  expect(processorTime() - started).toBeLessThan(2000);
});
