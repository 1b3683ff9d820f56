/** Holds the settings of several files against the model and against each other. */
import { endClass, endField, type Layer, type Settings } from "@wardline/core";
import type { Report } from "../check/report.ts";
import { unknownName } from "../check/suggest.ts";
import type { Model } from "../check/symbols.ts";
import { finding } from "../diagnostics/table.ts";
import { isAsStrict, mergeSettings, type SettingSource } from "./merge-settings.ts";
import { settingEnums, settingKinds } from "./setting-table.ts";
import type { PlacedSetting } from "./setting-value.ts";

/** Reports of a layer's own files and of the packs that it uses. */
export type LayerReports = { readonly [L in Layer]: Report };

/** What holds for the tenant, or undefined where nothing is set. */
export function checkSettings(
  reports: LayerReports,
  model: Model,
  sources: readonly SettingSource[],
): Settings | undefined {
  const inOrder = sources.toSorted((a, b) => precedence(a) - precedence(b));
  inOrder.forEach((source, index) => {
    for (const setting of source.settings) {
      checkAgainstModel(reports[source.layer], model, setting);
      checkAgainstOthers(reports[source.layer], source, setting, inOrder.slice(index + 1));
    }
  });
  reportUnenforced(reports, inOrder, model);
  return mergeSettings(inOrder);
}

/** A tenant's own first, then its packs', then the platform's own, then its packs'. */
function precedence({ layer, pack }: SettingSource): number {
  return (layer === "tenant" ? 0 : 2) + (pack === null ? 0 : 1);
}

function checkAgainstModel(
  report: Report,
  model: Model,
  { path, kind, key, span, value }: PlacedSetting,
): void {
  const known = model.enums.get(settingEnums.residency);
  if (
    kind.name === "residency" &&
    value.kind === "text" &&
    known !== undefined &&
    !known.includes(value.text)
  )
    report.add(unknownName("region", { text: value.text, span }, known));
  const named = model.enums.get(settingEnums.features);
  if (kind.name === "features" && named !== undefined && !named.includes(key.text))
    report.add(unknownName("feature", key, named));
  if (kind.name !== "retention" || path === "retention.audit") return;
  const stored = [...model.entities.values()].filter(
    (entity) => entity.model.storage !== null && entity.model.shared !== true,
  );
  const names = stored.map((entity) => entity.name);
  if (!names.includes(key.text)) report.add(unknownName("entity", key, [...names, "audit"]));
}

/** What a file says is held against those that come after it: a tenant's against all others, a layer's against its packs. */
function checkAgainstOthers(
  report: Report,
  source: SettingSource,
  setting: PlacedSetting,
  later: readonly SettingSource[],
): void {
  const { path, kind, key, span, text } = setting;
  const others = later.flatMap((other) => other.settings.filter((one) => one.path === path));
  const stricter = others.filter((other) => !isAsStrict(kind.merge, setting.value, other.value));
  const [first] = stricter;
  if (first === undefined) return;
  const holes = { setting: key.text, value: text, other: first.text };
  const related = stricter.map((other) => ({ span: other.span, message: `\`${other.text}\` here` }));
  if (kind.merge === "equal") report.add(finding("setting/conflict", span, holes, { related }));
  else if (source.pack !== null) return;
  else if (kind.merge === "longest" && source.layer === "tenant")
    report.add(finding("setting/retention", span, holes, { related }));
  else report.add(finding("lint/setting-weaker", span, holes, { related }));
}

/** Says once of each setting that nothing carries it out. */
function reportUnenforced(reports: LayerReports, sources: readonly SettingSource[], model: Model): void {
  reportUnswept(reports, sources, model);
  for (const { name, enforcedBy } of settingKinds) {
    if (enforcedBy !== null) continue;
    for (const { layer, settings } of sources) {
      const first = settings.find((setting) => setting.kind.name === name);
      if (first === undefined) continue;
      reports[layer].add(finding("setting/not-enforced", first.key.span, { setting: name }));
      break;
    }
  }
}

/** Rows are kept for a time from their end on: of an entity where nothing says when that was nothing is ever deleted, nor of the audit log. */
function reportUnswept(reports: LayerReports, sources: readonly SettingSource[], model: Model): void {
  const said = new Set<string>();
  for (const { layer, settings } of sources)
    for (const { path, kind, key } of settings) {
      const entity = model.entities.get(key.text)?.model;
      const isSwept = entity !== undefined && endField(entity) !== null;
      if (kind.name !== "retention" || said.has(path) || isSwept) continue;
      if (entity === undefined && path !== "retention.audit") continue;
      said.add(path);
      const help =
        entity === undefined
          ? "the audit log is kept whole: nothing is deleted early, and nothing later"
          : `mark the field that says when a ${key.text} came to its end, an Instant or a Date, with \`#${endClass}\``;
      reports[layer].add(finding("setting/not-enforced", key.span, { setting: path }, { help }));
    }
}
