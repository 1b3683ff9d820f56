/** A tenant's policy with as many rules as one may have, over a model of sixty types: about 1,700 lines. */
import { editorTexts, nameOf, type EditorTexts } from "./texts.ts";

const types = 60;
/** A policy has 500 statements at the most: eight rules of each type, lets, settings and some tests. */
const tests = 15;

export function fullPolicy(): EditorTexts {
  const { model, platform } = editorTexts(types * 44);
  const names = Array.from({ length: types }, (_, index) => nameOf(index));
  const text = [head, ...names.map(rulesText), ...names.slice(0, tests).map(testText)].join("");
  const policy = { name: "north.ward", text };
  const lines = [model, platform, policy].reduce((sum, one) => sum + one.text.split("\n").length, 0);
  return { model, platform, policy, lines };
}

const head = `policy north for library

let near(place) = principal in place
let office = context.address in 10.20.0.0/16

settings {
  timezone: "Europe/Berlin"
}
`;

const lower = (name: string) => name.replaceAll(/([a-z])([A-Z])/g, "$1_$2").toLowerCase();

function rulesText(name: string, index: number): string {
  const low = lower(name);
  return `
/// Who reads each ${low}.
permit ${low}_read: reader to read, list ${name}
  when near(resource.branch)
  with mask(card, redact)

permit ${low}_keep: reader to read ${name}
  when ${low}_keeper(principal, resource)

permit ${low}_work: librarian to change ${name}
  when resource.pages < ${500 + index}

permit ${low}_out: librarian to export ${name}
  when office

permit ${low}_pay: cashier to read, update ${name}
  when resource.state == open

forbid ${low}_lost: cashier to update ${name}
  when prior.fee > 99.50
  because "Too much for a ${low}"

forbid ${low}_night: anyone to export ${name}
  unless clock.time in 07:00..20:00
  because "By day alone"

require ${low}_why: reason for librarian to delete ${name}
`;
}

function testText(name: string): string {
  const low = lower(name);
  return `
test "${low}" {
  let ann = Member { roles: [reader], in: [Branch "b"] }
  let one = ${name} { branch: Branch "b", state: open }
  expect permit ann to read one by ${low}_read
}
`;
}
