/** Checks the platform's files and one tenant's policy against a model. */
import type { Layer, Rule, Settings } from "@wardline/core";
import { finding } from "../diagnostics/table.ts";
import type { CheckedAssert } from "../assert/check-assert.ts";
import { checkAsserts } from "../assert/check-asserts.ts";
import { checkCeilings } from "../guardrail/ceilings.ts";
import { checkFloorStops } from "../guardrail/floor-stops.ts";
import { checkMasks } from "../guardrail/masks.ts";
import { checkWritableData } from "../guardrail/writable-data.ts";
import { instantiate, type UsedPack } from "../pack/use.ts";
import { checkTests } from "../policy-test/check-tests.ts";
import type { CheckedTest } from "../policy-test/checked-test.ts";
import { checkSettings, type LayerReports } from "../settings/check-settings.ts";
import type { SettingSource } from "../settings/merge-settings.ts";
import { readSettings } from "../settings/read-settings.ts";
import { ofKind } from "./declare.ts";
import { reportThroughUses } from "./dress.ts";
import { checkLayerRules, placedRules, type PlacedRule } from "./layer-rules.ts";
import { checkLets, checkUnused } from "./lets.ts";
import { checkLimits } from "./limits.ts";
import { lineIndex } from "./line-index.ts";
import { checkRoles } from "./model-role.ts";
import type { Report } from "./report.ts";
import { rulesOf, type PlacedFile } from "./placed-file.ts";
import { policyBudget, type Budget, type CheckedRule } from "./rule.ts";
import type { SealedFields, Setting } from "./scope.ts";
import { collectSealed } from "./sealed.ts";
import type { Model, RoleSymbol } from "./symbols.ts";

export interface PolicyFiles {
  readonly tenant: string;
  readonly platform: readonly PlacedFile[];
  /** Null where it is not to be trusted; the platform's files are then checked alone. */
  readonly policy: PlacedFile | null;
  /** Of these the tests count, and nothing else. */
  readonly questions: readonly PlacedFile[];
  readonly uses: readonly UsedPack[];
}

export interface CheckedPolicy {
  readonly rules: readonly CheckedRule[];
  readonly sealed: SealedFields;
  /** Tests of the platform's files and of the policy. */
  readonly tests: readonly CheckedTest[];
  readonly asserts: readonly CheckedAssert[];
  /** The model's roles and the tenant's. */
  readonly roles: ReadonlyMap<string, RoleSymbol>;
  /** Undefined where no file has any. */
  readonly settings: Settings | undefined;
}

/** Checks the rules of both layers, and of the packs that they use. */
export function checkPolicy(report: Report, model: Model, files: PolicyFiles): CheckedPolicy {
  const { tenant, platform, policy } = files;
  const reports = reportsThrough(report, files.uses);
  const packs = (layer: Layer) =>
    files.uses
      .filter((use) => use.layer === layer)
      .flatMap((use) => instantiate(reports[layer], model, use) ?? []);
  const [platformPacks, tenantPacks] = [packs("platform"), packs("tenant")];
  const platformRules = placedRules([...platform, ...platformPacks]);
  const tenantRules = placedRules([...(policy === null ? [] : [policy]), ...tenantPacks]);
  const sealed = new Map();
  const requires = (rules: readonly PlacedRule[]) =>
    ofKind(
      rules.map((rule) => rule.statement),
      "require",
    );
  collectSealed(reports.platform, model, "platform", requires(platformRules), sealed);
  collectSealed(reports.tenant, model, "tenant", requires(tenantRules), sealed);
  const roles = policy === null ? model.roles : tenantRoles(report, model, policy);
  const lets = checkLets(report, model, roles, policy === null ? [] : ofKind(policy.statements, "let"));
  const forPlatform: Setting = {
    model,
    sealed,
    report: reports.platform,
    layer: "platform",
    roles: model.roles,
    lets: new Map(),
    brokenLets: new Set(),
  };
  const forTenant: Setting = {
    model,
    sealed,
    report: reports.tenant,
    layer: "tenant",
    roles,
    lets: lets.lets,
    brokenLets: lets.broken,
  };
  const isPlatforms = (pack: string) => platformPacks.some((file) => file.pack?.name === pack);
  const ofPlatform = checkLayerRules(forPlatform, (pack) => pack ?? "platform", platformRules, unbounded);
  const ofTenant = checkLayerRules(
    forTenant,
    (pack) => (pack === null ? tenant : isPlatforms(pack) ? `${tenant}/${pack}` : pack),
    tenantRules,
    policyBudget,
  );
  const rules = [...ofPlatform.rules, ...ofTenant.rules];
  const asserts = [
    ...checkAsserts(forPlatform, "platform", platform, rules, unbounded),
    ...checkAsserts(forTenant, tenant, policy === null ? [] : [policy], rules, ofTenant.left),
  ];
  // Beside an error it may be the refused statement, or the misspelt name, that uses a let.
  if (!report.hasErrors())
    checkUnused(
      report,
      lets,
      policy === null ? [] : [...rulesOf(policy), ...ofKind(policy.statements, "assert")],
      policy?.source.text ?? "",
    );
  // Without any file of the platform it is said where the tenant's begins, unless such a file was refused.
  const first = platform[0] ?? (report.hasErrors() ? null : policy);
  if (first !== null && !rules.some((rule) => rule.rule.kind === "ceiling"))
    report.add(finding("guardrail/no-ceiling", first.headerSpan, {}));
  checkCeilings(report, rules);
  checkMasks(report, model, rules);
  checkFloorStops(report, rules, roles);
  checkWritableData(reports.platform, model, rules);
  checkLimits(reports.tenant, rules);
  const ids = rules.map(({ rule }) => rule);
  const tests = [
    ...platform.flatMap((file) => testsOf(forPlatform, file, ids)),
    ...(policy === null ? [] : [policy, ...files.questions]).flatMap((file) => testsOf(forTenant, file, ids)),
  ];
  const settings = checkSettings(reports, model, [
    settingsOf(reports, "platform", null, platform),
    settingsOf(reports, "tenant", null, policy === null ? [] : [policy]),
    ...platformPacks.map((file) => settingsOf(reports, "platform", file.pack?.name ?? null, [file])),
    ...tenantPacks.map((file) => settingsOf(reports, "tenant", file.pack?.name ?? null, [file])),
  ]);
  return { rules, sealed, tests, asserts, roles, settings };
}

function settingsOf(
  reports: LayerReports,
  layer: Layer,
  pack: string | null,
  files: readonly PlacedFile[],
): SettingSource {
  const statements = files.flatMap((file) => ofKind(file.statements, "settings"));
  return { layer, pack, settings: readSettings(reports[layer], statements) };
}

/** What is found in a pack is shown with the `use` of the layer that it was found for. */
function reportsThrough(report: Report, uses: readonly UsedPack[]): LayerReports {
  const places = (layer: Layer) =>
    new Map(
      uses
        .toSorted((a, b) => Number(a.layer === layer) - Number(b.layer === layer))
        .map(({ pack, use }) => [pack.file.source.name, use.name.span]),
    );
  return {
    platform: reportThroughUses(report, places("platform")),
    tenant: reportThroughUses(report, places("tenant")),
  };
}

/** A name in a test means a rule of its own file's layer before any other. */
function testsOf(setting: Setting, file: PlacedFile, rules: readonly Rule[]): readonly CheckedTest[] {
  const [own, other] = [
    rules.filter((rule) => rule.layer === setting.layer),
    rules.filter((rule) => rule.layer !== setting.layer),
  ];
  return checkTests(setting, {
    source: file.source,
    statements: ofKind(file.statements, "test"),
    layer: setting.layer,
    rules: [...own, ...(setting.layer === "tenant" ? other : [])].map((rule) => rule.id),
    lineAt: lineIndex(file.source.text),
  });
}

function tenantRoles(report: Report, model: Model, policy: PlacedFile): ReadonlyMap<string, RoleSymbol> {
  return checkRoles(report, {
    statements: ofKind(policy.statements, "role"),
    delegates: [],
    principals: model.principals.map((principal) => principal.name),
    entities: [...model.entities.keys()],
    known: model.roles,
    by: "tenant",
  });
}

/** The platform's own text is trusted. */
const unbounded: Budget = { terms: Infinity, total: Infinity };
