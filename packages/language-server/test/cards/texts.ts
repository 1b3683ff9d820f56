/** Texts to edit: the corpora, the reference, the examples, generated ones; formatted or not, with comments anywhere. */
import { readdirSync, readFileSync } from "node:fs";
import { formatText, parseCst } from "@wardline/compiler";
import type { Project } from "@wardline/compiler/project";
import type { SourceFile } from "@wardline/core";
import { generateCase, type Random } from "@wardline/core/testing";
import { exampleProject } from "../named-projects.ts";

/** A project, and the file of it that is edited. */
export interface EditedText {
  readonly origin: string;
  readonly project: Project;
  readonly file: string;
  readonly text: string;
}

const root = new URL("../../../../", import.meta.url);
const read = (path: string) => readFileSync(new URL(path, root), "utf8");

const lending: SourceFile = { name: "model.ward", text: read("grammar/corpus/library/model.ward") };

/** A single text as what its header says it is, over a model. */
export function alone(origin: string, text: string, model: SourceFile = lending): EditedText | null {
  const kind = /^(?:\s|\/\/[^\n]*\n)*(platform|policy|pack)\s+(\w+)/.exec(text);
  if (kind === null) return null;
  const file = "edited.ward";
  const source = { name: file, text };
  const empty = { model, platform: [], packs: [], tenants: new Map(), lints: {} };
  const project: Project =
    kind[1] === "platform"
      ? { ...empty, platform: [source] }
      : kind[1] === "pack"
        ? { ...empty, packs: [source] }
        : { ...empty, tenants: new Map([[kind[2] as string, source]]) };
  return { origin, project, file, text };
}

function folder(path: string): readonly EditedText[] {
  return readdirSync(new URL(path, root))
    .filter((name) => name.endsWith(".ward"))
    .flatMap((name) => alone(`${path}${name}`, read(`${path}${name}`)) ?? []);
}

/** The blocks of the language's reference, which are one project. */
function reference(): readonly EditedText[] {
  const page = read("docs/language.md");
  const blocks = (kind: string) =>
    [...page.matchAll(new RegExp(`\`\`\`ward ${kind}\\n([^]*?)\`\`\``, "g"))].map(
      ([, text]) => text as string,
    );
  const model = { name: "reference.ward", text: [...blocks("model"), ...blocks("shared")].join("\n") };
  const policy = ["policy", "settings", "assert", "test"].flatMap(blocks).join("\n");
  const pack = blocks("pack").join("\n");
  return [policy, ...blocks("platform"), pack].flatMap(
    (text) => alone("docs/language.md", text, model) ?? [],
  );
}

function example(): readonly EditedText[] {
  const project = exampleProject();
  const files = [...project.platform, ...project.packs, ...project.tenants.values()];
  return files.map(({ name, text }) => ({ origin: `examples/projects/${name}`, project, file: name, text }));
}

export const writtenTexts = (): readonly EditedText[] => [
  ...folder("grammar/corpus/format/before/"),
  ...folder("grammar/corpus/format/after/"),
  ...folder("grammar/corpus/library/"),
  ...folder("grammar/corpus/syntax/valid/"),
  ...reference(),
  ...example(),
];

export function generatedText(seed: number): EditedText {
  const { model, platform, policy, tenant } = generateCase(seed, "whole", "rules");
  const project: Project = {
    model,
    platform: [platform],
    packs: [],
    tenants: new Map([[tenant, policy]]),
    lints: {},
  };
  const file = seed % 3 === 0 ? platform : policy;
  return { origin: `case ${seed}`, project, file: file.name, text: file.text };
}

/** The text, or another way to write it. */
export function rewritten(random: Random, text: string): string {
  let result = text;
  if (random.chance(0.5)) result = formatted(result) ?? result;
  if (random.chance(0.35)) result = withComments(random, result);
  if (random.chance(0.15)) result = oneLine(result) ?? result;
  if (random.chance(0.12)) result = result.replaceAll("\n", "\r\n");
  if (random.chance(0.06)) result = damaged(random, result);
  return result;
}

export function formatted(text: string): string | null {
  const done = formatText({ name: "text", text });
  return "text" in done ? done.text : null;
}

const comments = [
  "// a comment\n",
  "\n// on its own line\n",
  "\n\n// apart\n\n",
  "// allow lint/untested-rule: not yet\n",
  "\n/// Documentation.\n",
  '// "quotes" and { braces\n',
];

/** Comments behind some tokens. */
function withComments(random: Random, text: string): string {
  const { cst } = parseCst({ name: "text", text });
  let result = "";
  let at = 0;
  for (const { token } of cst.tokens) {
    if (!random.chance(0.04)) continue;
    const end = token.startOffset + token.image.length;
    result += `${text.slice(at, end)} ${random.pick(comments)}`;
    at = end;
  }
  return result + text.slice(at);
}

/** All on one line where no comment stands in the way. */
function oneLine(text: string): string | null {
  return text.includes("//") ? null : text.replaceAll(/\s+/g, " ");
}

/** One token less. */
function damaged(random: Random, text: string): string {
  const { cst } = parseCst({ name: "text", text });
  if (cst.tokens.length < 8) return text;
  const { token } = random.pick(cst.tokens.slice(6));
  return text.slice(0, token.startOffset) + text.slice(token.startOffset + token.image.length);
}
