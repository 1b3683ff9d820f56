/** The text editor over the language server in the worker: what it shows, what it changes, and the commands of its lenses. */
import { readFile } from "node:fs/promises";
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

  test("takes back what was done in one go at once, under its name: carets, an input method, a format", async () => {
    const page = await openStudio({ project: libraryProject(tested), tier: "advanced", height: 1000 });
    const undo = (label: string) => page.getByRole("button", { name: `Undo: ${label}`, exact: true });
    const nothing = page.getByRole("button", { name: "Undo", exact: true });
    await page.locator(".view-line", { hasText: "Who stands at the desk" }).click();
    const first = await lines(page);
    await page.keyboard.press("End");
    await page.keyboard.press("Control+Shift+ArrowDown");
    await page.keyboard.press("End");
    await page.keyboard.type("xy");
    await expect.poll(() => lines(page)).toContain("desk.xy\npermit desk: librarian to read, list Loanxy");
    await undo("Edit the text").click();
    await expect.poll(() => lines(page)).toBe(first);
    expect(await nothing.isDisabled()).toBe(true);

    await page.locator(".view-line", { hasText: "Who stands at the desk" }).click();
    await page.keyboard.press("End");
    const client = await page.context().newCDPSession(page);
    const compose = (text: string) =>
      client.send("Input.imeSetComposition", {
        text,
        selectionStart: text.length,
        selectionEnd: text.length,
      });
    for (const text of ["k", "か", "かn", "かんじ", "漢字"]) await compose(text);
    await client.send("Input.insertText", { text: "漢字" });
    await expect.poll(() => lines(page)).toContain("desk.漢字\n");
    await compose("も");
    await client.send("Input.insertText", { text: "も" });
    await expect.poll(() => lines(page)).toContain("desk.漢字も\n");
    await page.keyboard.press("Control+z");
    await expect.poll(() => lines(page)).toContain("desk.漢字\n");
    await page.keyboard.press("Control+z");
    await expect.poll(() => lines(page)).toBe(first);
    expect(await nothing.isDisabled()).toBe(true);

    await page.locator(".view-line", { hasText: "permit desk" }).click();
    await page.keyboard.press("Home");
    await page.keyboard.type("  ");
    await page.keyboard.press("Control+Shift+i");
    await undo("Format").waitFor();
    await expect.poll(() => lines(page)).toBe(first);
    await page.keyboard.press("Control+/");
    await undo("Comment or uncomment lines").click();
    await undo("Format").click();
    await undo("Edit the text").click();
    await expect.poll(() => lines(page)).toBe(first);
    expect(await nothing.isDisabled()).toBe(true);
    expectNoErrors(page);
  });

  test("shows a hostile text as text, in its place, and keeps its ends of lines", async () => {
    const hostile = `${northPolicy}
/// <img src="http://evil.example/x"> ![p](http://evil.example/p.png) ${"w".repeat(900)}
permit evil_${"n".repeat(190)}: librarian to read Loan
  because "<img src=x onerror=alert(1)> ${"y".repeat(900)}"
`.replaceAll("\n", "\r\n");
    const page = await openStudio({ project: libraryProject(hostile), tier: "advanced", height: 1000 });
    const foreign: string[] = [];
    page.on("request", (request) => {
      if (!request.url().startsWith(new URL(page.url()).origin)) foreign.push(request.url());
    });
    await page.locator(".view-line", { hasText: "permit desk" }).waitFor();
    const isWide = () => page.evaluate(() => document.documentElement.scrollWidth > innerWidth);
    expect(await isWide()).toBe(false);
    expect(await page.locator("main img").count()).toBe(0);

    const desk = page.getByRole("article", { name: "Permit desk" });
    await desk.getByRole("button", { name: "A reason" }).click();
    await page.locator(".view-line", { hasText: "because" }).first().waitFor();
    await page.locator(".view-line", { hasText: "forbid night" }).click();
    await page.keyboard.press("End");
    await page.keyboard.type(" // typed");
    await expect.poll(() => lines(page)).toContain("to update Loan // typed");
    await shot(page, "hostile-text");
    const [download] = await Promise.all([page.waitForEvent("download"), page.keyboard.press("Control+s")]);
    const saved = await readFile(await download.path(), "utf8");
    expect(saved.match(/(?<!\r)\n/g)).toBe(null);
    const written = saved.replace(/\r\n {2}because "No reason is written yet"/, "").replace(" // typed", "");
    expect(written).toBe(hostile);
    await page.evaluate(() => {
      location.hash = "#/try";
    });
    await page.getByRole("heading", { name: "Try it" }).waitFor();
    await page.getByRole("heading", { name: "Tests of this policy" }).waitFor();
    expect(await isWide()).toBe(false);
    expect(foreign).toEqual([]);
    expectNoErrors(page);
  });
});
