/** The tokens of a text as the grammar sees them. */
import { tokenize } from "../../src/index.ts";
import type { Sign } from "./ebnf.ts";

const tokenNames: Readonly<Record<string, string>> = {
  Identifier: "IDENTIFIER",
  Type: "TYPE",
  Class: "CLASS",
  Text: "STRING",
  Int: "INT",
  Decimal: "DECIMAL",
  Version3: "VERSION3",
  Duration: "DURATION",
  Period: "PERIOD",
  Time: "TIME",
  DateLiteral: "DATE",
  Instant: "INSTANT",
  Uuid: "UUID",
  Ipv4: "IPV4",
  Ipv6: "IPV6",
};

export const signsOf = (text: string): Sign[] =>
  tokenize({ name: "x", text }).tokens.map(({ image, tokenType }) => ({
    text: image,
    token: tokenNames[tokenType.name] ?? null,
  }));

/** The token rules of the grammar, with texts of each. */
export const tokenTexts: Readonly<Record<string, readonly string[]>> = {
  IDENTIFIER: ["a", "own_branch", "x1", "permits"],
  TYPE: ["Book", "B2", "Permit"],
  CLASS: ["#private", "#a_1"],
  STRING: ['""', '"a \\"b\\" \\\\ c"', '"größe"'],
  INT: ["0", "7", "1_000"],
  DECIMAL: ["0.5", "10_000.00", "1.10"],
  VERSION3: ["1.2.3", "0.0.01"],
  DURATION: ["15m", "1_0us", "0ms", "2w"],
  PERIOD: ["18mo", "6y"],
  TIME: ["00:00", "23:59"],
  DATE: ["2026-01-05", "2024-02-29"],
  INSTANT: ["2026-01-05T12:00Z", "2026-01-05T12:00:30.123456+02:00"],
  UUID: ["123e4567-e89b-12d3-a456-426614174000", "00000000-0000-0000-0000-00000000000A"],
  IPV4: ["10.0.0.1", "10.0.0.0/8"],
  IPV6: ["::", "::1/128", "2001:db8::/32", "1:2:3:4:5:6:7:8", "fe80::1", "::ffff:10.0.0.1"],
};
