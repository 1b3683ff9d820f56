/** *Try it* in a browser: a question by keyboard, its answer, three people side by side, kept as a test that passes. */
import type { Page } from "playwright-core";
import { describe, expect, test } from "vitest";
import { axe, expectNoErrors, missing, shot, studioPages } from "./studio-page.ts";

const { openStudio } = studioPages();

/** Chooses from a list by keyboard alone. */
async function chooseByKeys(page: Page, label: string, option: RegExp): Promise<void> {
  const button = page.getByRole("button", { name: label, exact: false }).first();
  await button.focus();
  await page.keyboard.press("Enter");
  const wanted = page.getByRole("option", { name: option }).first();
  await wanted.waitFor();
  const word = await wanted.getAttribute("data-key");
  expect(word).not.toBeNull();
  const count = await page.getByRole("option").count();
  for (let moved = 0; moved < count; moved += 1) {
    const focused = await page.evaluate(() => document.activeElement?.getAttribute("data-key"));
    if (focused === word) break;
    await page.keyboard.press("ArrowDown");
  }
  await page.keyboard.press("Enter");
  await wanted.waitFor({ state: "detached" });
}

describe.skipIf(missing)("try it", () => {
  test("asks by keyboard, says why, and keeps three people as a test", async () => {
    const page = await openStudio({ hash: "#/try" });
    const verdict = page.locator(".verdict-word");
    await verdict.waitFor();
    await chooseByKeys(page, "Kind of record", /^TimeEntry/);
    await chooseByKeys(page, "Who asks", /^a guest person/);
    await page.getByText("guest_person (guest) asks to").waitFor();
    await page.locator(".verdict-word", { hasText: "Forbidden" }).waitFor();
    expect(await page.locator(".reasons").first().textContent()).toContain(
      "Whatever else is allowed, this stops it.",
    );
    await shot(page, "try-forbidden");

    await chooseByKeys(page, "Who asks", /^a controller person/);
    await page.locator(".verdict-word", { hasText: "Allowed" }).waitFor();
    const row = page.getByRole("row").filter({ has: page.getByRole("rowheader", { name: /^Day/ }) });
    expect(await row.textContent()).toContain("is shown to the month");
    await page.getByRole("button", { name: "All rules about this, step by step" }).click();
    await page.getByText("Three engines gave this answer alike").waitFor();
    await page.evaluate(() => scrollTo(0, 0));
    await shot(page, "try-allowed");
    expect(await axe(page)).toEqual([]);

    for (const role of ["Owner", "Guest", "Controller"]) {
      await page.getByRole("checkbox", { name: `Keep ${role}` }).focus();
      await page.keyboard.press("Space");
    }
    await page.getByRole("button", { name: "Keep 3 people as a test" }).press("Enter");
    await page.getByText(/^Kept as the test “who may/).waitFor();
    const kept = await page.getByRole("region", { name: "The test" }).textContent();
    expect(kept).toMatch(/expect permit controller_person to \w+ time_entry by controllers_time/);
    const test = page.locator(".test-list li", { hasText: "who may" });
    expect(await test.textContent()).toContain("Passes");
    await shot(page, "try-kept");
    await page.getByRole("button", { name: /^Undo: Keep the test/ }).press("Enter");
    await test.waitFor({ state: "detached" });
    expectNoErrors(page);
  });

  test("says what would change the answer, and tries it; a typed value that does not fit is told", async () => {
    const page = await openStudio({ hash: "#/try", theme: "dark", width: 700 });
    await page.locator(".verdict-word").waitFor();
    const sentence = page.locator(".sentence");
    await chooseByKeys(page, "Kind of record", /^TimeEntry/);
    // What was answered before is refused too.
    await sentence.filter({ hasText: "to read a TimeEntry" }).waitFor();
    const before = await sentence.textContent();
    await page.getByRole("button", { name: "Show one that is refused" }).press("Enter");
    await expect.poll(() => sentence.textContent()).not.toBe(before);
    await page.locator(".verdict.deny").waitFor();
    await page
      .getByRole("button", { name: /^Try this: Would be allowed if/ })
      .first()
      .press("Enter");
    await page.locator(".verdict.permit, .verdict.challenge").first().waitFor();
    expect(await page.evaluate(() => document.activeElement?.className)).toContain("verdict");
    await page.getByRole("button", { name: "More about the record" }).press("Enter");
    await page.getByLabel("Rate", { exact: true }).fill("a lot");
    await page.keyboard.press("Enter");
    await page.getByText("Rate: write a number with at most 2 digits after the point.").first().waitFor();
    await shot(page, "try-narrow");
    expect(await axe(page)).toEqual([]);
    expectNoErrors(page);
  });
});
