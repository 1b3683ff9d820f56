import { existsSync, readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { evaluate, maxInt } from "@wardline/core";
import { describe, expect, it } from "vitest";
import { firstFact, grantIf, oneTable, requestText } from "./one-table.ts";
import { bytesOf, loadPolicy, thrownBy } from "./policy.ts";

const program = oneTable({
  ...grantIf([{ kind: "atom", atom: 0, negated: false }]),
  facts: [
    {
      source: { from: "context", name: "n" },
      type: { kind: "int", min: -maxInt, max: maxInt },
      optional: true,
    },
    {
      source: { from: "context", name: "set" },
      type: { kind: "set", of: { kind: "string" } },
      optional: true,
    },
  ],
  atoms: [{ kind: "has", slot: firstFact }],
});
const policy = loadPolicy(program);
const good = bytesOf(requestText('{"n":1}'));
const notJson = "wardline: the input is not valid JSON";
const notUtf8 = "wardline: the input is not valid UTF-8";

/** What was thrown, after a check that the module still answers. */
function refusal(input: ArrayBuffer): unknown {
  const thrown = thrownBy(() => policy.decision(input));
  expect(policy.decision(good)).toMatchObject({ outcome: "permit" });
  return thrown;
}

function concat(...parts: readonly (string | readonly number[])[]): ArrayBuffer {
  const bytes = parts.flatMap((part) =>
    typeof part === "string" ? [...new TextEncoder().encode(part)] : part,
  );
  return Uint8Array.from(bytes).buffer;
}

const malformed = [
  "",
  " ",
  "{",
  "}",
  "[",
  "]",
  '{"a"',
  '{"a":',
  '{"a":}',
  '{"a":1',
  '{"a":1,',
  '{"a":1,}',
  "[1,]",
  "[,1]",
  "[1 2]",
  "[1",
  '["a"',
  '["a',
  "nul",
  "nulll",
  "tru",
  "True",
  "fals",
  "falsy",
  "trua",
  "NaN",
  "Infinity",
  "undefined",
  "-",
  "+1",
  "01",
  "-01",
  "1.",
  ".5",
  "1e",
  "1e+",
  "1.e1",
  "0x1",
  "1_000",
  "'a'",
  '"\\x41"',
  '"\\u12g4"',
  '"\\u123"',
  '"\\',
  '"\t"',
  '"a\nb"',
  '"\u0000"',
  "{a:1}",
  "{1:2}",
  '{"a" 1}',
  '{"a":1 "b":2}',
  '{"a":1}}',
  "[1]]",
  "[1}",
  '{"a":1]',
  "{} {}",
  "1 1",
  "/**/{}",
  "{}//",
  "\u00a0{}",
  "\ufeff{}",
  "\v{}",
  '{"a":1,,"b":2}',
  '["a",\n4',
  "{}\u0000",
  "\u0000{}",
];

/** Bytes that are no UTF-8 (RFC 3629), each as the whole of a string. */
const illFormed: readonly (readonly number[])[] = [
  [0x80],
  [0xbf],
  [0xc0, 0x80],
  [0xc1, 0xbf],
  [0xc2],
  [0xc2, 0x20],
  [0xe0, 0x80, 0x80],
  [0xe0, 0x9f, 0xbf],
  [0xed, 0xa0, 0x80],
  [0xed, 0xbf, 0xbf],
  [0xe1, 0x80],
  [0xe1, 0x80, 0x20],
  [0xf0, 0x80, 0x80, 0x80],
  [0xf0, 0x8f, 0xbf, 0xbf],
  [0xf4, 0x90, 0x80, 0x80],
  [0xf5, 0x80, 0x80, 0x80],
  [0xf8, 0x88, 0x80, 0x80, 0x80],
  [0xfe],
  [0xff],
  [0xf1, 0x80, 0x80],
  [0xf1, 0x80, 0x80, 0x20],
];

const edges = [
  "\u0080",
  "\u07ff",
  "\u0800",
  "\ud7ff",
  "\ue000",
  "\ufffd",
  "\uffff",
  "\u{10000}",
  "\u{10ffff}",
];

describe("input that is not JSON aborts", () => {
  it.each(malformed)("%j", (text) => {
    expect(refusal(bytesOf(text))).toBe(notJson);
    // An end cut short is made up for by what follows it; all else stays wrong inside a request.
    if (thrownBy(() => JSON.parse(requestText(text))) !== undefined)
      expect(refusal(bytesOf(requestText(text)))).toBe(notJson);
    if (thrownBy(() => JSON.parse(`{"other":[${text}]}`)) !== undefined)
      expect(refusal(bytesOf(`{"other":[${text}]}`))).toBe(notJson);
  });

  it("at every place where a request can be cut", () => {
    const text = requestText('{"n":-1.5e+3,"set":["a\\u0041\\n",true,false,null,{"b":[]}]}');
    for (let length = 1; length < text.length; length++)
      expect(refusal(bytesOf(text.slice(0, length))), `${length}`).toBe(notJson);
  });

  it("wherever bytes are no UTF-8, in what is read and in what is not", () => {
    for (const bytes of illFormed)
      for (const [before, after] of [
        ['{"context":{"set":["', '"]}}'],
        ['{"other":"', '"}'],
        ['{"', '":1}'],
        ['"12345678', '12345678"'],
      ] as const) {
        expect(refusal(concat(before, bytes, after)), bytes.join()).toBe(notUtf8);
        expect(refusal(concat(before, bytes)), bytes.join()).toMatch(/not valid/);
      }
    for (const text of edges) {
      expect(refusal(bytesOf(`"${text}"`))).toBeUndefined();
      expect(refusal(bytesOf(`"1234567${text}${text}"`))).toBeUndefined();
    }
    expect(refusal(concat([0xef, 0xbb, 0xbf], "{}"))).toBe(notJson);
  });

  it("when it nests deeper than 8192, and not before", () => {
    const nested = (depth: number) => "[".repeat(depth) + "]".repeat(depth);
    const inRequest = (depth: number, key: string) => requestText(`{"n":1,"${key}":${nested(depth)}}`);
    const tooDeep = "wardline: the input is nested too deep";
    expect(refusal(bytesOf(nested(8192)))).toBeUndefined();
    expect(refusal(bytesOf(nested(8193)))).toBe(tooDeep);
    expect(refusal(bytesOf('{"a":'.repeat(8192) + "1" + "}".repeat(8192)))).toBeUndefined();
    expect(refusal(bytesOf("[".repeat(1_000_000)))).toBe(tooDeep);
    expect(refusal(bytesOf('{"a":'.repeat(1_000_000)))).toBe(tooDeep);
    expect(policy.decision(bytesOf(inRequest(8190, "other")))).toMatchObject({ outcome: "permit" });
    expect(policy.decision(bytesOf(inRequest(8190, "set")))).toMatchObject({ reason: "invalid_input" });
    for (const key of ["other", "set"]) expect(refusal(bytesOf(inRequest(8191, key)))).toBe(tooDeep);
  });

  it("when it is longer than 16 MiB, and not before", () => {
    const padded = (length: number) => {
      const text = requestText('{"n":1}');
      return bytesOf(text + " ".repeat(length - text.length));
    };
    expect(policy.decision(padded(2 ** 24))).toMatchObject({ outcome: "permit" });
    expect(refusal(padded(2 ** 24 + 1))).toBe("wardline: the input is too large");
  });
});

const suite = fileURLToPath(new URL("../../../../../shared/conformance/json/test_parsing/", import.meta.url));
const files = existsSync(suite) ? readdirSync(suite) : [];
if (files.length === 0) console.log("JSONTestSuite is not present: its cases are skipped");

/** Where the suite leaves it open: numbers of any size and escapes of any surrogate are JSON; other encodings are not. */
const refused = [
  "i_string_UTF-16LE_with_BOM",
  "i_string_UTF-8_invalid_sequence",
  "i_string_UTF8_surrogate_U+D800",
  "i_string_invalid_utf-8",
  "i_string_iso_latin_1",
  "i_string_lone_utf8_continuation_byte",
  "i_string_not_in_unicode_range",
  "i_string_overlong_sequence_2_bytes",
  "i_string_overlong_sequence_6_bytes",
  "i_string_overlong_sequence_6_bytes_null",
  "i_string_truncated-utf-8",
  "i_string_utf16BE_no_BOM",
  "i_string_utf16LE_no_BOM",
  "i_structure_UTF-8_BOM_empty_object",
];

describe.skipIf(files.length === 0)("JSONTestSuite", () => {
  const accepted = (file: string) =>
    file.startsWith("y_") || (file.startsWith("i_") && !refused.includes(file.replace(".json", "")));

  it.each(files)("%s", (file) => {
    const bytes = readFileSync(`${suite}${file}`);
    const input = concat([...bytes]);
    if (!accepted(file)) {
      expect(refusal(input)).toMatch(/^wardline: the input is n/);
      return;
    }
    expect(policy.decision(input)).toMatchObject({ reason: "invalid_input" });
    const text = bytes.toString("utf8");
    for (const request of [
      requestText(`{"n":1,"other":${text}}`),
      requestText(`{"n":${text}}`),
      requestText(`{"set":${text}}`),
    ])
      expect(policy.decision(bytesOf(request))).toEqual(evaluate(program, JSON.parse(request)));
  });
});
