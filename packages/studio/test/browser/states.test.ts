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

  test("is accessible on cards of a pack, of conditions with parameters, of new asserts, in forms, and where nothing opens", async () => {
    const pack = `pack guide 1.0

/// What must not be read by chance.
parameter secret: class
parameter fresh: Duration(..15m) = 15m
parameter least: Int(0..5) = 1

require factor: step_up(mfa, within: fresh) for anyone to read anything touching secret
`;
    const library = libraryProject(
      `${northPolicy}\nlet within(who, what) = who in what.branch and not what.lost\n\nrole night extends reader\n`,
    );
    const project = {
      ...library,
      config: JSON.stringify({
        ...(JSON.parse(library.config ?? "{}") as object),
        packs: ["packs/guide.ward"],
      }),
      files: [...library.files, { name: "packs/guide.ward", text: pack }],
    };
    const page = await openStudio({ project, tier: "advanced", width: 1280, height: 3000 });
    await page.getByRole("button", { name: "Hide the text" }).click();
    for (const claim of [/^Nobody else may ever/, /^Somebody may always/, /^A field is never shown/]) {
      await page.getByRole("button", { name: "Say what must always hold", exact: true }).click();
      await page.getByRole("option", { name: claim }).click();
      await page.getByRole("dialog").waitFor({ state: "detached" });
    }
    await page.getByRole("button", { name: "Ask for something first" }).click();
    await page.getByRole("option", { name: "Seal fields in the database" }).click();
    await card(page, "new require").waitFor();
    await shot(page, "asserts-and-parameters");
    expect(await axe(page)).toEqual([]);
    for (const asks of ["Rename", "Describe"]) {
      await card(page, "new assert")
        .getByRole("button", { name: /^More for/ })
        .click();
      await page.getByRole("menuitem", { name: asks }).click();
      await page.getByRole("dialog").waitFor();
      if (asks === "Rename") {
        await page.getByRole("textbox", { name: "Name" }).fill("!");
        await page.keyboard.press("Enter");
        await page.getByText("Write a name with a letter in it").waitFor();
      }
      await shot(page, `form-${asks}`);
      expect(await axe(page, null, ".modal"), asks).toEqual([]);
      await page.keyboard.press("Escape");
      await page.getByRole("dialog").waitFor({ state: "detached" });
    }
    await page.getByRole("button", { name: "north File" }).click();
    await page.getByRole("option", { name: "packs/guide.ward" }).click();
    await card(page, "secret").waitFor();
    await shot(page, "parameters");
    expect(await axe(page)).toEqual([]);
    await card(page, "fresh").locator(".slot").first().click();
    await page.getByRole("dialog").waitFor();
    expect(await axe(page, null, ".popover"), "bounds").toEqual([]);
    expectNoErrors(page);

    const broken = await openStudio({ project });
    await broken.route("**/project.json", (route) => route.fulfill({ body: "{" }));
    await broken.reload();
    await broken.getByRole("alert").waitFor();
    await shot(broken, "mishap");
    expect(await axe(broken)).toEqual([]);
  });
});
