/** Chromium over the built studio: one browser and one server for a file of tests. Skips, and says so, without Chromium. */
import { mkdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { findChromium } from "@wardline/database-testing";
import { chromium, type Browser, type Page } from "playwright-core";
import { afterAll, beforeAll, expect } from "vitest";
import type { BesideProject } from "../../src/host/browser-host.ts";
import { builtApp } from "./built-app.ts";
import { serveApp, type ServedApp } from "./serve-app.ts";

export const found = findChromium();
/** `describe.skipIf(missing)`. */
export const missing = "missing" in found;

export interface OpenOptions {
  /** What the browser alone opens; the built-in example without. */
  readonly project?: BesideProject;
  /** `#/try` */
  readonly hash?: string;
  readonly tier?: "basic" | "advanced";
  readonly theme?: "light" | "dark";
  readonly width?: number;
  readonly height?: number;
  /** Device pixels for each of the page's: 2 with half the width and height is a zoom of 200 %. */
  readonly zoom?: number;
}

export interface StudioPages {
  /** A fresh page, opened and ready. What the page reports as an error fails the test by `expectNoErrors`. */
  readonly openStudio: (options?: OpenOptions) => Promise<Page>;
  readonly app: () => ServedApp;
}

const errors = new WeakMap<Page, string[]>();

/** Call it once at the top of a file, outside of tests. */
export function studioPages(): StudioPages {
  let browser: Browser | null = null;
  let app: ServedApp | null = null;
  beforeAll(async () => {
    if ("missing" in found) {
      console.warn(`the studio is not tested: ${found.missing}`);
      return;
    }
    const folder = await builtApp();
    app = await serveApp(folder);
    browser = await chromium.launch({ executablePath: found.path, args: ["--no-sandbox", "--disable-gpu"] });
  });
  afterAll(async () => {
    await browser?.close();
    await app?.close();
  });
  return {
    app: () => app as ServedApp,
    openStudio: async ({
      project,
      hash = "#/policy",
      tier,
      theme,
      width = 1280,
      height = 860,
      zoom = 1,
    } = {}) => {
      if (browser === null || app === null) throw new Error("there is no browser");
      app.give(project ?? null);
      const context = await browser.newContext({
        viewport: { width, height },
        deviceScaleFactor: zoom,
        colorScheme: theme ?? "light",
        reducedMotion: "reduce",
        acceptDownloads: true,
      });
      // As long as `expect.poll` looks.
      context.setDefaultTimeout(60_000);
      if (tier !== undefined)
        await context.addInitScript((name) => {
          localStorage.setItem("wardline.studio.tier", name);
        }, tier);
      const page = await context.newPage();
      watchErrors(page);
      await page.goto(app.url + hash);
      await page.getByRole("main").waitFor();
      return page;
    },
  };
}

/** Keeps what the page reports as an error from now on, for {@link expectNoErrors}. */
export function watchErrors(page: Page): void {
  const told: string[] = [];
  errors.set(page, told);
  page.on("pageerror", (error) => told.push(String(error)));
  page.on("console", (message) => {
    if (message.type() === "error") told.push(message.text());
  });
}

/** Nothing was thrown, refused by the content security policy, or reported by React. */
export function expectNoErrors(page: Page): void {
  expect(errors.get(page)).toEqual([]);
}

const axeSource = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

interface AxeRun {
  readonly axe: {
    run(
      context: object,
      options: object,
    ): Promise<{ violations: { id: string; help: string; nodes: { html: string }[] }[] }>;
  };
}

/** Of all rules those whose answer depends on colours: the tree, names and sizes are the same in both themes. */
const colourRules = ["color-contrast", "link-in-text-block"];

/**
 * What axe finds wrong by WCAG 2.2 A and AA and its best practices, in both themes. Expect `[]`. Of what matches `foreign`,
 * lists whose roles and names the text editor writes, only the colours are judged. `within`: nothing else is looked at.
 */
export async function axe(
  page: Page,
  foreign: string | null = null,
  within: string | null = null,
): Promise<readonly string[]> {
  const all: string[] = [];
  if (!(await page.evaluate(() => "axe" in globalThis))) await page.evaluate(axeSource);
  const runs = [
    { theme: "light", only: null, exclude: foreign },
    ...(foreign === null ? [] : [{ theme: "light", only: colourRules, exclude: null } as const]),
    { theme: "dark", only: colourRules, exclude: null },
  ] as const;
  for (const { theme, only: rules, exclude: without } of runs) {
    await page.emulateMedia({ colorScheme: theme });
    const violations = await page.evaluate(
      async ({ only, exclude, include }) => {
        // Colours that are on their way to the other theme have no contrast of their own.
        await new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)));
        await Promise.all(document.getAnimations().map((animation) => animation.finished.catch(() => null)));
        const tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];
        // What opens above the page stands outside of its landmarks, and makes the page inert.
        const above = document.querySelector(".popover, .modal") !== null;
        const run = await (globalThis as unknown as AxeRun).axe.run(
          exclude === null && include === null
            ? document
            : {
                ...(exclude === null ? {} : { exclude: [exclude] }),
                ...(include === null ? {} : { include: [include] }),
              },
          {
            runOnly: only ?? tags,
            resultTypes: ["violations"],
            rules: only === null ? { region: { enabled: !above } } : {},
          },
        );
        return run.violations.map(
          ({ id, help, nodes }) => `${id}: ${help}: ${nodes.map(({ html }) => html).join(" | ")}`,
        );
      },
      { only: rules === null ? null : [...rules], exclude: without, include: within },
    );
    all.push(...violations.map((violation) => `${theme}: ${violation}`));
  }
  await page.emulateMedia({ colorScheme: "light" });
  return all;
}

/** Writes a picture to look at where `STUDIO_SHOTS` names a folder. */
export async function shot(page: Page, name: string): Promise<void> {
  const folder = process.env["STUDIO_SHOTS"];
  if (folder === undefined) return;
  mkdirSync(folder, { recursive: true });
  await page.screenshot({ path: join(folder, `${name}.png`) });
}
