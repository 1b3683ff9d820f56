/** `use`: from a pack and what it is given to statements of the layer that uses it. */
import type { Fix, Layer, Span } from "@wardline/core";
import type { UseStatement } from "../ast/statement.ts";
import { declare, ofKind } from "../check/declare.ts";
import { reportThroughUses } from "../check/dress.ts";
import type { PlacedFile } from "../check/placed-file.ts";
import type { Report } from "../check/report.ts";
import { unknownName } from "../check/suggest.ts";
import { classesOf, type Model } from "../check/symbols.ts";
import { unknownClass } from "../check/unknown-class.ts";
import { finding } from "../diagnostics/table.ts";
import type { OpenedPack } from "./open-pack.ts";
import { checkArgument, type Argument, type Parameter } from "./parameter.ts";
import type { Shelf } from "./shelf.ts";
import { substitute } from "./substitute.ts";

export interface UsedPack {
  readonly layer: Layer;
  readonly use: UseStatement;
  readonly pack: OpenedPack;
}

/** The packs that a layer's files use, each with its own findings reported. A second `use` of one is refused. */
export function findUses(
  report: Report,
  shelf: Shelf,
  layer: Layer,
  tenant: string,
  files: readonly PlacedFile[],
): readonly UsedPack[] {
  const used = new Map<string, UsedPack>();
  for (const use of files.flatMap((file) => ofKind(file.statements, "use"))) {
    const { name } = use;
    const first = used.get(name.text);
    if (first !== undefined) {
      const related = [{ span: first.use.name.span, message: "first used here" }];
      report.add(finding("pack/twice", name.span, { pack: name.text }, { related }));
      continue;
    }
    if (name.text === tenant) {
      report.add(finding("pack/name", name.span, { name: name.text }));
      continue;
    }
    const pack = shelf.find(report, use);
    if (pack === null) continue;
    used.set(name.text, { layer, use, pack });
    const through = reportThroughUses(report, new Map([[pack.file.source.name, name.span]]));
    for (const found of pack.findings) through.add(found);
  }
  return [...used.values()];
}

/** The pack's statements as they stand for its user, or null if it has an error or was given something wrong. */
export function instantiate(report: Report, model: Model, { use, pack }: UsedPack): PlacedFile | null {
  const { placed } = pack.file;
  const given = checkArguments(report, model, use, pack);
  const isWhole = !pack.findings.some((found) => found.severity === "error");
  if (given === null || placed === null || !isWhole) return null;
  return {
    ...placed,
    statements: placed.statements.map((statement) => substitute(statement, given)),
    pack: { name: use.name.text, use: use.name.span },
  };
}

function checkArguments(
  report: Report,
  model: Model,
  use: UseStatement,
  { parameters }: OpenedPack,
): ReadonlyMap<string, Argument> | null {
  const given = new Map<string, Argument>();
  const seen = new Map<string, Span>();
  let isRight = true;
  let isMisspelt = false;
  for (const { key, value } of use.arguments) {
    const parameter = parameters.get(key.text);
    if (parameter === undefined) {
      report.add(unknownName("parameter", key, parameters.keys()));
      isMisspelt = true;
    }
    if (!declare(report, seen, "argument", key) || parameter === undefined) {
      isRight = false;
      continue;
    }
    const argument = checkArgument(report, parameter, value);
    if (argument !== null && isCarried(report, model, argument, value.span)) given.set(key.text, argument);
    else isRight = false;
  }
  const missing: Parameter[] = [];
  for (const [name, parameter] of parameters) {
    if (seen.has(name)) continue;
    if (parameter.default === null) missing.push(parameter);
    else if (isCarried(report, model, parameter.default, use.name.span, []))
      given.set(name, parameter.default);
    else isRight = false;
  }
  // A name that is unknown was most often meant for one that is missing.
  if (missing.length > 0 && !isMisspelt) {
    const holes = {
      pack: use.name.text,
      parameters: missing.map(({ name, wanted }) => `\`${name.text}\` (${wanted})`).join(", "),
      form: missing.map(({ name, example }) => `${name.text}: ${example}`).join(" "),
    };
    const related = missing.map(({ name }) => ({ span: name.span, message: "declared here" }));
    report.add(finding("pack/missing", use.name.span, holes, { related }));
  }
  return isRight && missing.length === 0 ? given : null;
}

/** A class that no field carries would protect nothing. */
function isCarried(
  report: Report,
  model: Model,
  argument: Argument,
  span: Span,
  fixes?: readonly Fix[],
): boolean {
  if (argument.kind !== "class") return true;
  if (classesOf(model).has(argument.name)) return true;
  const found = unknownClass(model, { text: argument.name, span });
  report.add(fixes === undefined ? found : { ...found, fixes });
  return false;
}
