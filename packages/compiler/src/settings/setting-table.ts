/** All settings: what each takes, how those of several files become one, and the code that enforces it. */

/** How values of the platform, of packs and of a tenant become one. */
export type Merge =
  /** The tenant's, then the platform's, then a pack's. */
  | "tenant"
  /** The shortest time. */
  | "shortest"
  /** The longest time; what the platform and packs say is the least that a tenant may. */
  | "longest"
  /** The one that stands furthest apart. */
  | "furthest"
  /** All must say the same. */
  | "equal"
  /** Off wherever one says so. */
  | "off";

export interface SettingKind {
  /** `session.idle`; of a setting with keys of its own, such as `retention`, the setting alone. */
  readonly name: string;
  /** For people: `a Duration above zero`. */
  readonly wanted: string;
  /** As it is written. */
  readonly form: string;
  readonly merge: Merge;
  /** The function that carries it out, with its file from the root of the repository; null if nothing does yet. */
  readonly enforcedBy: { readonly file: string; readonly name: string } | null;
}

const duration = "a Duration above zero, such as `15m`";

const sessionEnd = { file: "packages/sdk/src/session-times.ts", name: "sessionEnd" };

export const settingKinds = [
  {
    name: "timezone",
    wanted: "the IANA name of a time zone, in quotes",
    form: 'timezone: "Europe/Berlin"',
    merge: "tenant",
    enforcedBy: { file: "packages/core/src/value/clock.ts", name: "clockAt" },
  },
  { name: "session.idle", wanted: duration, form: "idle: 15m", merge: "shortest", enforcedBy: sessionEnd },
  {
    name: "session.longest",
    wanted: duration,
    form: "longest: 8h",
    merge: "shortest",
    enforcedBy: sessionEnd,
  },
  {
    name: "keys.rotate",
    wanted: duration,
    form: "rotate: 90d",
    merge: "shortest",
    enforcedBy: { file: "packages/isolation/src/keys/reseal/due-keys.ts", name: "dueKeys" },
  },
  {
    name: "residency",
    wanted: "a region, by its name",
    form: "residency: eu",
    merge: "equal",
    enforcedBy: { file: "packages/isolation/src/placement/requirements.ts", name: "checkRequirements" },
  },
  {
    name: "isolation",
    wanted: "`pool`, `schema` or `database`",
    form: "isolation: schema",
    merge: "furthest",
    enforcedBy: { file: "packages/isolation/src/placement/requirements.ts", name: "checkRequirements" },
  },
  {
    name: "retention",
    wanted: "a Period above zero, such as `30d`, `6mo` or `6y`",
    form: "retention: { audit: 6y }",
    merge: "longest",
    enforcedBy: { file: "packages/isolation/src/retention/sweep-retention.ts", name: "sweepRetention" },
  },
  {
    name: "features",
    wanted: "`on` or `off`",
    form: "features: { NAME: off }",
    merge: "off",
    enforcedBy: { file: "packages/sdk/src/feature.ts", name: "featureIsOn" },
  },
] as const satisfies readonly SettingKind[];

/** The enums of the model that say which values, or keys, these settings have, where the model has them. */
export const settingEnums = { residency: "Region", features: "Feature" } as const;

/** Settings that hold others: with which keys, or any. */
export const settingGroups: ReadonlyMap<
  string,
  { readonly keys: readonly string[] | null; readonly form: string }
> = new Map([
  ["session", { keys: ["idle", "longest"], form: "session: { idle: 15m, longest: 8h }" }],
  ["keys", { keys: ["rotate"], form: "keys: { rotate: 90d }" }],
  ["retention", { keys: null, form: "retention: { audit: 6y }" }],
  ["features", { keys: null, form: "features: { NAME: off }" }],
]);

/** The kind of the setting at a path, such as `retention.Loan`; undefined if there is none. */
export function settingKind(path: string): SettingKind | undefined {
  const [first = ""] = path.split(".");
  return settingKinds.find(({ name }) => name === path || name === first);
}

/** The names that stand at the left of a colon outside of braces. */
export const settingNames: readonly string[] = [
  ...new Set(settingKinds.map(({ name }) => name.split(".")[0] ?? name)),
];
