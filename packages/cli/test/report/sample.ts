/** Findings of many shapes, made by hand, so that what formats print depends on nothing else. */
import type { Finding, Severity, Span } from "@wardline/core";
import { fingerprints } from "../../src/report/fingerprint.ts";
import type { FindingReport } from "../../src/report/finding-report.ts";

const model = "model library\n\nentity Loan stored in loans {\n  title: String\n}\n";
const long = `  when ${'resource.title == "x" or '.repeat(20)}resource.tilte == "y"`;
const policy = [
  "policy north for library",
  "",
  "permit own: reader to read Loan",
  "  when resource.borower == principal",
  "permit own: reader to list Loan",
  '  when resource.title == "漢字 \u202E" and\tprincipal.level >= 3',
  long,
  "",
].join("\n");
const texts = new Map([
  ["policy/library.ward", model],
  ["policy/north.ward", policy],
  ["platform.ward", "platform for library\n"],
]);

function spanOf(file: string, words: string, from = 0): Span {
  const start = (texts.get(file) as string).indexOf(words, from);
  return { file, start, end: start + words.length };
}

const north = (words: string, from = 0) => spanOf("policy/north.ward", words, from);
const found = (
  severity: Severity,
  code: string,
  message: string,
  labels: Finding["labels"],
  rest: Partial<Finding> = {},
): Finding => ({ severity, code, message, labels, fixes: [], ...rest });

const second = policy.indexOf("permit own: reader to list");
const findings: readonly Finding[] = [
  found(
    "error",
    "name/unknown",
    "unknown attribute `borower`",
    [{ span: north("borower"), message: "did you mean `borrower`?" }],
    {
      fixes: [{ title: "write `borrower`", edits: [{ span: north("borower"), text: "borrower" }] }],
    },
  ),
  found(
    "error",
    "name/duplicate",
    "rule `own` is declared twice",
    [
      { span: north("own", second) },
      { span: north("own"), message: "first declared here" },
      { span: spanOf("policy/library.ward", "Loan") },
      { span: spanOf("policy/library.ward", "loans"), message: "its table" },
    ],
    {
      note: "a log names rules by their names\nand nobody could tell them apart",
      help: "give one of them another name",
    },
  ),
  found(
    "warning",
    "rule/shape",
    "this looks like 100 %: two\u001B[31m colours",
    [{ span: north("漢字 \u202E") }],
    {
      fixes: [
        { title: "take the one", edits: [{ span: north("漢字"), text: "a" }] },
        { title: "take the other", choice: true, edits: [{ span: north("漢字"), text: "b" }] },
      ],
    },
  ),
  found("warning", "name/unknown", "unknown attribute `tilte`", [{ span: north("tilte") }]),
  found("info", "rule/long", "this rule goes over several lines", [
    { span: { ...north("permit own", second), end: policy.length - 1 } },
  ]),
  found("error", "file/empty", "nothing stands here", [
    { span: { file: "platform.ward", start: 21, end: 21 } },
  ]),
];

export const sampleReport: FindingReport = {
  findings,
  sources: texts,
  fingerprints: fingerprints(findings, texts),
  closing: ["1 finding of known.json left out as known", "0 of 1 policy fine: 3 errors, 2 warnings, 1 hint"],
  json: { passed: false },
};

export const emptyReport: FindingReport = {
  findings: [],
  sources: texts,
  fingerprints: new Map(),
  closing: ["1 of 1 policy fine: 0 errors, 0 warnings"],
  json: { passed: true },
};
