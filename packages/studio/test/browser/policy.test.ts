/** The screen *Policy*: cards and text over one history, findings and their fixes, saving, by mouse and by keyboard. */
import { readFile } from "node:fs/promises";
import type { Page } from "playwright-core";
import { describe, expect, test } from "vitest";
import { libraryProject, northPolicy } from "./library-project.ts";
import { axe, expectNoErrors, missing, shot, studioPages } from "./studio-page.ts";

const { openStudio } = studioPages();
const project = libraryProject();

const card = (page: Page, name: string) => page.getByRole("article", { name });
/** What the text editor shows, line by line. */
const textOf = (page: Page) =>
  page
    .locator(".view-lines .view-line")
    .allTextContents()
    .then((lines) => lines.join("\n").replaceAll("\u00a0", " "));
const undo = (page: Page) => page.getByRole("button", { name: /^Undo/ });

/** Waits for the text as it would be saved. */
async function expectText(page: Page, expected: (text: string) => boolean): Promise<void> {
  await expect.poll(async () => expected(await textOf(page))).toBe(true);
}

describe.skipIf(missing)("the screen Policy", () => {
  test("edits by card and by typing, and takes back both from either place", async () => {
    const page = await openStudio({ project, tier: "advanced" });
    await page.locator(".view-line").first().waitFor();
    await card(page, "Permit desk").getByRole("button", { name: "Who: Librarian" }).click();
    await page.getByRole("option", { name: "cashier" }).click();
    await shot(page, "picker-who");
    expect(await axe(page)).toEqual([]);
    await page.getByRole("button", { name: "Set", exact: true }).click();
    await card(page, "Permit desk").getByRole("button", { name: "Who: Librarian and cashier" }).waitFor();
    await expectText(page, (text) => text.includes("permit desk: librarian, cashier to read, list Loan"));

    await page.locator(".view-line", { hasText: "policy north" }).click();
    await page.keyboard.press("Control+End");
    await page.keyboard.type("\nforbid lost: anyone to delete Loan\n");
    await card(page, "Forbid lost").waitFor();

    await page.keyboard.press("Control+z");
    await page.keyboard.press("Control+z");
    for (let presses = 0; presses < 12 && (await undo(page).isEnabled()); presses += 1)
      await page.keyboard.press("Control+z");
    await expectText(page, (text) => text.includes("permit desk: librarian to read, list Loan"));
    await card(page, "Permit desk").getByRole("button", { name: "Who: Librarian", exact: true }).waitFor();
    expect(await undo(page).isDisabled()).toBe(true);
    expect(await page.getByText("No changes").count()).toBe(1);

    await page.getByRole("button", { name: /^Redo/ }).click();
    await card(page, "Permit desk").getByRole("button", { name: "Who: Librarian and cashier" }).waitFor();
    await shot(page, "policy-light");
    expectNoErrors(page);
  });

  test("shows what the cards cannot as a locked card with its reason", async () => {
    const text = `${northPolicy}\nforbid heavy: anyone to update Loan\n  when clock.time in [22:00..06:00, 12:00]\n`;
    const page = await openStudio({ project: libraryProject(text) });
    const locked = card(page, "Forbid heavy");
    await locked.locator(".locked-reason", { hasText: /\w/ }).waitFor();
    expect(await locked.getByRole("region").textContent()).toContain(
      "when clock.time in [22:00..06:00, 12:00]",
    );
    expect(await locked.getByRole("button", { name: /^Who/ }).count()).toBe(0);
    expect(await card(page, "Permit desk").getByRole("button", { name: /^Who/ }).count()).toBe(1);
    expectNoErrors(page);
  });

  test("changes groups within groups, and who is tested, what is given and what is decided", async () => {
    const text = `${northPolicy}
permit deep: reader to read Loan
  when resource.shelf == open or (principal.level > 2 and not (resource.lost or resource.pages < 100))

test "the desk reads" {
  let ada = Member { roles: [librarian], level: 2 }
  let loan = Loan { shelf: open }
  expect permit ada to read loan by desk
}
`;
    const page = await openStudio({ project: libraryProject(text) });
    const deep = card(page, "Permit deep");
    await deep.getByRole("button", { name: "Or else: their level is above 2" }).click();
    await page.getByRole("searchbox").fill("mfa");
    await page.getByRole("option", { name: "the request's mfa", exact: true }).click();
    await deep.getByRole("button", { name: "Turn into the opposite: the request's mfa is yes" }).waitFor();
    await deep.getByRole("button", { name: "Remove this condition: its lost is yes" }).press("Enter");
    await deep.getByRole("button", { name: "How it is compared: is not below" }).waitFor();
    const own = card(page, "Test the desk reads");
    await own.getByRole("button", { name: "level: 2" }).click();
    await page.getByRole("textbox", { name: "level" }).fill("4");
    await page.getByRole("button", { name: "Set", exact: true }).click();
    await own.getByRole("button", { name: "level: 4" }).waitFor();
    await own.getByRole("button", { name: /^Given from here on: / }).click();
    await page.getByRole("option", { name: "the request's mfa", exact: true }).click();
    await own.getByRole("button", { name: "mfa: yes" }).waitFor();
    await own.getByRole("button", { name: "A case" }).press("Enter");
    await page.getByRole("option", { name: "delete a Loan" }).click();
    await own.getByRole("button", { name: "What is done: delete" }).waitFor();
    await own.getByRole("button", { name: "Why it is denied: whatever the reason" }).click();
    await page.getByRole("option", { name: "since nothing grants it" }).click();
    await own.getByRole("button", { name: "Why it is denied: since nothing grants it" }).waitFor();
    await own.getByRole("button", { name: "What is asked for: loan" }).first().press("Enter");
    await page.getByRole("textbox", { name: "Or the Loan with the id" }).waitFor();
    await shot(page, "test-picker");
    expect(await axe(page)).toEqual([]);
    await page.keyboard.press("Escape");
    await shot(page, "test-card");
    const [download] = await Promise.all([page.waitForEvent("download"), page.keyboard.press("Control+s")]);
    expect(await readFile(await download.path(), "utf8")).toBe(
      text
        .replace(
          "principal.level > 2 and not (resource.lost or resource.pages < 100)",
          "(principal.level > 2 or context.mfa) and not resource.pages < 100",
        )
        .replace("level: 2", "level: 4")
        .replace(
          "  expect permit ada to read loan by desk\n",
          `  given context { mfa: true }
  expect permit ada to read loan by desk
  expect deny ada to delete loan as not_granted
`,
        ),
    );
    expectNoErrors(page);
  });

  test("says a mistake where it stands and mends it by a button", async () => {
    const page = await openStudio({ project: libraryProject(northPolicy.replace("librarian", "libarian")) });
    const mend = page.getByRole("button", { name: /to mend/ });
    await mend.click();
    const problems = page.getByRole("region", { name: "What to mend" });
    await problems.getByText("libarian").first().waitFor();
    await shot(page, "to-mend");
    expect(await axe(page)).toEqual([]);
    await problems
      .getByRole("button", { name: /librarian/ })
      .first()
      .click();
    await page.getByText("Nothing to mend").waitFor();
    await card(page, "Permit desk").getByRole("button", { name: "Who: Librarian" }).waitFor();
    expectNoErrors(page);
  });

  test("is used by the keyboard alone, from the first link to a saved file", async () => {
    const page = await openStudio({ project });
    await card(page, "Permit desk").waitFor();
    await page.keyboard.press("Tab");
    expect(await focused(page)).toBe("Skip to the content");
    await page.keyboard.press("Enter");
    await tabTo(page, "What may be done: read and list");
    await page.keyboard.press("Enter");
    await page.getByRole("dialog").waitFor();
    await page.keyboard.press("Escape");
    await page.getByRole("dialog").waitFor({ state: "detached" });
    // The focus comes back a frame after what had it has gone.
    await expect.poll(() => focused(page)).toBe("What may be done: read and list");
    await page.keyboard.press("Enter");
    await page.getByRole("option", { name: "export" }).waitFor();
    await page.keyboard.press("End");
    await page.keyboard.press("Home");
    await tabTo(page, "read", "option");
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("Space");
    await tabTo(page, "Set");
    await page.keyboard.press("Enter");
    await card(page, "Permit desk")
      .getByRole("button", { name: "What may be done: read, list and export" })
      .waitFor();
    const [download] = await Promise.all([page.waitForEvent("download"), page.keyboard.press("Control+s")]);
    const saved = await readFile(await download.path(), "utf8");
    expect(saved).toBe(northPolicy.replace("read, list Loan", "read, list, export Loan"));
    await page.getByText("No changes").waitFor();

    // A line that comes or goes takes its button with it, and not the focus.
    await card(page, "Permit desk").getByRole("button", { name: "A reason" }).press("Enter");
    await expect.poll(() => focused(page)).toMatch(/^Why:/);
    await card(page, "Permit desk")
      .getByRole("button", { name: /^Remove the reason/ })
      .press("Enter");
    await expect.poll(() => focused(page)).toMatch(/^Who: /);
    expect(await card(page, "Permit desk").evaluate((own) => own.contains(document.activeElement))).toBe(
      true,
    );
    // A new card is begun at its first word: Enter chooses who, and moves nothing.
    await page.getByRole("button", { name: "Forbid something" }).press("Enter");
    await expect.poll(() => focused(page)).toBe("Who: Nobody");
    // What an undo, a name or a move takes away leaves the focus beside it, never to the page.
    await page.keyboard.press("Control+z");
    await card(page, "Forbid new forbid").waitFor({ state: "detached" });
    await expect
      .poll(() => page.evaluate(() => document.activeElement?.closest("article") !== null))
      .toBe(true);
    await page.keyboard.press("Control+Shift+z");
    const added = card(page, "Forbid new forbid");
    await added.getByRole("button", { name: "Give it a name" }).press("Enter");
    await page.keyboard.type("At night");
    await page.keyboard.press("Enter");
    await card(page, "Forbid at night").waitFor();
    await expect.poll(() => focused(page)).toBe("Who: Nobody");
    await card(page, "Forbid at night").getByRole("button", { name: "A condition" }).press("Enter");
    await page.getByRole("option", { name: "the time of day" }).click();
    await expect.poll(() => focused(page)).toBe("How it is compared: between");
    await card(page, "Forbid at night")
      .getByRole("button", { name: /^More for/ })
      .press("Enter");
    await page.getByRole("menuitem", { name: "Make a copy" }).press("Enter");
    await card(page, "Forbid at night 2").waitFor();
    await expect.poll(() => focused(page)).toBe("Who: Nobody");
    const up = card(page, "Forbid at night 2").getByRole("button", { name: /^Move up/ });
    for (let presses = 0; presses < 12 && (await up.isEnabled()); presses += 1) await up.press("Enter");
    await expect.poll(() => focused(page)).toMatch(/^Move down: Nobody/);
    await expect
      .poll(() => page.locator("article[data-selected=true] .card-name").innerText())
      .toBe("at night 2");
    await Promise.all([page.waitForEvent("download"), page.keyboard.press("Control+s")]);
    await undo(page).press("Enter");
    await page.getByRole("button", { name: "Download", exact: true }).press("Enter");
    await expect.poll(() => focused(page)).toMatch(/^Redo: /);
    expectNoErrors(page);
  });

  test("begins with nothing and teaches, adds a rule, and fits a narrow page in both themes", async () => {
    const page = await openStudio({
      project: libraryProject("policy north for library\n"),
      width: 320,
      height: 800,
    });
    await page.getByText("Nobody may do anything yet").waitFor();
    expect(await axe(page)).toEqual([]);
    await shot(page, "empty-narrow");
    await page.getByRole("button", { name: "Let somebody do something" }).click();
    await page.getByRole("article").first().waitFor();
    await page.getByRole("button", { name: /^More for/ }).click();
    await page.getByRole("menuitem", { name: "Rename" }).click();
    await page.getByRole("textbox", { name: "Name" }).fill("desk");
    expect(await axe(page)).toEqual([]);
    await page.getByRole("button", { name: "Rename" }).click();
    await card(page, "Permit desk").waitFor();
    const width = await page.evaluate(() => document.documentElement.scrollWidth);
    expect(width).toBeLessThanOrEqual(320);
    await page.emulateMedia({ colorScheme: "dark" });
    await shot(page, "narrow-dark");
    expectNoErrors(page);
  });
});

const focused = (page: Page) =>
  page.evaluate(
    () => document.activeElement?.getAttribute("aria-label") ?? document.activeElement?.textContent ?? "",
  );

/** Presses Tab until the focus is on what is called so. */
async function tabTo(page: Page, name: string, role?: string): Promise<void> {
  for (let presses = 0; presses < 60; presses += 1) {
    const [label, itsRole] = [
      await focused(page),
      await page.evaluate(() => document.activeElement?.getAttribute("role")),
    ];
    if (role === undefined ? label === name : itsRole === role && label.startsWith(name)) return;
    await page.keyboard.press("Tab");
  }
  throw new Error(`Tab does not come to ${name}`);
}
