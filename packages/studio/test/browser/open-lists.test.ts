/** What opens above a card, at every size: pickers, the card's menu, suggestions of the text; and words that an input method composes. */
import type { Page } from "playwright-core";
import { describe, expect, test } from "vitest";
import { libraryProject } from "./library-project.ts";
import { axe, expectNoErrors, missing, shot, studioPages } from "./studio-page.ts";

const { openStudio } = studioPages();

/** A word of each kind of picker. */
const everyKind = `policy north for library

permit desk: librarian to read, list Loan
  when resource.shelf in [open, rare]
  when resource.due > 2026-01-05T12:00:00Z
  unless clock.time in 22:00..06:00
  with mask(title, initials)
  because "At the desk"
`;

const pickers = [
  /^Who:/,
  /^What may be done:/,
  /^How it is shown:/,
  /^What is looked at: its shelf/,
  /^With what it is compared: open or rare/,
  /^With what it is compared: 2026/,
  /^With what it is compared: 22:00/,
];

const word = (page: Page, name: RegExp) => page.getByRole("article").getByRole("button", { name }).first();

/** Opens each picker and the card's menu, and closes it again. */
async function openEach(page: Page, look: (what: string) => Promise<void>): Promise<void> {
  for (const name of pickers) {
    await word(page, name).click();
    await page.getByRole("dialog").waitFor();
    await look(name.source);
    await page.keyboard.press("Escape");
    await page.getByRole("dialog").waitFor({ state: "detached" });
  }
  await word(page, /^More for/).click();
  await page.getByRole("menu").waitFor();
  await look("menu");
  await page.keyboard.press("Escape");
  await page.getByRole("menu").waitFor({ state: "detached" });
}

const isWide = (page: Page) =>
  page.evaluate(() => document.documentElement.scrollWidth > document.documentElement.clientWidth);

/** What does not lie in the window, or is wider than what it opened in. */
const outside = (page: Page) =>
  page.evaluate(() => {
    const opened = document.querySelector(".popover");
    if (opened === null) return ["nothing opened"];
    const { left, right, top, bottom } = opened.getBoundingClientRect();
    const all = [...opened.querySelectorAll("*")].filter((one) => {
      const place = one.getBoundingClientRect();
      return place.width > 1 && (place.right > right + 1 || place.left < left - 1);
    });
    const isIn = left >= 0 && right <= innerWidth && top >= 0 && bottom <= innerHeight;
    return [...(isIn ? [] : ["the whole"]), ...all.map((one) => one.outerHTML)];
  });

describe.skipIf(missing)("what opens above a card", () => {
  test("has names, roles and contrast in both themes, stands still for who wants no motion, and takes an input method", async () => {
    const page = await openStudio({ project: libraryProject(everyKind), tier: "advanced" });
    await page.locator(".view-line", { hasText: "permit desk" }).waitFor();
    await openEach(page, async (what) => {
      expect(await axe(page, null, ".popover"), what).toEqual([]);
    });
    await word(page, /^Who:/).click();
    await page.getByRole("dialog").waitFor();
    const moving = await page.evaluate(
      () =>
        [...document.querySelectorAll("*")].filter((one) => {
          const { transitionDuration, animationName, animationDuration } = getComputedStyle(one);
          const moves = (times: string) => times.split(",").some((time) => Number.parseFloat(time) > 0.001);
          const isText = one.closest(".monaco-editor") !== null;
          return (
            !isText && (moves(transitionDuration) || (animationName !== "none" && moves(animationDuration)))
          );
        }).length,
    );
    expect(moving).toBe(0);
    await page.keyboard.press("Escape");

    await page.locator(".slot", { hasText: "At the desk" }).click();
    const field = page.getByRole("dialog").getByRole("textbox");
    await field.fill("");
    const client = await page.context().newCDPSession(page);
    for (const text of ["m", "ま", "まど", "窓"])
      await client.send("Input.imeSetComposition", { text, selectionStart: 1, selectionEnd: 1 });
    await client.send("Input.insertText", { text: "窓口" });
    expect(await field.inputValue()).toBe("窓口");
    await page.getByRole("button", { name: "Set", exact: true }).click();
    await page.locator(".view-line", { hasText: 'because "窓口"' }).waitFor();

    await page.locator(".view-line", { hasText: "permit desk" }).click();
    await page.keyboard.press("End");
    await page.keyboard.type(", ");
    await page.keyboard.press("Control+Space");
    await page.locator(".suggest-widget .monaco-list-row", { hasText: "Branch" }).first().waitFor();
    expect(await axe(page, ".suggest-widget")).toEqual([]);
    await shot(page, "suggestions");
    expectNoErrors(page);
  });

  test.each([
    ["200 % with words twice as large", 640, 430, 2, "200%"],
    ["400 %", 320, 256, 4, "100%"],
  ])("fits at %s", async (_, width, height, zoom, size) => {
    const page = await openStudio({ project: libraryProject(everyKind), width, height, zoom });
    await page.evaluate((words) => {
      document.documentElement.style.fontSize = words;
    }, size);
    await word(page, /^Who:/).waitFor();
    expect(await isWide(page)).toBe(false);
    await openEach(page, async (what) => {
      await shot(page, `zoom-${width}-${what.replaceAll(/\W+/g, "-")}`);
      expect(await outside(page), what).toEqual([]);
    });
    expect(await axe(page)).toEqual([]);
    expectNoErrors(page);
  });
});
