/** Constructs of conditions beyond those that every backend carries out, by their text. */

const condition = String.raw`(?:^ {2}(?:when|unless)|^let).*`;
const row = "(?:resource|prior|next)";

const patterns: readonly (readonly [string, RegExp])[] = [
  ["fact of type Ip", /: Ip\b/],
  ["fact of type Date", /: Date\b/],
  ["fact of type Time", /: Time\b/],
  ["fact of type Weekday", /: Weekday\b/],
  ["set among the context's facts", /^ {2}(?:scopes|origins): Set</m],
  ["in a network", new RegExp(`${condition}(?<!not) in [0-9a-fA-F:.]+/`, "m")],
  ["not in a network", new RegExp(`${condition} not in [0-9a-fA-F:.]+/`, "m")],
  ["networks in a list", new RegExp(`${condition} in \\[[^\\]]*/[^\\]]*\\]`, "m")],
  ["address compared", /[!=]= (?:\d+\.\d+\.\d+\.\d+|[0-9a-f:]*::)/],
  ["day compared", /[!=<>]=? \d{4}-\d\d-\d\d(?!T)/],
  ["time compared", /[!=<>]=? \d\d:\d\d(?!\.\.)/],
  ["in a range of times", /(?<!not) in \d\d:\d\d\.\./],
  ["not in a range of times", / not in \d\d:\d\d\.\./],
  ["range around midnight", /22:00\.\.06:00/],
  ["ranges in a list", / in \[\d\d:\d\d\.\./],
  ["now moved back", /\bnow - \d/],
  ["now moved on", /\bnow \+ \d/],
  ["clock.time", /\bclock\.time\b/],
  ["clock.hour", /\bclock\.hour\b/],
  ["clock.weekday", /\bclock\.weekday\b/],
  ["trusting clock", /\btrusting (?:\w+, )*clock\b/],
  ["starts_with", /\.starts_with\(/],
  ["ends_with", /\.ends_with\(/],
  [
    "contains of a text",
    new RegExp(`${condition}\\.(?!words|topics|scopes|origins|roles)\\w+\\.contains\\(`, "m"),
  ],
  ["text with a fact as argument", /\.(?:starts_with|ends_with)\((?:principal|context|tenant)\./],
  ["is_empty", /\.is_empty\b/],
  ["through a reference", new RegExp(`${row}\\.(?:place|other)\\.\\w`)],
  ["through two references", new RegExp(`${row}\\.(?:place|other)\\.(?:place|other)\\.\\w`)],
  ["through a reference of the principal", /principal\.home\.\w/],
  ["has behind a reference", new RegExp(`has (?:${row}\\.(?:place|other)|principal\\.home)\\.\\w`)],
  ["fallback behind a reference", new RegExp(`${row}\\.(?:place|other)\\.[\\w.]+ \\?\\? `)],
  ["enum after ??", / \?\? (?!true|false)[a-z_]+\b(?!-)/],
  ["group behind a reference", new RegExp(` in (?:${row}\\.(?:place|other)|principal\\.home)\\.\\w`)],
  ["set behind a reference", /\.(?:place|other|home)\.(?:words|topics)\.(?:contains|is_empty)/],
];

/** All names that {@link wholeConstructsOfText} can give. */
export const wholeConstructs: readonly string[] = patterns.map(([name]) => name);

/** The constructs in the texts of one case. */
export function wholeConstructsOfText(...texts: readonly string[]): ReadonlySet<string> {
  // What strings hold must not look like a construct.
  const bare = texts.join("\n").replaceAll(/"(?:[^"\\\r\n]|\\.)*"/g, '""');
  return new Set(patterns.filter(([, pattern]) => pattern.test(bare)).map(([name]) => name));
}
