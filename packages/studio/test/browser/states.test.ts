/** States that one meets seldom: many rules, no language server, forced colours, a broken configuration, a file of others. */
import type { Page } from "playwright-core";
import { describe, expect, test } from "vitest";
import { libraryProject, northPolicy } from "./library-project.ts";
import { axe, expectNoErrors, missing, shot, studioPages } from "./studio-page.ts";

const { openStudio } = studioPages();

const card = (page: Page, name: string) =>
  page.locator(".card", { has: page.locator(".card-name", { hasText: new RegExp(`^${name}$`) }) });

describe.skipIf(missing)("the studio", () => {
  test("shows many rules at once, finds and reaches each, and undoes from a card by any key for it", async () => {
    const rule = (index: number) => `\npermit desk${index}: librarian to read, list Loan\n`;
    const many = `policy north for library\n${Array.from({ length: 50 }, (_, index) => rule(index)).join("")}`;
    const page = await openStudio({ project: libraryProject(many) });
    await card(page, "desk0").getByRole("button", { name: "Who: Librarian" }).waitFor();
    expect(await page.locator(".card").count()).toBe(50);
    const last = card(page, "desk49");
    expect(await last.textContent()).toContain("Librarian");
    expect(await last.locator(".slot").count()).toBe(0);
    await last.scrollIntoViewIfNeeded();
    await last.getByRole("button", { name: "Who: Librarian" }).click();
    await page.getByRole("option", { name: "cashier" }).click();
    await page.getByRole("button", { name: "Set", exact: true }).click();
    const changed = last.getByRole("button", { name: "Who: Librarian and cashier" });
    await changed.waitFor();
    expect(await axe(page)).toEqual([]);
    for (const again of ["Control+Shift+Z", "Control+y", "Meta+Shift+z"]) {
      await last.locator(".slot").first().focus();
      await page.keyboard.press(again.startsWith("Meta") ? "Meta+z" : "Control+z");
      await changed.waitFor({ state: "detached" });
      await last.locator(".slot").first().focus();
      await page.keyboard.press(again);
      await changed.waitFor();
    }
    expectNoErrors(page);
  });

  test("says that the checks did not start, and keeps the text to edit and to save", async () => {
    const page = await openStudio({ project: libraryProject(), tier: "advanced" });
    await page.route(/language-worker/, (route) => route.abort());
    await page.reload();
    await page.locator(".notice[role=alert]", { hasText: "The checks did not start" }).waitFor();
    await page.locator(".view-line", { hasText: "permit desk" }).click();
    await page.keyboard.press("Control+End");
    await page.keyboard.type("// Kept");
    expect(await page.getByText("Nothing to mend").count()).toBe(0);
    expect(await axe(page)).toEqual([]);
    await shot(page, "no-worker");
    const [download] = await Promise.all([page.waitForEvent("download"), page.keyboard.press("Control+s")]);
    expect(download.suggestedFilename()).toContain("north");
  });

  test("is readable in forced colours: what is chosen, focused and to be pressed has a ground or a border", async () => {
    const page = await openStudio({ project: libraryProject(), tier: "advanced" });
    await page.locator(".view-line", { hasText: "permit desk" }).waitFor();
    await page.emulateMedia({ forcedColors: "active", colorScheme: "dark" });
    await page.locator(".monaco-editor.hc-black").first().waitFor();
    await page.getByRole("button", { name: "Colours" }).click();
    await page.getByRole("option", { name: "Light", exact: true }).click();
    expect(await page.locator(".monaco-editor.hc-black").count()).toBeGreaterThan(0);
    await card(page, "desk").getByRole("button", { name: "Who: Librarian" }).click();
    const set = page.getByRole("button", { name: "Set", exact: true });
    await set.waitFor();
    await shot(page, "forced-picker");
    const { ground, words } = await set.evaluate((element) => {
      const { backgroundColor, color } = getComputedStyle(element);
      return { ground: backgroundColor, words: color };
    });
    expect(ground).not.toBe(words);
    expect(
      await page.locator(".option[data-focused]").evaluate((one) => getComputedStyle(one).outlineStyle),
    ).toBe("solid");
    expectNoErrors(page);
  });

  test("opens a project whose configuration is broken, and a file that the basic tier only reads", async () => {
    const page = await openStudio({ project: { ...libraryProject(), config: "{ broken" } });
    await page.getByRole("heading", { level: 1 }).waitFor();
    await page.locator(".card, .refused").first().waitFor();
    await shot(page, "broken-configuration");
    expect(await axe(page)).toEqual([]);
    const read = await openStudio({ project: libraryProject(northPolicy), width: 640, height: 430 });
    await read.getByRole("button", { name: "north File" }).click();
    await read.getByRole("option", { name: "policy/platform.ward" }).click();
    await read.getByText("You can read this here").waitFor();
    expect(await axe(read)).toEqual([]);
    const width = await read.evaluate(() => document.documentElement.scrollWidth);
    expect(width).toBeLessThanOrEqual(640);
    await shot(read, "read-only-half-width");
    expectNoErrors(read);
  });
});
