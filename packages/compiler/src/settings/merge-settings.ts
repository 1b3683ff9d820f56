/** From the settings of the platform, of packs and of a tenant to what holds for the tenant: the strictest of them. */
import {
  lastsAsLong,
  periodDays,
  type Isolation,
  type Layer,
  type Period,
  type Settings,
} from "@wardline/core";
import type { Merge } from "./setting-table.ts";
import type { PlacedSetting, SettingValue } from "./setting-value.ts";

/** The settings of one file or pack. */
export interface SettingSource {
  readonly layer: Layer;
  /** The pack's name; null for the files of the layer itself. */
  readonly pack: string | null;
  readonly settings: readonly PlacedSetting[];
}

const isolations: readonly Isolation[] = ["pool", "schema", "database"];

/** True if `a` is surely at least as strict as `b`. Only for settings that can be stricter or weaker. */
export function isAsStrict(merge: Merge, a: SettingValue, b: SettingValue): boolean {
  switch (merge) {
    case "tenant":
      return true;
    case "equal":
      return sameText(a, b);
    case "shortest":
      return a.kind === "duration" && b.kind === "duration" && a.micros <= b.micros;
    case "longest":
      return a.kind === "period" && b.kind === "period" && lastsAsLong(a.period, b.period);
    case "furthest":
      return rank(a) >= rank(b);
    case "off":
      return a.kind === "switch" && b.kind === "switch" && (!a.on || b.on);
  }
}

function sameText(a: SettingValue, b: SettingValue): boolean {
  return a.kind === "text" && b.kind === "text" && a.text === b.text;
}

function rank(value: SettingValue): number {
  return value.kind === "text" ? isolations.findIndex((isolation) => isolation === value.text) : -1;
}

/** The stricter of two. Of periods of which neither surely lasts as long as the other, one that lasts as long as both. */
function stricter(merge: Merge, a: SettingValue, b: SettingValue): SettingValue {
  if (isAsStrict(merge, a, b)) return a;
  if (isAsStrict(merge, b, a) || a.kind !== "period" || b.kind !== "period") return b;
  const count = Math.max(periodDays(a.period).most, periodDays(b.period).most);
  return { kind: "period", period: { count, unit: "d" } };
}

/** What holds: undefined where no source has a setting. Sources come in the order in which they are asked for a time zone. */
export function mergeSettings(sources: readonly SettingSource[]): Settings | undefined {
  const merged = new Map<string, SettingValue>();
  for (const { path, kind, value } of sources.flatMap((source) => source.settings)) {
    const known = merged.get(path);
    merged.set(path, known === undefined ? value : stricter(kind.merge, known, value));
  }
  return merged.size === 0 ? undefined : settingsOf(merged);
}

function settingsOf(merged: ReadonlyMap<string, SettingValue>): Settings {
  const text = (path: string) => {
    const value = merged.get(path);
    return value?.kind === "text" ? value.text : undefined;
  };
  const micros = (path: string) => {
    const value = merged.get(path);
    return value?.kind === "duration" ? value.micros : undefined;
  };
  const under = <T>(group: string, read: (value: SettingValue) => T | undefined) => {
    const entries = [...merged].flatMap(([path, value]): [string, T][] => {
      const found = path.startsWith(`${group}.`) ? read(value) : undefined;
      return found === undefined ? [] : [[path.slice(group.length + 1), found]];
    });
    return entries.length === 0
      ? undefined
      : Object.fromEntries(entries.toSorted(([a], [b]) => (a < b ? -1 : 1)));
  };
  return (
    present({
      timezone: text("timezone"),
      session: present({ idle: micros("session.idle"), longest: micros("session.longest") }),
      keys: present({ rotate: micros("keys.rotate") }),
      residency: text("residency"),
      isolation: isolations.find((isolation) => isolation === text("isolation")),
      retention: under<Period>("retention", (value) => (value.kind === "period" ? value.period : undefined)),
      features: under<boolean>("features", (value) => (value.kind === "switch" ? value.on : undefined)),
    }) ?? {}
  );
}

type Present<T> = { readonly [K in keyof T]?: Exclude<T[K], undefined> };

/** An object without the keys that are undefined; undefined if none is left. */
function present<T extends object>(object: T): Present<T> | undefined {
  const entries = Object.entries(object).filter(([, value]) => value !== undefined);
  return entries.length === 0 ? undefined : (Object.fromEntries(entries) as Present<T>);
}
