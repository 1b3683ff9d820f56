/** What the language server gives the text editor, each used once from the keyboard. */
import type { Page } from "playwright-core";
import { describe, expect, test } from "vitest";
import { libraryProject, northPolicy } from "./library-project.ts";
import { axe, expectNoErrors, missing, shot, studioPages } from "./studio-page.ts";

const { openStudio } = studioPages();

const text = `${northPolicy}
permit clerks: clerk to read   Branch
  with limit(100, per: hour)

role clerk extends reader

test "the desk reads" {
  expect permit Member { roles: [librarian] } to read Loan { lost: false } by desk
}

permit readers: reader to read Loan
`;

const rows = text.split("\n");

/** Puts the caret into a word of a line, as somebody does who knows the line's number. */
async function caret(page: Page, line: string, word: string): Promise<void> {
  const row = rows.findIndex((one) => one.includes(line));
  await page.keyboard.press("Control+g");
  await page.locator(".quick-input-widget input").waitFor();
  await page.keyboard.type(`${row + 1}:${String(rows[row]).indexOf(word) + 2}`);
  await page.keyboard.press("Enter");
  await page.locator(".quick-input-widget").waitFor({ state: "hidden" });
}

const shown = (page: Page) =>
  page
    .locator(".view-lines .view-line")
    .allTextContents()
    .then((texts) => texts.join("\n").replaceAll("\u00a0", " "));

/** How much of the text is selected, in pixels. */
const width = (page: Page) =>
  page
    .locator(".selected-text")
    .evaluateAll((parts) => parts.reduce((sum, part) => sum + part.getBoundingClientRect().width, 0));

/** The whole of what an element shows can be seen: nothing stands before its corners. */
const isUncovered = (page: Page, selector: string) =>
  page
    .locator(selector)
    .first()
    .evaluate((element) => {
      const { left, right, top, bottom } = element.getBoundingClientRect();
      const places = [left + 4, right - 4].flatMap((x) => [top + 4, bottom - 4].map((y) => [x, y] as const));
      return places.every(([x, y]) => element.contains(document.elementFromPoint(x, y)));
    });

describe.skipIf(missing)("the features of the text", () => {
  test("explain, find, fold, select, format, mend, run and lead from file to file", async () => {
    const page = await openStudio({ project: libraryProject(text), tier: "advanced", height: 900 });
    const keys = page.keyboard;
    await page.locator(".view-line", { hasText: "permit desk" }).click();
    // The blank before a hint is room beside its box, and no letter.
    await page.locator(".view-line", { hasText: "reader+ clerk to read Loan" }).waitFor();

    await caret(page, "permit desk", "Loan");
    await keys.press("Control+k");
    await keys.press("Control+i");
    await page.locator(".monaco-hover", { hasText: "entity Loan stored in loans" }).waitFor();
    await shot(page, "text-hover");
    expect(await isUncovered(page, ".monaco-hover:not(.hidden)")).toBe(true);
    expect(await axe(page)).toEqual([]);
    await keys.press("Escape");

    await keys.press("Shift+F12");
    const references = page.locator(".reference-zone-widget");
    await references.getByText("library.ward").first().waitFor();
    await shot(page, "text-references");
    expect(await axe(page, ".reference-zone-widget .monaco-list")).toEqual([]);
    await keys.press("Escape");
    await references.waitFor({ state: "detached" });

    await caret(page, "with limit", "100");
    await keys.press("Control+Shift+Space");
    await page.locator(".parameter-hints-widget", { hasText: "limit(COUNT" }).waitFor();
    await keys.press("Escape");

    await keys.press("Control+Shift+O");
    await page.locator(".quick-input-list .monaco-list-row", { hasText: "the desk reads" }).waitFor();
    await shot(page, "text-symbols");
    await keys.type("night");
    await keys.press("Enter");
    const night = String(rows.findIndex((row) => row.startsWith("forbid night")) + 1);
    await expect.poll(() => page.locator(".active-line-number").textContent()).toBe(night);

    await keys.press("Control+Shift+[");
    await page.locator(".view-line", { hasText: "because" }).waitFor({ state: "detached" });
    await keys.press("Control+Shift+]");
    await page.locator(".view-line", { hasText: "because" }).waitFor();

    await caret(page, "permit desk", "read");
    await keys.press("Shift+Alt+ArrowRight");
    let word = 0;
    await expect.poll(async () => (word = await width(page))).toBeGreaterThan(0);
    await keys.press("Shift+Alt+ArrowRight");
    await expect.poll(() => width(page)).toBeGreaterThan(word);
    await keys.press("Shift+Alt+ArrowLeft");
    await expect.poll(() => width(page)).toBe(word);
    await keys.type("export");
    await expect.poll(() => shown(page)).toContain("librarian to export, list Loan");
    await keys.press("Control+z");
    await expect.poll(() => shown(page)).toContain("librarian to read, list Loan");

    await caret(page, "permit clerks", "clerk");
    await keys.press("Control+Shift+I");
    await expect.poll(() => shown(page)).toContain("clerk to read Branch");
    await keys.press("Control+z");
    await expect.poll(() => shown(page)).toContain("clerk to read   Branch");

    await caret(page, "permit readers", "reader to");
    await keys.press("Control+ArrowRight");
    await keys.press("Backspace");
    await page.locator(".squiggly-error").first().waitFor();
    await keys.press("Control+.");
    await page.locator(".action-widget", { hasText: "Write `reader`" }).waitFor();
    await shot(page, "text-quick-fix");
    expect(await axe(page, ".action-widget .monaco-list")).toEqual([]);
    await keys.press("Enter");
    await page.getByRole("button", { name: "Undo: Write `reader`" }).waitFor();
    await page.locator(".squiggly-error").first().waitFor({ state: "detached" });

    await keys.press("F1");
    await keys.type("CodeLens");
    await page.locator(".quick-input-list .monaco-list-row", { hasText: "CodeLens" }).first().waitFor();
    await keys.press("Enter");
    await page.locator(".quick-input-list .monaco-list-row", { hasText: "Explain" }).first().waitFor();
    await keys.press("Enter");
    const said = page.getByRole("dialog");
    await said.getByText("Reader may read Loan.").waitFor();
    await shot(page, "text-explained");
    expect(await axe(page)).toEqual([]);
    await keys.press("Escape");
    await said.waitFor({ state: "detached" });
    expect(await page.evaluate(() => document.activeElement?.closest(".text-editor") !== null)).toBe(true);

    await caret(page, "permit desk", "Loan");
    await keys.press("F12");
    await page.getByRole("heading", { name: "The model" }).waitFor();
    await page.locator(".view-line", { hasText: "entity Loan stored in loans" }).waitFor();
    await expect
      .poll(() => page.evaluate(() => document.activeElement?.getAttribute("aria-label")))
      .toMatch(/^Text of policy\/library\.ward/);
    expectNoErrors(page);
  });
});
