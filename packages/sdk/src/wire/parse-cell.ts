/** Cells in the server's text format as wire values, by the id of their type; a type not named here stays text. */
import { asText, canonicalInstant, typeIds, wholeNumber } from "./wire-values.ts";

export type ParseCell = (text: string) => unknown;

const scalars: ReadonlyMap<number, ParseCell> = new Map<number, ParseCell>([
  [typeIds.bool, (text) => text === "t"],
  [typeIds.bytea, bytes],
  [typeIds.int8, wholeNumber],
  [typeIds.int2, Number],
  [typeIds.int4, Number],
  [typeIds.oid, Number],
  [typeIds.float4, Number],
  [typeIds.float8, Number],
  [typeIds.json, (text) => JSON.parse(text) as unknown],
  [typeIds.jsonb, (text) => JSON.parse(text) as unknown],
  [typeIds.timestamptz, canonicalInstant],
]);

/** `_type` → type, of the arrays whose elements have a name of the server's own. */
const elements: Readonly<Record<number, number>> = {
  1000: typeIds.bool,
  1001: typeIds.bytea,
  1002: 18, // "char"
  1003: 19, // name
  1005: typeIds.int2,
  1007: typeIds.int4,
  1009: 25, // text
  1014: 1042, // char(n)
  1015: 1043, // varchar
  1016: typeIds.int8,
  1021: typeIds.float4,
  1022: typeIds.float8,
  1028: typeIds.oid,
  1041: 869, // inet
  651: 650, // cidr
  1115: typeIds.timestamp,
  1182: typeIds.date,
  1183: 1083, // time
  1185: typeIds.timestamptz,
  1187: 1186, // interval
  1231: typeIds.numeric,
  1270: 1266, // timetz
  199: typeIds.json,
  2951: 2950, // uuid
  3807: typeIds.jsonb,
};

const arrays: ReadonlyMap<number, ParseCell> = new Map(
  Object.entries(elements).map(([array, element]) => {
    const parse = scalars.get(element) ?? asText;
    return [Number(array), (text) => parseArray(text, parse)];
  }),
);

/** How cells of a type are read. */
export function cellParser(typeId: number): ParseCell {
  return scalars.get(typeId) ?? arrays.get(typeId) ?? asText;
}

function bytes(text: string): Uint8Array {
  // The setting `bytea_output` is pinned to hex.
  if (!/^\\x([0-9a-f]{2})*$/.test(text)) throw new TypeError("bytes are not in hex");
  return new Uint8Array(Buffer.from(text.slice(2), "hex"));
}

/** An array's text: `{1,2}`, `{{a},{b}}`, `{"a \"b\"",NULL}`, `[0:1]={1,2}`. */
function parseArray(text: string, parse: ParseCell): unknown[] {
  let at = text.startsWith("[") ? text.indexOf("=") + 1 : 0;
  const fail = (): never => {
    throw new TypeError("an array of the server is malformed");
  };
  const quoted = (): string => {
    let value = "";
    for (at++; text[at] !== '"'; at++) {
      if (text[at] === "\\") at++;
      value += text[at] ?? fail();
    }
    at++;
    return value;
  };
  const list = (): unknown[] => {
    const items: unknown[] = [];
    at++;
    if (text[at] === "}") {
      at++;
      return items;
    }
    for (;;) {
      if (text[at] === "{") items.push(list());
      else if (text[at] === '"') items.push(parse(quoted()));
      else {
        const from = at;
        while (at < text.length && text[at] !== "," && text[at] !== "}") at++;
        const word = text.slice(from, at);
        items.push(word === "NULL" ? null : parse(word));
      }
      const end = text[at++];
      if (end === "}") return items;
      if (end !== ",") fail();
    }
  };
  if (text[at] !== "{") fail();
  const items = list();
  return at === text.length ? items : fail();
}
