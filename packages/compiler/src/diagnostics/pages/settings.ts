import type { settingDiagnostics } from "../settings.ts";
import type { PagesOf } from "./page.ts";

const platform = (settings: string) =>
  `platform for library\n\nceiling all: anyone to act on anything\n\nsettings {\n  ${settings}\n}\n`;

/** Pages about settings. */
export const settingPages = {
  "setting/value": {
    summary: "A setting has a value that it does not take.",
    why: "A setting that is guessed at would be enforced as somebody else meant it, or not at all.",
    wrong: 'settings {\n  timezone: ⟪"Europe/Berln"⟫\n}',
    right: 'settings {\n  timezone: "Europe/Berlin"\n}',
  },
  "setting/feature": {
    summary: "A feature is named like a type.",
    why: "A name that no feature can have would turn nothing off.",
    wrong: "settings {\n  features: { ⟪Summaries⟫: off }\n}",
    right: "settings {\n  features: { summaries: off }\n}",
  },
  "setting/conflict": {
    summary: "Two files say differently where rows live.",
    why: "Of most settings the strictest holds. Of two places neither is stricter.",
    wrong: {
      text: "settings {\n  residency: ⟪us⟫\n}",
      beside: { platform: platform("residency: eu") },
    },
    right: {
      text: "settings {\n  residency: eu\n}",
      beside: { platform: platform("residency: eu") },
    },
  },
  "setting/retention": {
    summary: "A tenant keeps rows for less time than it must.",
    why: "What the platform and packs say of retention is a duty that no tenant can shorten.",
    wrong: {
      text: "settings {\n  retention: { Loan: ⟪1y⟫ }\n}",
      beside: { platform: platform("retention: { Loan: 6y }") },
      also: ["setting/not-enforced"],
    },
    right: {
      text: "settings {\n  retention: { Loan: 10y }\n}",
      beside: { platform: platform("retention: { Loan: 6y }") },
      also: ["setting/not-enforced"],
    },
  },
  "setting/not-enforced": {
    summary: "A setting is written that nothing carries out.",
    why: "Whoever writes a setting relies on it. That nothing acts on it must not be found out later.",
    wrong: "settings {\n  retention: { ⟪Loan⟫: 6y }\n}",
    right: 'settings {\n  timezone: "UTC"\n}',
  },
  "lint/setting-weaker": {
    summary: "A setting is weaker than the platform's or a pack's.",
    why: "The strictest of them holds, so that what is written here is not what happens.",
    noFix:
      "Whether the stricter value is meant, or the one that asks for it should change, is not said in this file.",
    wrong: {
      text: "settings {\n  session: { idle: ⟪30m⟫ }\n}",
      beside: { platform: platform("session: { idle: 15m }") },
    },
    right: {
      text: "settings {\n  session: { idle: 10m }\n}",
      beside: { platform: platform("session: { idle: 15m }") },
    },
  },
} as const satisfies PagesOf<typeof settingDiagnostics>;
