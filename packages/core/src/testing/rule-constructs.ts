/** Constructs of rules beyond those that every backend carried out from the start, by their text. */

const patterns: readonly (readonly [string, RegExp])[] = [
  ["shared entity", /^entity \w+ shared /m],
  ["through a reference to what is shared", /\.tariff\.\w/],
  ["floor", /^floor /m],
  ["share", /^share /m],
  [
    "precondition of a grant",
    /^(?:permit|share) .*(?:\n {2}.+)*?\n {2}with .*\b(?:reason|step_up|approval)\b/m,
  ],
  ["approval", /\bapproval\b(?! from)/],
  ["approval within", /\bapproval\([^)]*within/],
  ["limit", /\blimit\(/],
  ["limit by", /\blimit\([^)]*by: /],
  ["audit", /\baudit\b/],
  ["notify", /\bnotify\(/],
  ["mask partial first", /partial\(first: /],
  ["mask partial last", /partial\(last: /],
  ["mask bucket", /, bucket\(/],
  ["mask month", /, month\)/],
  ["mask year", /, year\)/],
  ["mask token", /, token\)/],
  ["mask hash", /, hash\)/],
];

/** All names that {@link ruleConstructsOfText} can give. */
export const ruleConstructs: readonly string[] = patterns.map(([name]) => name);

/** The constructs in the texts of one case. */
export function ruleConstructsOfText(...texts: readonly string[]): ReadonlySet<string> {
  // What strings hold must not look like a construct.
  const bare = texts.join("\n").replaceAll(/"(?:[^"\\\r\n]|\\.)*"/g, '""');
  return new Set(patterns.filter(([, pattern]) => pattern.test(bare)).map(([name]) => name));
}
