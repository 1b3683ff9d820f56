/** Settings that a card can hold: how each is picked, a first value, and what it means. */
import { settingEnums, settingKinds } from "@wardline/compiler";
import type { Picker } from "../card.ts";
import { listNamed, option, type CardContext } from "../card-context.ts";
import { durationPicker, oneOf, periodPicker } from "../condition/value.ts";
import { plain } from "../../plain-words.ts";

export interface SettingForm {
  /** `session.idle`, `retention.audit` */
  readonly path: string;
  readonly label: string;
  readonly documentation: string;
  readonly picker: Picker;
  /** As it is written first. */
  readonly first: string;
}

const labels: Readonly<Record<string, readonly [string, string]>> = {
  timezone: ["The time zone", "In which times of day and days of the week are told."],
  "session.idle": ["A session that is not used ends after", "Of several files the shortest holds."],
  "session.longest": ["A session ends at the latest after", "Of several files the shortest holds."],
  "keys.rotate": ["Keys are renewed after", "Of several files the shortest holds."],
  residency: ["The data stays in", "All files must say the same."],
  isolation: ["The data is kept apart by", "Of several files the one that keeps it furthest apart holds."],
  retention: ["Kept for", "Of several files the longest holds."],
  features: ["Feature", "Off wherever one file says so."],
};

/** The form of a setting at a path; null if there is none. */
export function settingForm(ctx: CardContext, path: string): SettingForm | null {
  const [group = "", key] = path.split(".");
  const kind = settingKinds.find(({ name }) => name === path || name === group);
  const [label, documentation] = labels[kind?.name ?? ""] ?? [];
  if (kind === undefined || label === undefined || documentation === undefined) return null;
  const of = (picker: Picker, first: string) => {
    const own = key !== undefined && kind.name === group ? labelOf(group, key) : label;
    return { path, label: own, documentation, picker, first };
  };
  switch (kind.name) {
    case "timezone":
      return of({ kind: "text", lines: "one", least: 1 }, '"UTC"');
    case "session.idle":
    case "session.longest":
    case "keys.rotate":
      return of(
        durationPicker(ctx, null),
        kind.name === "session.idle" ? "15m" : kind.name === "keys.rotate" ? "90d" : "8h",
      );
    case "residency": {
      const values = enumValues(ctx, settingEnums.residency);
      const [first] = values;
      if (first === undefined) return of({ kind: "name" }, "eu");
      return of(
        oneOf(ctx, "regions", () => values.map((name) => option(name, plain(name)))),
        first,
      );
    }
    case "isolation":
      return of(
        oneOf(ctx, "isolations", () => [
          option("pool", "rows of shared tables"),
          option("schema", "tables of its own"),
          option("database", "a database of its own"),
        ]),
        "schema",
      );
    case "retention":
      return key === undefined ? null : of(periodPicker(ctx), "6y");
    case "features":
      return key === undefined
        ? null
        : of(
            oneOf(ctx, "on or off", () => [option("on", "on"), option("off", "off")]),
            "off",
          );
  }
}

function labelOf(group: string, key: string): string {
  if (group !== "retention") return `The feature ${plain(key)}`;
  return key === "audit" ? "The audit log is kept for" : `Each ${key} is kept for`;
}

const enumValues = ({ words: { ir } }: CardContext, name: string): readonly string[] =>
  ir.enums.find((one) => one.name === name)?.values ?? [];

/** Paths that can be added where `taken` are there already. */
export function settingPaths(ctx: CardContext): readonly string[] {
  const { ir } = ctx.words;
  const kept = ir.entities
    .filter(({ kind, shared }) => kind === "entity" && shared !== true)
    .map(({ name }) => name);
  return [
    "timezone",
    "session.idle",
    "session.longest",
    "keys.rotate",
    "residency",
    "isolation",
    ...[...kept, "audit"].map((name) => `retention.${name}`),
    ...enumValues(ctx, settingEnums.features).map((name) => `features.${name}`),
  ];
}

export function settingList(ctx: CardContext, taken: ReadonlySet<string>): string {
  const paths = settingPaths(ctx).filter((path) => !taken.has(path));
  return listNamed(ctx, `settings: ${paths.join(" ")}`, () =>
    paths.flatMap((path) => {
      const form = settingForm(ctx, path);
      return form === null ? [] : [option(path, form.label, form.documentation)];
    }),
  );
}
