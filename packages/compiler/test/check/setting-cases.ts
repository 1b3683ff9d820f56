import type { FindingCase } from "./case.ts";
import { libraryModel } from "./library.ts";

/** One setting of north's. */
const setting = (text: string) => ({ file: "policy", text: `settings { ${text} }` }) as const;

const platform = (text: string) =>
  `platform for library\nceiling all: anyone to act on anything\nsettings { ${text} }\n`;

const withRegions = libraryModel.replace("enum Plan", "enum Region { eu, us }\nenum Plan");

/** Settings. */
export const settingCases: readonly FindingCase[] = [
  { code: "name/unknown", ...setting('⟪timezon⟫: "UTC"'), says: "unknown setting", fix: "timezone" },
  {
    code: "name/unknown",
    ...setting("⟪nothing⟫: 5"),
    help: "known: timezone, session, keys, residency, isolation, retention, features",
  },
  { code: "name/unknown", ...setting("⟪constructor⟫: 5") },
  { code: "name/unknown", ...setting("session: { ⟪idel⟫: 15m }"), fix: "idle" },
  {
    code: "name/unknown",
    ...setting("session: { idle: 15m, ⟪constructor⟫: 8h }"),
    help: "known: idle, longest",
  },
  { code: "name/unknown", ...setting("⟪idle⟫: 15m") },
  { code: "name/unknown", ...setting("retention: { ⟪Bok⟫: 6y }"), says: "unknown entity", fix: "Book" },
  {
    code: "name/unknown",
    ...setting("retention: { ⟪Scanner⟫: 6y }"),
    help: "known: Branch, Book, Loan, audit",
  },
  { code: "name/unknown", ...setting("retention: { ⟪audits⟫: 6y }"), fix: "audit" },
  { code: "name/unknown", ...setting("residency: ⟪ue⟫"), model: withRegions, says: "unknown region" },
  { code: "name/unknown", ...setting("residency: ⟪uss⟫"), model: withRegions, fix: "us" },
  {
    code: "name/duplicate",
    ...setting("residency: eu ⟪residency⟫: us"),
    says: "setting `residency` is declared twice",
  },
  { code: "name/duplicate", ...setting("session: { idle: 5m, ⟪idle⟫: 6m }") },
  {
    code: "name/duplicate",
    file: "policy",
    text: "settings { residency: eu }\nsettings { ⟪residency⟫: eu }",
  },

  {
    code: "setting/value",
    ...setting("timezone: ⟪utc⟫"),
    says: "the IANA name of a time zone",
    fix: '"utc"',
  },
  { code: "setting/value", ...setting('timezone: ⟪"Europe/Berln"⟫'), fix: '"Europe/Berlin"' },
  { code: "setting/value", ...setting('timezone: ⟪"+02:00"⟫') },
  { code: "setting/value", ...setting('timezone: ⟪""⟫') },
  { code: "setting/value", ...setting("timezone: ⟪5⟫"), help: 'write `timezone: "Europe/Berlin"`' },
  { code: "setting/value", ...setting("timezone: ⟪{ zone: utc }⟫") },
  {
    code: "setting/value",
    ...setting("session: ⟪15m⟫"),
    help: "write `session: { idle: 15m, longest: 8h }`",
  },
  { code: "setting/value", ...setting("session: { idle: ⟪15⟫ }"), help: "say the unit, as in `idle: 15m`" },
  { code: "setting/value", ...setting("session: { idle: ⟪0m⟫ }"), help: "leave it out, or write how long" },
  { code: "setting/value", ...setting("session: { idle: ⟪0⟫ }"), help: "leave it out, or write how long" },
  { code: "setting/value", ...setting('session: { idle: ⟪"15m"⟫ }'), fix: "15m" },
  {
    code: "setting/value",
    ...setting("session: { idle: ⟪1mo⟫ }"),
    help: "months and years have no length of their own: write days, as in `90d`",
  },
  { code: "setting/value", ...setting("session: { idle: ⟪never⟫ }") },
  { code: "setting/value", ...setting("session: { idle: ⟪principal⟫ }") },
  { code: "setting/value", ...setting("session: { idle: ⟪#secret⟫ }") },
  { code: "setting/value", ...setting("session: { idle: ⟪f(15m)⟫ }") },
  { code: "setting/value", ...setting("session: { idle: ⟪9_007_199_254_740_993us⟫ }") },
  { code: "setting/value", ...setting("keys: { rotate: ⟪2026-01-01⟫ }") },
  { code: "setting/value", ...setting("residency: ⟪EU⟫".replace("EU", '"eu"')), fix: "eu" },
  { code: "setting/value", ...setting("residency: ⟪15m⟫") },
  { code: "setting/value", ...setting("isolation: ⟪databse⟫"), fix: "database" },
  { code: "setting/value", ...setting("isolation: ⟪tight⟫"), help: "write `isolation: schema`" },
  { code: "setting/value", ...setting("isolation: ⟪true⟫") },
  { code: "setting/value", ...setting("retention: ⟪6y⟫"), help: "write `retention: { audit: 6y }`" },
  {
    code: "setting/value",
    ...setting("retention: { Book: ⟪6h⟫ }"),
    help: "write days, weeks, months or years, as in `30d` or `6y`",
  },
  { code: "setting/value", ...setting("retention: { Book: ⟪0d⟫ }") },
  {
    code: "setting/value",
    ...setting("retention: { Book: ⟪6⟫ }"),
    help: "say the unit, as in `retention: { audit: 6y }`",
  },
  { code: "setting/value", ...setting("retention: { Book: ⟪1000001y⟫ }") },
  { code: "setting/value", ...setting("features: { a: ⟪false⟫ }"), fix: "off" },
  { code: "setting/value", ...setting("features: { a: ⟪none⟫ }"), says: "`on` or `off`" },
  { code: "setting/feature", ...setting("features: { ⟪Summaries⟫: off }") },

  {
    code: "setting/conflict",
    ...setting("residency: ⟪us⟫"),
    platform: platform("residency: eu"),
    says: "`us` here and `eu` elsewhere",
  },
  {
    code: "setting/retention",
    ...setting("retention: { Book: ⟪5y⟫ }"),
    platform: platform("retention: { Book: 6y }"),
    help: "write `Book: 6y`, or longer, or leave it out",
  },
  {
    code: "setting/retention",
    ...setting("retention: { audit: ⟪30d⟫ }"),
    platform: platform("retention: { audit: 1mo }"),
  },

  ...["retention: { ⟪Book⟫: 6y, ⟪audit⟫: 6y }"].map((text): FindingCase => ({
    code: "setting/not-enforced",
    ...setting(text),
  })),
  {
    code: "lint/setting-weaker",
    ...setting("session: { idle: ⟪20m⟫ }"),
    platform: platform("session: { idle: 15m }"),
    says: "`idle: 20m` has no effect: `15m` is stricter",
  },
  {
    code: "lint/setting-weaker",
    ...setting("keys: { rotate: ⟪91d⟫ }"),
    platform: platform("keys: { rotate: 90d }"),
  },
  { code: "lint/setting-weaker", ...setting("isolation: ⟪pool⟫"), platform: platform("isolation: schema") },
  {
    code: "lint/setting-weaker",
    ...setting("features: { a: ⟪on⟫ }"),
    platform: platform("features: { a: off }"),
  },
  {
    code: "lint/setting-weaker",
    file: "platform",
    text: "use guide 1.2\nsettings { session: { idle: ⟪20m⟫ } }",
    packs: ["pack guide 1.2\nsettings { session: { idle: 15m } }\n"],
  },
];
