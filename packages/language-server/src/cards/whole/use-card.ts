/** A pack that is used: its version, and its parameters as a form made from their types. */
import { parseFile, type ParameterStatement, type TermEntry, type UseStatement } from "@wardline/compiler";
import type { SourceFile } from "@wardline/core";
import type { Option } from "../card.ts";
import { listNamed, option, type CardContext } from "../card-context.ts";
import { valueAt } from "../condition/value.ts";
import { plain } from "../../plain-words.ts";
import { shownValue } from "../condition/shown.ts";
import { endBefore } from "../condition/outer.ts";
import { insertLine } from "../rule/clauses.ts";
import type { StatementPlace } from "../rule/rule-card.ts";
import { refuse, type Change } from "../text/change.ts";
import { Unshown } from "../text/draft.ts";
import { firstArgument, parameterPickerOf } from "./parameter-picker.ts";
import { termValue } from "./term-value.ts";

export interface Pack {
  readonly name: string;
  readonly version: string;
  readonly documentation: string | null;
  readonly parameters: readonly ParameterStatement[];
}

const read = new WeakMap<SourceFile, Pack | null>();

/** The packs of a project, by their headers. */
export function packsOf({ snapshot }: CardContext): readonly Pack[] {
  return snapshot.project.packs.flatMap((source) => {
    let pack = read.get(source);
    if (pack === undefined) read.set(source, (pack = packIn(source)));
    return pack ?? [];
  });
}

function packIn(source: SourceFile): Pack | null {
  const { header, statements } = parseFile(source).ast;
  if (header?.kind !== "pack") return null;
  const parameters = statements.filter((s): s is ParameterStatement => s.kind === "parameter");
  const rules = statements.filter(({ kind }) => kind === "require" || kind === "forbid").length;
  const documentation = `${rules} ${rules === 1 ? "rule" : "rules"}.`;
  return { name: header.name.text, version: header.version, documentation, parameters };
}

export function addUse(place: StatementPlace, statement: UseStatement): void {
  const { ctx, block, draft } = place;
  const { name, version, versionSpan } = statement;
  const versions = packsOf(ctx).filter((pack) => pack.name === name.text);
  const pack = versions.find((one) => one.version === version);
  const list = listNamed(ctx, `versions of ${name.text}`, () =>
    versions.map((one) => option(one.version, one.version)),
  );
  const slot = draft.slot({
    id: "version",
    label: "Which version",
    shown: version,
    picker: { kind: "one", options: list },
    value: version,
    start: versionSpan.start,
    end: versionSpan.end,
    set: (chosen) =>
      versions.some((one) => one.version === chosen)
        ? [{ start: versionSpan.start, end: versionSpan.end, text: String(chosen) }]
        : refuse("The project has no such version of this pack."),
  });
  draft.part({ id: "head", kind: "head" }, [
    `The rules of the pack ${plain(name.text)}, version`,
    slot,
    "apply",
  ]);
  if (pack === undefined) {
    if (statement.arguments.length > 0) throw new Unshown(`The project has no pack ${name.text} ${version}.`);
    return;
  }
  for (const argument of statement.arguments) addArgument(place, pack, argument);
  const given = new Set(statement.arguments.map(({ key }) => key.text));
  const missing = pack.parameters.filter((parameter) => !given.has(parameter.name.text));
  if (missing.length === 0) return;
  const choices = listNamed(ctx, `parameters of ${name.text} ${version} beside ${[...given].join(" ")}`, () =>
    missing.map((parameter) => option(parameter.name.text, plain(parameter.name.text), parameter.doc)),
  );
  draft.addition("parameter", "A parameter", "entry", choices, (choice): Change => {
    const parameter = missing.find((one) => one.name.text === choice);
    const value = parameter === undefined ? null : firstArgument(ctx, parameter);
    if (parameter === undefined || value === null) return refuse("Choose a parameter that is not given yet.");
    const last = statement.arguments.at(-1);
    const line = `  ${parameter.name.text}: ${value}`;
    if (last !== undefined) return [insertLine(block, ctx.text, last.span.end, line)];
    const end = versionSpan.end;
    return block.end === end
      ? [{ start: end, end, text: ` {\n${line}\n}` }]
      : [{ start: end, end: block.end, text: ` {\n${line}\n}` }];
  });
}

function addArgument(
  { ctx, block, draft }: StatementPlace,
  pack: Pack,
  { key, value, span }: TermEntry,
): void {
  const parameter = pack.parameters.find((one) => one.name.text === key.text);
  if (parameter === undefined) throw new Unshown(`The pack has no parameter \`${key.text}\`.`);
  const picker = parameterPickerOf(ctx, parameter);
  const { start, end } = value.span;
  const given = termValue(value, picker);
  const slot = draft.slot({
    id: key.text,
    label: plain(key.text),
    shown: shownValue(picker, given),
    picker,
    value: given,
    start,
    end,
    set: valueAt(ctx, picker, { start, end }),
  });
  const remove =
    parameter.default === null
      ? undefined
      : (): Change => [{ start: endBefore(block, span.start), end: span.end, text: "" }];
  draft.part({ id: key.text, kind: "entry", depth: 1, ...(remove === undefined ? {} : { remove }) }, [
    `${plain(key.text)}:`,
    slot,
    parameter.doc === null ? "" : `(${parameter.doc})`,
  ]);
}

/** `guide 1.2`: what a new `use` can name. */
export function packOptions(ctx: CardContext): readonly Option[] {
  return packsOf(ctx).map((pack) =>
    option(`${pack.name} ${pack.version}`, `${plain(pack.name)} ${pack.version}`, pack.documentation),
  );
}

/** A new `use` with all that the pack does not say itself; null if the model has nothing for a parameter. */
export function newUse(ctx: CardContext, choice: string | null): string | null {
  const pack = packsOf(ctx).find(({ name, version }) => `${name} ${version}` === choice);
  if (pack === undefined) return null;
  const needed = pack.parameters.filter((parameter) => parameter.default === null);
  const lines = needed.map((parameter) => [parameter.name.text, firstArgument(ctx, parameter)] as const);
  if (lines.some(([, value]) => value === null)) return null;
  const body = lines.map(([name, value]) => `  ${name}: ${value}\n`).join("");
  return lines.length === 0 ? `use ${choice}` : `use ${choice} {\n${body}}`;
}
