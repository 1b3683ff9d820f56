/** From texts to a program: parse, check, lower. A file set with one error has no program. */
import type {
  Finding,
  LoweredAssert,
  ModelIr,
  Program,
  Settings,
  SourceFile,
  SourceMap,
  Span,
} from "@wardline/core";
import { lowerAsserts } from "./assert/lower-asserts.ts";
import { checkModel } from "./check/model.ts";
import { checkPolicy, type CheckedPolicy } from "./check/policy.ts";
import { newReport, type Report } from "./check/report.ts";
import type { Model } from "./check/symbols.ts";
import { beyondCeiling } from "./guardrail/beyond-ceiling.ts";
import type { LintLevels } from "./lint/lint-code.ts";
import { runLints } from "./lint/run-lints.ts";
import { lowerPolicy, type LoweredPolicy } from "./lower/lower.ts";
import { isDamaged, openFile, type OpenedFile } from "./open-file.ts";
import { newShelf } from "./pack/shelf.ts";
import { findUses, type UsedPack } from "./pack/use.ts";
import { platformLimits } from "./parse/limits.ts";
import type { ParsedFile } from "./parse/parse-file.ts";
import { parseOnce } from "./parse/parse-once.ts";
import type { CheckedTest } from "./policy-test/checked-test.ts";
import { reportedOf } from "./reported.ts";

/** The files of one tenant's policy. What each file may be is said here, by who loads it, never by the file. */
export interface CompileInput {
  readonly model: SourceFile;
  readonly platform: readonly SourceFile[];
  readonly policy: SourceFile;
  /** The tenant that the policy must name. */
  readonly tenant: string;
  /** The packs that `use` can name: what is available, whoever wrote it. */
  readonly packs?: readonly SourceFile[];
  /** Tests that stand beside the policy and speak in its names, such as what a person asks. They add tests alone. */
  readonly questions?: readonly SourceFile[];
  /**
   * How lints are reported; left out, the lint rules over the whole set are not run, and nothing is found by trying. An
   * `error` here is one like any other: there is no program.
   */
  readonly lints?: LintLevels;
}

export interface CompileResult {
  /** Null if any finding is an error. */
  readonly program: Program | null;
  /** The words that ask the program's atoms. Null with `program`. */
  readonly sourceMap: SourceMap | null;
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

/** What is found in one tenant's policy, and the way on to its program. */
export interface CheckResult {
  /** By file, in the order of the input, and place. */
  readonly findings: readonly Finding[];
  /** Makes the program and what goes with it; null if any finding is an error. */
  readonly lower: (() => Omit<CompileResult, "findings">) | null;
  /** The settings of all files together, also beside errors; undefined where none has any, or where the model has an error. */
  readonly settings: Settings | undefined;
}

/** Compiles one tenant's policy with the model and the platform's files. Never throws on any text. */
export function compile(input: CompileInput): CompileResult {
  const { findings, lower } = check(input);
  if (lower === null)
    return { program: null, sourceMap: null, analysis: null, asserts: [], tests: [], findings };
  return { ...lower(), findings };
}

/** Checks what {@link compile} compiles, for callers that need no program. Never throws on any text. */
export function check(input: CompileInput): CheckResult {
  const report = newReport();
  const model = openFile(report, input.model, { kind: "model" });
  const modelName = model.parsed.ast.header?.kind === "model" ? model.parsed.ast.header.name.text : null;
  const platform = input.platform.map((source) =>
    openFile(report, source, { kind: "platform", model: modelName }),
  );
  const policy = openFile(report, input.policy, { kind: "policy", model: modelName, tenant: input.tenant });
  const files = [model, ...platform, policy];
  const questions = (input.questions ?? []).map((source) =>
    openFile(report, source, { kind: "policy", model: modelName, tenant: input.tenant }),
  );
  const uses = usesOf(report, input, platform, policy);
  const opened = [...files, ...questions, ...uses.map(({ pack }) => pack.file)];
  const symbols = modelOf(report, model);
  let lower: (() => Omit<CompileResult, "findings">) | null = null;
  let settings: Settings | undefined;
  if (symbols !== null) {
    const rules = isDamaged(opened) ? newReport() : report;
    const checked = checkPolicy(rules, symbols, {
      tenant: input.tenant,
      platform: platform.flatMap((file) => file.placed ?? []),
      policy: policy.placed,
      questions: questions.flatMap((file) => file.placed ?? []),
      uses,
    });
    settings = checked.settings;
    if (rules !== report) for (const found of rules.findings()) if (!isEcho(found, policy)) report.add(found);
    const whole = opened.every((file) => file.placed !== null) && !isDamaged(opened);
    let once: LoweredPolicy | null = null;
    const sources = opened.map((file) => file.source);
    const lowerOnce = () => (once ??= lowerPolicy(symbols, input.tenant, checked, sources));
    if (whole && input.lints !== undefined && !report.hasErrors()) {
      for (const found of lintFindings(input.lints, symbols, checked, model, platform, policy))
        report.add(found);
      for (const found of beyondCeiling(lowerOnce, checked.rules, textIn(opened))) report.add(found);
    }
    if (whole)
      lower = () => {
        const lowered = lowerOnce();
        const { analysis, asserts } = lowerAsserts(lowered, checked.asserts);
        const { program, sourceMap } = lowered;
        return { program, sourceMap, analysis, asserts, tests: checked.tests };
      };
  }
  const findings = reportedOf(
    report,
    [...files, ...questions],
    input.lints,
    uses.map(({ pack }) => pack.file.source),
  );
  const refused = findings.some((found) => found.severity === "error");
  return { findings, lower: refused ? null : lower, settings };
}

/** The words that stand at a place of one of the files. */
function textIn(files: readonly OpenedFile[]): (span: Span) => string {
  return ({ file, start, end }) =>
    files.find(({ source }) => source.name === file)?.source.text.slice(start, end) ?? "";
}

/** The packs that are used, by the platform first. */
function usesOf(
  report: Report,
  { tenant, packs = [] }: CompileInput,
  platform: readonly OpenedFile[],
  policy: OpenedFile,
): readonly UsedPack[] {
  const shelf = newShelf(packs);
  const ofLayer = (layer: UsedPack["layer"], files: readonly OpenedFile[]) =>
    findUses(
      report,
      shelf,
      layer,
      tenant,
      files.flatMap((file) => file.placed ?? []),
    );
  return [...ofLayer("platform", platform), ...ofLayer("tenant", [policy])];
}

function lintFindings(
  levels: LintLevels,
  symbols: Model,
  checked: CheckedPolicy,
  model: OpenedFile,
  platform: readonly OpenedFile[],
  policy: OpenedFile,
): readonly Finding[] {
  if (model.placed === null || policy.placed === null) return [];
  const { rules, sealed, roles, tests } = checked;
  const files = { modelFile: model.placed, policy: policy.placed };
  const placed = platform.flatMap((file) => file.placed ?? []);
  return runLints({ model: symbols, ...files, platform: placed, rules, sealed, roles, tests }, levels);
}

/**
 * Compiles the platform's files for a tenant that has written nothing: what they mean by themselves. Its tests are the
 * platform's own.
 */
export function compilePlatform(input: Omit<CompileInput, "policy" | "tenant">): CompileResult {
  const { header } = parseOnce(input.model, platformLimits).ast;
  const model = header?.kind === "model" ? header.name.text : "none";
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
  const findings = reportedOf(report, [file], lints);
  const refused = findings.some((found) => found.severity === "error");
  return { model: refused ? null : (model?.ir ?? null), findings };
}

/** The model, or null if it has an error: what refers to it could only be misjudged. */
function modelOf(report: Report, file: OpenedFile): Model | null {
  const { header } = file.parsed.ast;
  if (file.placed === null || header?.kind !== "model" || isDamaged([file])) return null;
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

/** A damaged statement may have declared the role or the let that another names, or held the ceiling that is missed. */
function isEcho(found: Finding, policy: OpenedFile): boolean {
  if (found.severity !== "error") return true;
  const declared = /^unknown (?:role|name) /.test(found.message);
  const own = found.labels[0].span.file === policy.source.name && isDamaged([policy]);
  return found.code === "name/unknown" && declared && own;
}
