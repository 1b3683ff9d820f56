/** The shell around the screens: how it opens, what it weighs, how one goes from screen to screen. */
import { gzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { libraryProject } from "./library-project.ts";
import { axe, expectNoErrors, missing, shot, studioPages } from "./studio-page.ts";

const { openStudio, app } = studioPages();

const kibibyte = 1024;

describe.skipIf(missing)("the shell", () => {
  test("goes from screen to screen, says which one it is, and is accessible in both themes", async () => {
    const page = await openStudio({ project: libraryProject(), tier: "advanced" });
    await page.getByRole("article").first().waitFor();
    await page.locator(".view-line").first().waitFor();
    expect(await axe(page)).toEqual([]);
    await page.getByRole("heading", { level: 1 }).waitFor();
    const links = page.getByRole("navigation", { name: "Screens" }).getByRole("link");
    expect(await links.allTextContents()).toEqual([
      "Policy",
      "Try it",
      "Who can",
      "Review",
      "Artefacts",
      "Templates",
    ]);
    for (const link of await links.all()) {
      const title = await link.textContent();
      await link.click();
      // The screen before stays until the next one is there.
      await expect.poll(() => page.title(), { timeout: 60_000 }).toContain(title);
      await page.getByRole("heading", { level: 1 }).waitFor();
      await shot(page, `screen-${String(title)}`);
    }
    await page.getByRole("radio", { name: "Basic" }).click();
    await page.getByRole("link", { name: "Policy" }).click();
    expect(await links.allTextContents()).toEqual(["Policy", "Try it", "Who can", "Review", "Templates"]);
    expectNoErrors(page);
  });

  test("opens other files in the place of these, says why it does not, and asks before edits are lost", async () => {
    const page = await openStudio();
    await page.getByRole("article").first().waitFor();
    const pick = (name: string, text: string) =>
      page
        .locator("input[type=file]")
        .setInputFiles({ name, mimeType: "text/plain", buffer: Buffer.from(text) });
    await pick("notes.json", "{}");
    await page.getByText("There is no policy here").waitFor();
    await page.getByRole("button", { name: "Close" }).click();
    // The last card, which nothing else speaks of; it has its controls when it is in sight.
    const count = await page.locator(".cards > li").first().getAttribute("aria-setsize");
    const last = page.locator(`.cards > li[aria-posinset="${count}"]`);
    await last.scrollIntoViewIfNeeded();
    await last.getByRole("button", { name: /^More for/ }).click();
    await page.getByRole("menuitem", { name: "Remove" }).click();
    await page.getByText("1 file changed").waitFor();
    const asked = page.waitForEvent("dialog");
    await page.close({ runBeforeUnload: true });
    const dialog = await asked;
    expect(dialog.type()).toBe("beforeunload");
    await dialog.dismiss();
    page.once("dialog", (question) => void question.accept());
    for (const tenant of ["north", "south"]) {
      await pick("own.ward", `policy ${tenant}\n`);
      await page.getByRole("heading", { name: `Policy of ${tenant}` }).waitFor();
      await page.getByText("No changes").waitFor();
    }
  });

  test("comes with the licences of what the page and its workers bundle", async () => {
    const text = await (await fetch(new URL("/third-party.md", app().url))).text();
    for (const name of ["react", "monaco-editor", "chevrotain", "vscode-jsonrpc"])
      expect(text).toMatch(new RegExp(`^## ${name} \\d`, "m"));
  });

  test("weighs at most 200 KB before the text editor loads, and the worker beside it no more than 450", async () => {
    const before = app().asked.length;
    const page = await openStudio();
    await page.getByRole("article").first().waitFor();
    const files = [...new Set(app().asked.slice(before))].filter((path) => path !== "/project.json");
    const weights = await Promise.all(
      files.map(async (path) => {
        const bytes = await (await fetch(new URL(path, app().url))).arrayBuffer();
        return { path, weight: gzipSync(new Uint8Array(bytes)).length };
      }),
    );
    const weigh = (isWorker: boolean) =>
      weights
        .filter(({ path }) => path.includes("worker") === isWorker)
        .reduce((sum, { weight }) => sum + weight, 0);
    console.info(`page ${weigh(false)} bytes, worker ${weigh(true)} bytes`);
    expect(files.filter((path) => path.includes("text-panel") || path.includes("editor"))).toEqual([]);
    expect(weigh(false)).toBeLessThanOrEqual(200 * kibibyte);
    expect(weigh(true)).toBeGreaterThan(0);
    expect(weigh(true)).toBeLessThanOrEqual(450 * kibibyte);
  });
});
