/** Pages as Markdown, made from the table and from what the compiler says of the examples. Writes nothing. */
import type { Finding } from "@wardline/core";
import { isLintCode } from "../../lint/lint-code.ts";
import type { DiagnosticEntry } from "../entry.ts";
import { diagnostics, type DiagnosticCode } from "../table.ts";
import { compileExample, setOf } from "./example.ts";
import { excerpt, visible } from "./excerpt.ts";
import { library } from "./library.ts";
import type { DiagnosticPage, Example, ExampleFile, WrongExample } from "./page.ts";
import { diagnosticPages } from "./table.ts";

export interface RenderedPage {
  /** Within the folder of the pages: `type/unguarded.md`. */
  readonly path: string;
  readonly text: string;
}

const codes = Object.keys(diagnosticPages).toSorted() as DiagnosticCode[];
const entryOf = (code: DiagnosticCode): DiagnosticEntry => diagnostics[code];

/** All pages, with the index and the project that the examples stand in. */
export function renderPages(): readonly RenderedPage[] {
  return [
    { path: "README.md", text: renderIndex() },
    ...codes.map((code) => ({ path: `${code}.md`, text: renderPage(code) })),
  ];
}

const severities = { error: "Error", warning: "Warning", info: "Hint" } as const;

/** The page of one code. */
export function renderPage(code: DiagnosticCode): string {
  const page: DiagnosticPage = diagnosticPages[code];
  return `${[
    `# ${code}`,
    `**${severities[entryOf(code).severity]}.** ${page.summary}`,
    page.why,
    "## Wrong",
    ...block(page.wrong),
    ...said(code, page.wrong),
    "## Right",
    ...block(page.right),
    ...(isLintCode(code)
      ? [
          "## Where it is meant so",
          "A comment with the reason takes it away, at the end of a line of the statement or on a line before it:",
          fenced("ward", `// allow ${code}: REASON`),
        ]
      : []),
    ...(page.noFix === undefined ? [] : ["## Why it is not mended by itself", page.noFix]),
    "[All findings](../README.md)",
  ].join("\n\n")}\n`;
}

const places: { readonly [File in ExampleFile]: string } = {
  model: "In the model:",
  platform: "In the platform's file:",
  policy: "In a tenant's policy:",
  pack: "In a pack:",
};

function block(example: Example | WrongExample): readonly string[] {
  const { file = "policy", text, shown, beside = {} } = setOf(example);
  const own = visible((shown ?? text).replaceAll(/[⟪⟫]/g, "")).trimEnd();
  return [
    ...Object.entries(beside).flatMap(([other, whole]) => [
      places[other as ExampleFile],
      fenced("ward", whole.trimEnd()),
    ]),
    places[file],
    fenced("ward", own),
  ];
}

/** What the compiler says of the example, as `wardline check` does. */
function said(code: DiagnosticCode, example: WrongExample): readonly string[] {
  const { source, findings } = compileExample(example, code);
  const own = findings.filter((found) => found.code === code);
  const [first] = own;
  if (first === undefined) return [];
  const marked = setOf(example).shown === undefined ? excerpt(source, own) : "";
  return [fenced("text", [...(marked === "" ? [] : [marked, ""]), ...spoken(first)].join("\n"))];
}

function spoken({ severity, code, message, note, help }: Finding): readonly string[] {
  return [
    `${severity}[${code}]: ${visible(message)}`,
    ...(note === undefined ? [] : [`note: ${note}`]),
    ...(help === undefined ? [] : [`help: ${help}`]),
  ];
}

function fenced(language: string, text: string): string {
  return `\`\`\`${language}\n${text}\n\`\`\``;
}

function renderIndex(): string {
  const areas = Map.groupBy(codes, (code) => code.slice(0, code.indexOf("/")));
  return `${[
    "# Findings",
    "Every finding that `wardline check` can report, by area. Each page says what is wrong, why it matters, and shows an example with the mistake and one without.",
    ...[...areas].flatMap(([area, own]) => [
      `## ${area}`,
      [
        "| code | | what is wrong |",
        "|---|---|---|",
        ...own.map(
          (code) =>
            `| [\`${code}\`](${code}.md) | ${entryOf(code).severity} | ${cell(diagnosticPages[code].summary)} |`,
        ),
      ].join("\n"),
    ]),
    "## The library",
    "The examples stand in this project. What an example does not say is as it is here.",
    ...(["model", "platform", "pack"] as const).flatMap((file) => [
      places[file],
      fenced("ward", library[file].trimEnd()),
    ]),
  ].join("\n\n")}\n`;
}

function cell(text: string): string {
  return text.replaceAll("|", String.raw`\|`);
}
