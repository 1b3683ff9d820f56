/** *Who can*, *Review* and *Artefacts*: what they say of the example, by keyboard, accessible in both themes. */
import { readFileSync } from "node:fs";
import type { Page } from "playwright-core";
import { describe, expect, test } from "vitest";
import { axe, expectNoErrors, missing, shot, studioPages } from "./studio-page.ts";

const { openStudio } = studioPages();

const model = `model library

context {
  mfa: Bool
}

principal Member {
  level: Int(0..5)
}

role reader, librarian for Member

entity Loan stored in loans {
  borrower: Member
  title: String
}

entity Letter stored in letters {
  words: String
}

action read, list reads Loan, Letter
action export reads Loan
action update updates Loan
`;
const platform = "platform for library\n\nceiling all: anyone to act on anything\n";
const north = `policy north for library

/// What readers see of their own.
permit own: reader to read, list Loan
  when resource.borrower == principal

permit letters: librarian to read Letter

assert letters_apart: never permit anyone except librarian to read Letter
`;
const config = JSON.stringify({
  model: "library.ward",
  platform: ["platform.ward"],
  tenants: { north: "north.ward" },
});
const project = {
  title: "Lending",
  config,
  files: [
    { name: "library.ward", text: model },
    { name: "platform.ward", text: platform },
    { name: "north.ward", text: north },
  ],
};

const press = async (page: Page, ...keys: readonly string[]) => {
  for (const key of keys) await page.keyboard.press(key);
};

describe.skipIf(missing)("who can", () => {
  test("shows each answer with an icon and a word, and by keyboard what stands behind it", async () => {
    const page = await openStudio({ project, hash: "#/who-can", tier: "advanced" });
    await page.getByText("3 rows, 6 columns").waitFor();
    const cell = page.getByRole("gridcell", { name: "Member as librarian, read Letter: always" });
    await cell.waitFor();
    expect(await cell.textContent()).toBe("Always");
    expect(await cell.locator("svg").count()).toBe(1);
    expect(
      await page.getByRole("gridcell", { name: "Member as reader, read Loan: depends" }).textContent(),
    ).toBe("Depends");
    await page.getByRole("gridcell").first().focus();
    await press(page, "ArrowDown", "Enter");
    const panel = page.getByRole("region", { name: "Member as reader: read Loan" });
    await panel.waitFor();
    expect(await panel.textContent()).toContain("permit own: reader to read, list Loan");
    expect(await panel.textContent()).toContain("What readers see of their own.");
    expect(await panel.getByRole("link", { name: /^Try this: / }).count()).toBe(2);
    await shot(page, "who-can");
    expect(await axe(page)).toEqual([]);
    await press(page, "Control+End");
    expect(await page.evaluate(() => document.activeElement?.getAttribute("aria-label"))).toMatch(
      /^Member as librarian, list Letter/,
    );
    await panel.getByRole("link", { name: "Try this: Member as reader may read Loan" }).click();
    await page.getByText("Keep as test").waitFor();
    await page.locator(".sentence .small-verdict.permit").waitFor({ state: "attached" });
    expect(await page.locator(".sentence").textContent()).toContain("(reader) asks to read");
    await page.goBack();
    await page.getByRole("gridcell", { name: /^Member as reader, read Loan/ }).click();
    await panel.getByRole("button", { name: "north.ward:4, show north/own" }).click();
    await page.waitForURL(/#\/policy/);
    expectNoErrors(page);
  });

  test("understands a question, says what it cannot, and gives the table away", async () => {
    const page = await openStudio({ project, hash: "#/who-can", tier: "advanced" });
    const ask = page.getByRole("searchbox", { name: "Ask in words" });
    await ask.fill("who can raed letters");
    await press(page, "Enter");
    await page.getByRole("button", { name: "Did you mean read?" }).click();
    await page.getByText("Who can read Letter.").waitFor();
    await page.getByText("3 rows, 1 column").waitFor();
    expect(await page.getByRole("columnheader").allTextContents()).toEqual(["Who", "Letter", "read"]);
    const taken = page.waitForEvent("download");
    await page.getByRole("button", { name: "Download as CSV" }).click();
    const text = readFileSync(await (await taken).path(), "utf8");
    expect(text.split("\r\n")[3]).toBe(
      "Member as librarian,Member,librarian,own,read,Letter,always,yes,1,north/letters",
    );
    await page.getByRole("button", { name: "Show everything" }).click();
    await page.getByText("3 rows, 6 columns").waitFor();
    await page.getByRole("button", { name: "Answers" }).click();
    await page.getByRole("option", { name: "Depends" }).click();
    await page.getByText("1 row, 2 columns").waitFor();
    expectNoErrors(page);
  });
});

test.skipIf(missing)("an address with a question that is none opens Try it with one of its own", async () => {
  const scenario = encodeURIComponent('{"tenant":"north","request":{"principal":[]}}');
  const page = await openStudio({ project, hash: `#/try?scenario=${scenario}` });
  await page.getByText("Keep as test").waitFor();
  expectNoErrors(page);
});

describe.skipIf(missing)("review", () => {
  test("says what an edit changes for people, with witnesses, and shows it in the words", async () => {
    const page = await openStudio({ project, hash: "#/review", tier: "advanced" });
    await page.getByText("Both versions read the same.").waitFor();
    const older = north
      .replace("letters: librarian to read Letter", "letters: librarian to list Letter")
      .replace("  when resource.borrower == principal\n", "");
    const chooser = page.waitForEvent("filechooser");
    await page.getByRole("button", { name: "Compare with a file …" }).click();
    await (
      await chooser
    ).setFiles({ name: "older.ward", mimeType: "text/plain", buffer: Buffer.from(older) });
    await page.getByText("Member as librarian may now read Letter.").waitFor();
    await page.getByText("Member as librarian may no longer list Letter.").waitFor();
    await page.getByText("Somebody gains access").waitFor();
    await page.getByText("Somebody loses access").waitFor();
    const asserts = page.getByRole("region", { name: "What must always hold" });
    await asserts.getByText("north/letters_apart").waitFor();
    expect(await asserts.getByText("Holds").count()).toBe(2);
    const words = page.getByRole("table", { name: /north\.ward/ });
    expect(await words.textContent()).toContain("added:   when resource.borrower == principal");
    await shot(page, "review");
    expect(await axe(page)).toEqual([]);
    await page.getByRole("radio", { name: "One column" }).click();
    expect(await words.getByRole("columnheader").allTextContents()).toEqual([
      "Line before",
      "Line after",
      "Text",
    ]);
    await page.getByRole("button", { name: "Kind" }).click();
    await page.getByRole("option", { name: "Lost" }).click();
    await page.getByText("Member as librarian may now read Letter.").waitFor({ state: "detached" });
    await shot(page, "review-column");
    expectNoErrors(page);
  });

  test("of a version that does not compile shows the words, and what stands in the way", async () => {
    const page = await openStudio({ project, hash: "#/review", tier: "advanced" });
    const chooser = page.waitForEvent("filechooser");
    await page.getByRole("button", { name: "Compare with a file …" }).click();
    await (
      await chooser
    ).setFiles({ name: "older.ward", mimeType: "text/plain", buffer: Buffer.from(`${north}\npermit\n`) });
    await page.getByText(/Access cannot be compared: the version before has no meaning yet\./).waitFor();
    await page.getByRole("table", { name: /north\.ward/ }).waitFor();
    expectNoErrors(page);
  });
});

describe.skipIf(missing)("artefacts", () => {
  test("each is shown, accessible, and can be taken along", async () => {
    const page = await openStudio({ project, hash: "#/artefacts", tier: "advanced" });
    await page.getByText("This person sees the rows for which the condition holds.").waitFor();
    const view = page.getByRole("region", { name: "In place of the table of Loan" });
    expect(await view.textContent()).toMatch(/FROM loans AS t[^]*borrower[^]*\$\d/);
    await shot(page, "artefacts-sql");
    expect(await axe(page)).toEqual([]);
    const tab = (name: string) => page.getByRole("tab", { name }).click();
    await page.getByRole("tab", { name: "SQL of one person" }).focus();
    await press(page, "ArrowRight");
    const rego = page.getByRole("region", { name: "Rego of the policy" });
    await rego.getByRole("button", { name: "north.ward:4, show north/own" }).first().waitFor();
    expect(await rego.textContent()).toContain("package wardline");
    await shot(page, "artefacts-rego");
    await tab("All views");
    await page.getByRole("region", { name: "Views of the policy" }).waitFor();
    await tab("Module");
    await page.getByText("Decides as the policy means").waitFor();
    await page.getByText("env.opa_abort: function").waitFor();
    await shot(page, "artefacts-module");
    await tab("Bundle");
    const taken = page.waitForEvent("download");
    await page.getByRole("button", { name: "Download policy.wasm" }).click();
    const bytes = readFileSync(await (await taken).path());
    expect([...bytes.subarray(0, 4)]).toEqual([0, 0x61, 0x73, 0x6d]);
    await shot(page, "artefacts-bundle");
    expect(await axe(page)).toEqual([]);
    await tab("Program");
    await page.getByRole("region", { name: "The checked program" }).waitFor();
    expectNoErrors(page);
  });
});
