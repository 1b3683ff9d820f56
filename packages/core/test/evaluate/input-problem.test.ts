import { expect, test } from "vitest";
import { evaluate, inputProblems } from "../../src/index.ts";
import { libraryProgram, libraryRequest } from "../../src/testing/library-program.ts";
import { randomFrom } from "../../src/testing/index.ts";

type Json = Record<string, unknown>;

test("a proper request has none", () => {
  expect(inputProblems(libraryProgram, libraryRequest)).toEqual([]);
});

test.each<[string, (request: Json) => void, string, string]>([
  ["no action", (r) => delete r["action"], "action.name", "expected a name, found nothing"],
  [
    "an unknown action",
    (r) => (r["action"] = { name: "burn" }),
    "action.name",
    "the model has no `burn` by `Member` on `Book`",
  ],
  [
    "a number for a decimal",
    (r) => (attributes(r)["price"] = 5),
    "resource.attributes.price",
    "expected Decimal(6, 2), a string with 2 digits after the point, found another number",
  ],
  [
    "a missing enum",
    (r) => delete attributes(r)["shelf"],
    "resource.attributes.shelf",
    'expected one of "open", "closed", found nothing',
  ],
  [
    "a set that is no list",
    (r) => (attributes(r)["tags"] = "x"),
    "resource.attributes.tags",
    "expected a list of String, found another string",
  ],
  [
    "a short instant",
    (r) => (r["now"] = "2026-01-05T12:00:00Z"),
    "now",
    "expected an Instant, a string YYYY-MM-DDTHH:MM:SS.ffffffZ, found another string",
  ],
])("%s", (_, damage, path, problem) => {
  const request = structuredClone(libraryRequest) as unknown as Json;
  damage(request);
  expect(inputProblems(libraryProgram, request)).toContainEqual({ path, problem });
});

function attributes(request: Json): Json {
  return (request["resource"] as Json)["attributes"] as Json;
}

test("there are some exactly when the oracle answers invalid_input", () => {
  const random = randomFrom(20_261_123);
  const junk = [undefined, null, 1, "x", true, [], {}, [1], { from: 1 }];
  for (let round = 0; round < 2000; round += 1) {
    const request = structuredClone(libraryRequest) as unknown as Json;
    let at: Json = request;
    for (let depth = 0; depth < 4; depth += 1) {
      const keys = Object.keys(at);
      const key = keys[random.below(keys.length)];
      if (key === undefined) break;
      const inner = at[key];
      if (
        depth < 3 &&
        typeof inner === "object" &&
        inner !== null &&
        !Array.isArray(inner) &&
        random.below(3) > 0
      )
        at = inner as Json;
      else {
        at[key] = junk[random.below(junk.length)];
        break;
      }
    }
    const invalid = evaluate(libraryProgram, request).reason === "invalid_input";
    expect([JSON.stringify(request), inputProblems(libraryProgram, request).length > 0]).toEqual([
      JSON.stringify(request),
      invalid,
    ]);
  }
});
