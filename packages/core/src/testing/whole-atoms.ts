/** Questions beyond those that every backend carries out: networks, ranges of times, a moved now, texts, empty sets. */
import { needsOf, pathWhere, someLiteral, type AtomText, type Maker } from "./atom-parts.ts";
import type { Random } from "../search/random.ts";
import type { PathInfo, Scope } from "./scope.ts";

export const wholeMakers: readonly (readonly [Maker, number])[] = [
  [network, 12],
  [timeRange, 10],
  [movedNow, 10],
  [textHeld, 14],
  [emptiness, 6],
  [presenceBehind, 8],
];

const networks = [
  "10.20.0.0/16",
  "10.0.0.0/8",
  "10.20.3.4",
  "0.0.0.0/0",
  "::/0",
  "2001:db8::/32",
  "::ffff:192.0.2.0/120",
  "2001:DB8::1",
];

function network(random: Random, scope: Scope): AtomText | undefined {
  const path = pathWhere(random, scope, (p) => p.type.kind === "ip");
  if (path === undefined) return undefined;
  const fallback = path.optional && random.chance(0.3) ? ` ?? ${random.pick(["10.20.9.9", "::1"])}` : "";
  const of = random.chance(0.4)
    ? random.pick(networks)
    : `[${random.some(networks, random.between(1, 4)).join(", ")}]`;
  const needs = fallback === "" ? needsOf(path) : [];
  return { text: `${path.text}${fallback} ${random.pick(["in", "in", "not in"])} ${of}`, needs };
}

const ranges = ["22:00..06:00", "06:00..22:00", "00:00..12:30", "12:30..00:00", "05:59..06:00"];

function timeRange(random: Random, scope: Scope): AtomText | undefined {
  const path = pathWhere(random, scope, (p) => p.type.kind === "time");
  if (path === undefined) return undefined;
  const of = random.chance(0.7)
    ? random.pick(ranges)
    : `[${[...random.some(ranges, 2), ...random.some(["12:30", "22:00"], random.between(0, 1))].join(", ")}]`;
  return { text: `${path.text} ${random.pick(["in", "in", "not in"])} ${of}`, needs: needsOf(path) };
}

function movedNow(random: Random, scope: Scope): AtomText | undefined {
  const op = random.pick(["<", "<=", ">", ">=", "==", "!="]);
  const moved = `now ${random.pick(["-", "+"])} ${random.pick(["1us", "5m", "30d", "104249d", "0s", "2w"])}`;
  const path = random.chance(0.8) ? pathWhere(random, scope, (p) => p.type.kind === "instant") : undefined;
  const other = path?.text ?? someLiteral(random, scope, { kind: "instant" });
  if (other === undefined) return undefined;
  const needs = path === undefined ? [] : needsOf(path);
  if (random.chance(0.15)) return { text: `${moved} in [${other}]`, needs };
  return { text: random.chance(0.5) ? `${moved} ${op} ${other}` : `${other} ${op} ${moved}`, needs };
}

/** Of what is known before any row. */
const isKnown = ({ text }: PathInfo) => /^(?:principal|context|tenant)\./.test(text);

function textHeld(random: Random, scope: Scope): AtomText | undefined {
  const path = pathWhere(random, scope, (p) => p.type.kind === "string");
  if (path === undefined) return undefined;
  const method = random.pick(["starts_with", "ends_with", "contains"]);
  const other = random.chance(0.35)
    ? pathWhere(random, scope, (p) => p.type.kind === "string" && isKnown(p) && p.text !== path.text)
    : undefined;
  const part =
    other?.text ??
    random.pick([
      '""',
      '"a"',
      '"😀"',
      '"%"',
      '"_b"',
      '"\\\\"',
      someLiteral(random, scope, { kind: "string" }),
    ]);
  if (part === undefined) return undefined;
  const needs = [...needsOf(path), ...(other === undefined ? [] : needsOf(other))];
  return { text: `${path.text}.${method}(${part})`, needs };
}

function emptiness(random: Random, scope: Scope): AtomText | undefined {
  const path = pathWhere(random, scope, (p) => p.type.kind === "set");
  return path === undefined ? undefined : { text: `${path.text}.is_empty`, needs: needsOf(path) };
}

/** `has` of a path that may be absent at any of its steps. */
function presenceBehind(random: Random, scope: Scope): AtomText | undefined {
  const path = pathWhere(random, scope, (p) => p.hops > 0 && needsOf(p).length > 0);
  return path === undefined ? undefined : { text: `has ${path.text}`, needs: [] };
}
