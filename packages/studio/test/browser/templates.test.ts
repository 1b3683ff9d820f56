/** *Templates* in a browser: a rule is filled in, its effect is seen, and it is added and taken back. */
import { describe, expect, test } from "vitest";
import { axe, expectNoErrors, missing, shot, studioPages } from "./studio-page.ts";

const { openStudio } = studioPages();

describe.skipIf(missing)("templates", () => {
  test("a rule is added after its effect is seen, by keyboard alone", async () => {
    const page = await openStudio({ hash: "#/templates" });
    await page.getByRole("heading", { name: "Stop something" }).waitFor();
    await shot(page, "templates");
    expect(await axe(page)).toEqual([]);
    await page.getByRole("button", { name: "Use: A role never does this" }).press("Enter");
    await page.getByRole("heading", { name: "A role never does this" }).waitFor();
    const added = page.getByRole("region", { name: "What is added" });
    await added.waitFor();
    const text = page.getByLabel("What people are told");
    await text.fill('Not "your" work');
    await text.press("Enter");
    await page.getByText('because "Not \\"your\\" work"').waitFor();
    await page
      .getByText(/may no longer/)
      .first()
      .waitFor();
    await shot(page, "template");
    expect(await axe(page)).toEqual([]);
    await page.getByRole("button", { name: "Add to the policy" }).press("Enter");
    await page.getByText("Added to the policy. Undo takes it back.").waitFor();
    expect(await page.evaluate(() => document.activeElement?.textContent)).toContain("Added to the policy");
    const undo = page.getByRole("button", { name: "Undo: Add “A role never does this”" });
    await undo.press("Enter");
    expect(await page.getByText("No changes").count()).toBe(1);
    await page.getByRole("button", { name: "All templates" }).last().press("Enter");
    const used = page.getByRole("button", { name: "Use: A role never does this" });
    await used.waitFor();
    expect(await used.evaluate((button) => button === document.activeElement)).toBe(true);
    expectNoErrors(page);
  });

  test("a pack is a form of its parameters, and says what does not fit", async () => {
    const page = await openStudio({ hash: "#/templates" });
    await page.getByRole("button", { name: /^Use: Careful exports/ }).press("Enter");
    const daily = page.getByLabel("Daily");
    await daily.fill("500");
    await daily.press("Enter");
    await page.getByText(/^This does not fit the policy: /).waitFor();
    await daily.fill("3");
    await daily.press("Enter");
    await page.getByText("daily: 3").waitFor();
    await shot(page, "template-pack");
    expectNoErrors(page);
  });
});
