/** The screens, loaded when they are shown first. */
import { lazy, type ComponentType, type LazyExoticComponent } from "react";
import type { Tier } from "../session/preferences.ts";
import type { ScreenName } from "./route.ts";

export interface ScreenEntry {
  readonly title: string;
  /** The least tier whose navigation shows it. */
  readonly tier: Tier;
  readonly Screen: LazyExoticComponent<ComponentType>;
}

type ScreenModule = Promise<{ readonly Screen: ComponentType }>;
const loaded = (load: () => ScreenModule) => lazy(async () => ({ default: (await load()).Screen }));

export const screenEntries: { readonly [Name in ScreenName]: ScreenEntry } = {
  policy: { title: "Policy", tier: "basic", Screen: loaded(() => import("../screens/policy/index.tsx")) },
  try: { title: "Try it", tier: "basic", Screen: loaded(() => import("../screens/try-it/index.tsx")) },
  "who-can": {
    title: "Who can",
    tier: "basic",
    Screen: loaded(() => import("../screens/who-can/index.tsx")),
  },
  review: { title: "Review", tier: "basic", Screen: loaded(() => import("../screens/review/index.tsx")) },
  artefacts: {
    title: "Artefacts",
    tier: "advanced",
    Screen: loaded(() => import("../screens/artefacts/index.tsx")),
  },
  templates: {
    title: "Templates",
    tier: "basic",
    Screen: loaded(() => import("../screens/templates/index.tsx")),
  },
};
