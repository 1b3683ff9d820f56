/** From texts to a program: parse, check, lower. A file set with one error has no program. */
import type { Finding, LoweredAssert, ModelIr, Program, SourceFile } from "@wardline/core";
import { checkHeader, type Loaded } from "./check/header.ts";
import { maxStatements } from "./check/limits.ts";
import { checkModel } from "./check/model.ts";
import { checkPlacement, type FileKind } from "./check/placement.ts";
import { checkPolicy, type PlacedFile } from "./check/policy.ts";
import type { CheckedTest } from "./policy-test/checked-test.ts";
import { newReport, type Report } from "./check/report.ts";
import type { Model } from "./check/symbols.ts";
import { finding } from "./diagnostics/table.ts";
import { applyLevels } from "./lint/levels.ts";
import type { LintLevels } from "./lint/lint-code.ts";
import { suppress } from "./lint/suppress.ts";
import { lowerPolicy } from "./lower/lower.ts";
import { platformLimits, tenantLimits } from "./parse/limits.ts";
import type { ParsedFile } from "./parse/parse-file.ts";
import { parseOnce } from "./parse/parse-once.ts";

/** The files of one tenant's policy. What each file may be is said here, by who loads it, never by the file. */
export interface CompileInput {
  readonly model: SourceFile;
  readonly platform: readonly SourceFile[];
  readonly policy: SourceFile;
  /** The tenant that the policy must name. */
  readonly tenant: string;
  /** The packs that `use` can name: what is available, whoever wrote it. */
  readonly packs?: readonly SourceFile[];
  /** How lints are reported. An `error` here is one like any other: there is no program. */
  readonly lints?: LintLevels;
}

export interface CompileResult {
  /** Null if any finding is an error. */
  readonly program: Program | null;
  /**
   * The same program with what the asserts read and ask appended: slots to its tables, and atoms and conditions at their
   * ends. For analysis alone; never shipped. Null with `program`.
   */
  readonly analysis: Program | null;
  /** The asserts of the platform and of the tenant, over `analysis`, in the order of their ids. */
  readonly asserts: readonly LoweredAssert[];
  /** The tests of the platform's files and of the policy; empty without a program. */
  readonly tests: readonly CheckedTest[];
  /** By file, in the order of the input, and place. */
  readonly findings: readonly Finding[];
}

export interface CompiledModel {
  /** Null if any finding is an error. */
  readonly model: ModelIr | null;
  readonly findings: readonly Finding[];
}

/** Compiles one tenant's policy with the model and the platform's files. Never throws on any text. */
export function compile(input: CompileInput): CompileResult {
  const report = newReport();
  const model = openFile(report, input.model, { kind: "model" });
  const modelName = model.parsed.ast.header?.kind === "model" ? model.parsed.ast.header.name.text : null;
  const platform = input.platform.map((source) =>
    openFile(report, source, { kind: "platform", model: modelName }),
  );
  const policy = openFile(report, input.policy, { kind: "policy", model: modelName, tenant: input.tenant });
  const files = [model, ...platform, policy];
  const symbols = modelOf(report, model);
  let lower: (() => Omit<CompileResult, "findings">) | null = null;
  if (symbols !== null) {
    const rules = damaged(files) ? newReport() : report;
    const platforms = platform.flatMap((file) => file.placed ?? []);
    const checked = checkPolicy(rules, symbols, input.tenant, platforms, policy.placed);
    if (rules !== report) for (const found of rules.findings()) if (!isEcho(found, policy)) report.add(found);
    const whole = files.every((file) => file.placed !== null) && !damaged(files);
    if (whole)
      lower = () => {
        const program = lowerPolicy(symbols, input.tenant, checked);
        return { program, analysis: program, asserts: [], tests: checked.tests };
      };
  }
  const findings = reported(report, files, input.lints);
  const refused = findings.some((found) => found.severity === "error");
  if (refused || lower === null) return { program: null, analysis: null, asserts: [], tests: [], findings };
  return { ...lower(), findings };
}

/**
 * Compiles the platform's files for a tenant that has written nothing: what they mean by themselves. Its tests are the
 * platform's own.
 */
export function compilePlatform(input: Omit<CompileInput, "policy" | "tenant">): CompileResult {
  const model = /^(?:\s|\/\/[^\n]*\n)*model\s+(\w+)/.exec(input.model.text)?.[1] ?? "none";
  const policy = { name: "(a tenant without rules)", text: `policy ${exampleTenant} for ${model}\n` };
  const result = compile({ ...input, policy, tenant: exampleTenant });
  return { ...result, findings: result.findings.filter((f) => f.labels[0].span.file !== policy.name) };
}

/** The tenant for which the platform's tests are run. */
const exampleTenant = "example";

/** Compiles a model alone. */
export function compileModel(source: SourceFile, lints?: LintLevels): CompiledModel {
  const report = newReport();
  const file = openFile(report, source, { kind: "model" });
  const model = modelOf(report, file);
  const findings = reported(report, [file], lints);
  const refused = findings.some((found) => found.severity === "error");
  return { model: refused ? null : (model?.ir ?? null), findings };
}

interface OpenedFile {
  readonly source: SourceFile;
  readonly parsed: ParsedFile;
  /** Null if the file is not what it is loaded as. */
  readonly placed: PlacedFile | null;
}

function openFile(report: Report, source: SourceFile, loaded: Loaded): OpenedFile {
  const kind: FileKind = loaded.kind;
  const [limits, statementsAtMost] =
    kind === "policy" ? [tenantLimits, maxStatements] : [platformLimits, Infinity];
  const parsed = parseOnce(source, limits);
  for (const found of parsed.findings) report.add(found);
  const { header } = parsed.ast;
  if (!checkHeader(report, parsed.ast, loaded) || header === null) return { source, parsed, placed: null };
  const statements = checkPlacement(report, parsed.ast, source.text, kind, statementsAtMost);
  return { source, parsed, placed: { source, statements, headerSpan: header.span } };
}

/** The model, or null if it has an error: what refers to it could only be misjudged. */
function modelOf(report: Report, file: OpenedFile): Model | null {
  const { header } = file.parsed.ast;
  if (file.placed === null || header?.kind !== "model" || damaged([file])) return null;
  let checked = checkedModels.get(file.parsed);
  if (checked === undefined) {
    const own = newReport();
    const model = checkModel(own, header.name.text, file.placed.statements);
    checked = { model: own.hasErrors() ? null : model, findings: own.findings() };
    checkedModels.set(file.parsed, checked);
  }
  for (const found of checked.findings) report.add(found);
  const misplaced = file.placed.statements.length < file.parsed.ast.statements.length;
  return misplaced ? null : checked.model;
}

/** A model is checked once for all tenants' policies. */
const checkedModels = new WeakMap<
  ParsedFile,
  { readonly model: Model | null; readonly findings: readonly Finding[] }
>();

function damaged(files: readonly OpenedFile[]): boolean {
  return files.some((file) => file.parsed.findings.some((found) => found.severity === "error"));
}

/** A damaged statement may have declared the role or the let that another names, or held the ceiling that is missed. */
function isEcho(found: Finding, policy: OpenedFile): boolean {
  if (found.severity !== "error") return true;
  const declared = /^unknown (?:role|name) /.test(found.message);
  const own = found.labels[0].span.file === policy.source.name && damaged([policy]);
  return found.code === "name/unknown" && declared && own;
}

/** What was found, less the lints that comments suppress or the configuration turns off. */
function reported(report: Report, files: readonly OpenedFile[], levels: LintLevels = {}): readonly Finding[] {
  const commented = files.map(({ source, parsed }) => ({ source, ...parsed }));
  return ordered(
    applyLevels(suppress(commented, report.findings(), levels), levels),
    files.map((file) => file.source),
  );
}

/** The most findings that a result holds. Errors are kept before warnings. */
const maxFindings = 100;

function ordered(findings: readonly Finding[], sources: readonly SourceFile[]): readonly Finding[] {
  const places = sources.map((source) => source.name);
  const inOrder = findings.toSorted((a, b) => {
    const [x, y] = [a.labels[0].span, b.labels[0].span];
    return places.indexOf(x.file) - places.indexOf(y.file) || x.start - y.start || x.end - y.end;
  });
  if (inOrder.length <= maxFindings) return inOrder;
  const errors = inOrder.filter((found) => found.severity === "error");
  const kept = new Set(
    [...errors, ...inOrder.filter((found) => found.severity !== "error")].slice(0, maxFindings - 1),
  );
  const [next] = inOrder.filter((found) => !kept.has(found));
  const place = next?.labels[0].span ?? { file: places[0] ?? "", start: 0, end: 0 };
  const code = errors.length > 0 ? "limit/findings" : "limit/warnings";
  return [
    ...inOrder.filter((found) => kept.has(found)),
    finding(code, place, { limit: String(maxFindings) }),
  ];
}
