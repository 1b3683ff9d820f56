/** Asserts in words: needles that the search finds, and promises that are kept. */
import { assertViolated } from "@wardline/core";
import { searchAssert } from "@wardline/core/search";
import { expect, test } from "vitest";
import { compileLibrary } from "../check/library.ts";

const rules = `
permit read_own: reader to read, list Book
  when not resource.lost and resource.price < 1_234.56
permit guarding: librarian to read, update Book
  when guards(principal, resource)
permit desk: cashier to read Book
  when resource.tags.contains("desk") and principal.level >= 3
  with hide(note), mask(title, initials)
permit house: director to act on anything
  when context.mfa
forbid lent: anyone to remove Book
  unless has resource.keeper and resource.keeper == principal
require dear: step_up(mfa, within: 5m) for anyone to update Book
  when resource.price >= 100.00
`;

function search(assert: string, platform?: string) {
  const { analysis, asserts, findings } = compileLibrary({
    policy: `${rules}\nassert a: ${assert}\n`,
    ...(platform === undefined ? {} : { platform }),
  });
  const [lowered] = asserts;
  if (analysis === null || lowered === undefined)
    return expect.fail(findings.map((found) => found.message).join("; "));
  const found = searchAssert(analysis, lowered, { seed: 1 });
  if (found.counterexample !== null)
    expect(assertViolated(analysis, lowered, found.counterexample)).toBe(true);
  return found;
}

test.each([
  "never permit reader to read Book",
  "never permit reader to read Book when resource.price == 1_234.55",
  "never permit anyone to read Book when resource.lost",
  "never permit cashier to read Book when principal.level == 3",
  'never permit cashier to read Book when resource.tags.contains("desk") and resource.tags.contains("gold")',
  "never permit anyone to update Book when resource.price >= 100.00",
  "never permit anyone to update Book when prior.price < 10.00 and next.price == 99.99",
  "never permit anyone to remove Book when has prior.keeper and prior.keeper == principal",
  "never permit anyone to read Book except read_own, desk, house",
  "always permit librarian to read Book",
  "always permit librarian to read Book when guards(principal, resource)",
  "always permit director to remove Book when context.mfa",
  "never show Book.note to anyone",
  "never show Book.title to cashier",
])("broken, and found out: %s", (assert) => {
  expect(search(assert).counterexample).not.toBeNull();
});

test.each([
  "never permit reader to update Book unless principal.level >= 0",
  "never permit cashier to update Book unless guards(principal, resource) or context.mfa",
  "never permit anyone to read Book when principal.tenant != resource.tenant",
  "never permit anyone to remove Book unless has prior.keeper",
  "never permit Scanner to read Book",
  "never permit anyone to read Book except read_own, guarding, desk, house",
  "always permit director to read Book when context.mfa and principal.tenant == resource.tenant",
])("kept, as far as the search can say: %s", (assert) => {
  expect(search(assert)).toMatchObject({ counterexample: null });
});

test("what no ceiling lets through is permitted to nobody", () => {
  const closed = "platform for library\nceiling reads: anyone to read, list Book when context.mfa\n";
  expect(search("never permit anyone to act on Book unless context.mfa", closed).counterexample).toBeNull();
  expect(search("never permit anyone to act on Book", closed).counterexample).not.toBeNull();
});
