/** The language's samples, where they are at hand: nothing in them is an error. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { compile } from "../../src/index.ts";
import { compileLibrary } from "./library.ts";

const folders = ["../../../../../", "../../../../../../"].map(
  (up) => new URL(`${up}shared/design/samples/`, import.meta.url),
);
const folder = folders.find((url) => existsSync(url));
const samples =
  folder !== undefined
    ? readdirSync(folder).map((name) => ({ name, text: readFileSync(new URL(name, folder), "utf8") }))
    : [];
const beginningWith = (word: string) => samples.find((source) => source.text.startsWith(`${word} `));

test.skipIf(samples.length === 0)("the samples give no error", () => {
  const model = beginningWith("model") ?? expect.fail("no model");
  const platform = beginningWith("platform") ?? expect.fail("no platform file");
  const policy = beginningWith("policy") ?? expect.fail("no policy");
  const tenant = /^policy (\w+) /.exec(policy.text)?.[1] ?? expect.fail("no tenant");
  const packs = samples.filter((source) => source.text.startsWith("pack "));
  const { findings } = compile({ model, platform: [platform], policy, tenant, packs });
  expect(findings.filter((found) => found.severity === "error")).toEqual([]);
});

const samplePack = `pack guide 1.2

parameter secret: class
parameter idle: Duration(..15m) = 15m

@control("9.4")
require sealed: encrypt(secret)

require fresh: step_up(mfa, within: idle) for anyone to update anything touching secret
`;

const samplePolicy = `policy north for library

use guide 1.2 {
  secret: #secret
  idle: 15m
}

settings {
  timezone: "Europe/Berlin"
  session: { idle: 15m, longest: 8h }
}

/// Those who sit at the door.
role desk extends reader

let same_branch = principal in resource.branch

permit own_branch: librarian, desk to read, list, update Book
  when same_branch
  with hide(price)

permit guarding: librarian to read, update Book, Loan
  when not resource.lost

permit tills: cashier to read, list Book
  with hide(note), mask(title, initials)

permit branch_export: director to list Book
  when context.address in 10.20.0.0/16 and principal.level >= 3
  with limit(20, per: day, by: principal)

forbid night_freeze: anyone except librarian to change Book
  when clock.time in 22:00..06:00
  because "Books are frozen between 22:00 and 06:00"

require dear: step_up(mfa, within: 5m) for anyone to update Book
  when resource.price >= 10_000.00

require why: reason for anyone to read Book
  when resource.lost

forbid unattended: anyone to remove Book
  unless has resource.keeper and resource.keeper == principal

test "a cashier sees the price" {
  let bo = Member { roles: [cashier] }
  expect deny bo to update Book { } as not_granted
}
`;

test("a policy of the samples' shape gives nothing", () => {
  const { findings } = compileLibrary({ policy: samplePolicy, packs: [samplePack] });
  expect(findings).toEqual([]);
});
