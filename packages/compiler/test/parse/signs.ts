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
