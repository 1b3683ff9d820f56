/** The text editor over the language server in the worker: what it shows, what it changes, and the commands of its lenses. */
import type { Page } from "playwright-core";
import { describe, expect, test } from "vitest";
import { libraryProject, northPolicy } from "./library-project.ts";
import { axe, expectNoErrors, missing, shot, studioPages } from "./studio-page.ts";

const { openStudio } = studioPages();

const tested = `${northPolicy}
permit clerks: clerk to read Branch

role clerk extends reader

test "the desk reads" {
  expect permit Member { roles: [librarian] } to read Loan { lost: false } by desk
}
`;

const lines = (page: Page) =>
  page
    .locator(".view-lines .view-line")
    .allTextContents()
    .then((texts) => texts.join("\n").replaceAll("\u00a0", " "));

describe.skipIf(missing)("the text editor", () => {
  test("completes, explains, renames everywhere as one entry, follows the cards and is followed", async () => {
    const page = await openStudio({ project: libraryProject(tested), tier: "advanced", height: 1000 });
    await page.locator(".view-line", { hasText: "permit desk" }).waitFor();
    await page.getByRole("article", { name: "Forbid night" }).click();
    await page.locator(".shown-lines").first().waitFor();
    await page.locator(".view-line", { hasText: "permit desk" }).click();
    await page.locator("[data-selected=true]", { hasText: "desk" }).waitFor();
    await page.locator(".codelens-decoration").getByText("Run 1 test").click();
    const said = page.getByRole("dialog");
    await said.getByText("the desk reads").waitFor();
    await shot(page, "tests-ran");
    await said.getByRole("button", { name: "Close" }).click();

    await page.locator(".view-line", { hasText: "role clerk" }).click();
    await page.keyboard.press("Home");
    await page.keyboard.press("Control+ArrowRight");
    await page.keyboard.press("Control+ArrowRight");
    await page.keyboard.press("F2");
    const name = page.locator(".rename-box input");
    await name.waitFor();
    await name.fill("assistant");
    await page.keyboard.press("Enter");
    await expect.poll(() => lines(page)).toContain("role assistant extends reader");
    expect(await lines(page)).toContain("permit clerks: assistant to read Branch");
    await page.getByRole("button", { name: "Undo: Rename to assistant" }).click();
    await expect.poll(() => lines(page)).toContain("role clerk extends reader");
    expect(await lines(page)).toContain("permit clerks: clerk to read Branch");
    expect(await page.getByRole("button", { name: "Undo", exact: true }).isDisabled()).toBe(true);

    await page.locator(".view-line", { hasText: "permit clerks" }).click();
    await page.keyboard.press("End");
    await page.keyboard.type(", ");
    await page.keyboard.press("Control+Space");
    const suggestions = page.locator(".suggest-widget .monaco-list-row");
    await suggestions.filter({ hasText: "Loan" }).first().waitFor();
    await shot(page, "completion");
    await suggestions.filter({ hasText: "Loan" }).first().click();
    await expect.poll(() => lines(page)).toContain("clerk to read Branch, Loan");
    await page.getByRole("button", { name: "Of what: Branch and Loan" }).waitFor();
    await page.keyboard.press("Escape");
    expect(await axe(page)).toEqual([]);
    expectNoErrors(page);
  });
});
