/**
 * Addresses in canonical form: IPv4 without leading zeros, IPv6 as RFC 5952 §4 writes it, and no IPv4 inside IPv6
 * (RFC 4291 §2.5.5.2). What is not canonical is no value, so that equal addresses are equal texts.
 */
import type { Functions } from "./functions.ts";
import { rule } from "./text.ts";

export function ipGuard(functions: Functions): string {
  functions.need("groups", groups);
  functions.need("zeros", zeros);
  return functions.need("is_ip", isIp);
}

const octet = "(25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9]?[0-9])";
const group = "(0|[1-9a-f][0-9a-f]{0,3})";
const some = `(${group}(:${group})*)?`;

const groups = [
  "# How many groups a part of an address has",
  rule('groups(text) := count(split(text, ":"))', ['text != ""']),
  "",
  rule("groups(text) := 0", ['text == ""']),
].join("\n");

const zeros = `# So many groups of zero between colons
zeros(length) := concat("", [substring(":0:0:0:0:0:0:0:0:0", 0, length * 2), ":"])`;

const isIp = [
  "# Ip: an address as RFC 5952 writes it; one of IPv4 always as such",
  rule("is_ip(value)", ["is_string(value)", `regex.match(\`^${octet}([.]${octet}){3}$\`, value)`]),
  "",
  rule("is_ip(value)", [
    "is_string(value)",
    `regex.match(\`^${group}(:${group}){7}$\`, value)`,
    'not contains(concat("", [":", value, ":"]), zeros(2))',
  ]),
  "",
  "# The colons stand for the first of the longest runs of zeros, two at least",
  rule("is_ip(value)", [
    "is_string(value)",
    `regex.match(\`^${some}::${some}$\`, value)`,
    "not regex.match(`^::ffff(:[0-9a-f]{1,4}){2}$`, value)",
    'halves := split(value, "::")',
    "run := 8 - (groups(halves[0]) + groups(halves[1]))",
    "run >= 2",
    'halves[0] != "0"',
    'not endswith(halves[0], ":0")',
    'halves[1] != "0"',
    'not startswith(halves[1], "0:")',
    'not contains(concat("", [":", halves[0], ":"]), zeros(run))',
    'not contains(concat("", [":", halves[1], ":"]), zeros(run + 1))',
  ]),
].join("\n");
