/** The shell around the screens: opens, goes from screen to screen, by keyboard too, and is accessible. */
import { describe, expect, test } from "vitest";
import { axe, expectNoErrors, missing, shot, studioPages } from "./studio-page.ts";

const { openStudio } = studioPages();

describe.skipIf(missing)("the shell", () => {
  test("opens the example, and each screen is accessible in both themes", async () => {
    const page = await openStudio({ tier: "advanced" });
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
      await page.getByRole("heading", { level: 1 }).waitFor();
      expect(await page.title()).toContain(title);
      expect([title, await axe(page)]).toEqual([title, []]);
      await shot(page, `screen-${String(title)}`);
    }
    expectNoErrors(page);
  });
});
