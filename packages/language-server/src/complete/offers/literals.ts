/** Values of a type: those that have names, and literals as snippets to be filled in. */
import { maxInt, type ValueType } from "@wardline/core";
import type { Offer } from "../item.ts";

/** A literal of each type whose values are not named. */
const samples = {
  string: ['"…"', '"${1:text}"'],
  duration: ["15m", "${1:15m}"],
  date: ["2026-01-31", "${1:2026-01-31}"],
  instant: ["2026-01-31T12:00:00Z", "${1:2026-01-31T12:00:00Z}"],
  time: ["12:00", "${1:12:00}"],
  ip: ["192.0.2.1", "${1:192.0.2.1}"],
  uuid: ["00000000-0000-4000-8000-000000000000", "${1:00000000-0000-4000-8000-000000000000}"],
} as const;

/** The values of an enum, which have names. */
export function enumOffers({
  name,
  values,
}: Extract<ValueType, { readonly kind: "enum" }>): readonly Offer[] {
  return values.map((label): Offer => ({ label, kind: "value", rank: 0, detail: name, owner: name }));
}

/** A literal of a type; none of a type whose values have names. */
export function literalOffers(type: ValueType, rank = 2): readonly Offer[] {
  const offer = (label: string, snippet: string): readonly Offer[] => [
    { label, kind: "literal", rank, snippet, detail: "a literal" },
  ];
  switch (type.kind) {
    case "bool":
      return [];
    case "enum":
    case "entity":
      return [];
    case "set":
      return [];
    case "int": {
      const sample = type.min > 0 && type.min !== -maxInt ? type.min : Math.min(1, type.max);
      return offer(String(sample), `\${1:${sample}}`);
    }
    case "decimal": {
      const sample = type.scale === 0 ? "1" : `1.${"0".repeat(type.scale)}`;
      return offer(sample, `\${1:${sample}}`);
    }
    case "string":
    case "duration":
    case "date":
    case "instant":
    case "time":
    case "ip":
    case "uuid": {
      const [label, snippet] = samples[type.kind];
      return offer(label, snippet);
    }
  }
}

/** What stands after `in` for values that come in ranges and networks. */
export function rangeOffers(type: ValueType): readonly Offer[] {
  if (type.kind === "ip")
    return [
      { label: "10.0.0.0/8", kind: "literal", rank: 0, snippet: "${1:10.0.0.0/8}", detail: "a network" },
      {
        label: "2001:db8::/32",
        kind: "literal",
        rank: 1,
        snippet: "${1:2001:db8::/32}",
        detail: "a network",
      },
    ];
  if (type.kind === "time")
    return [
      {
        label: "22:00..06:00",
        kind: "literal",
        rank: 0,
        snippet: "${1:22:00}..${2:06:00}",
        detail: "from, and until just before; may go over midnight",
      },
    ];
  return [];
}
