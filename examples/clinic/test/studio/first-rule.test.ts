/**
 * Somebody who has never seen the language makes a rule from cards alone, tries it on three people, keeps that as a test, and saves a file that the
 * command line accepts and the packed language server finds nothing in.
 */
import { execFileSync, spawn } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { startLanguageServer } from "@wardline/database-testing";
import type { Locator, Page } from "playwright-core";
import { chromium } from "playwright-core";
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from "vitest";
import {
  axe,
  expectNoErrors,
  found,
  missing,
  shot,
  watchErrors,
} from "../../../../packages/studio/test/browser/studio-page.ts";
import { install, type Installed } from "../../../../packages/vscode/test/installed.ts";

const fileAt = (path: string) => fileURLToPath(new URL(path, import.meta.url));
const policy = (name: string) => fileAt(`../../policy/${name}`);
const source = ["--conditions=@wardline/source"];
const cli = fileAt("../../../../packages/cli/src/main.ts");

/** A clinic whose tenant has written nothing yet. */
const folder = mkdtempSync(join(tmpdir(), "wardline-first-rule-"));
const file = join(folder, "policy/north.ward");
mkdirSync(join(folder, "policy"));
for (const name of ["clinic.ward", "platform.ward"]) cpSync(policy(name), join(folder, "policy", name));
writeFileSync(file, "policy north for clinic\n");
writeFileSync(
  join(folder, "wardline.config.json"),
  JSON.stringify({
    model: "policy/clinic.ward",
    platform: ["policy/platform.ward"],
    tenants: { north: "policy/north.ward" },
  }),
);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const wardline = (...args: readonly string[]): string =>
  execFileSync(process.execPath, [...source, cli, ...args], { cwd: folder, encoding: "utf8" });

/** The address that `wardline studio` prints. */
async function served(): Promise<string> {
  const run = spawn(process.execPath, [...source, cli, "studio", ".", "--no-open", "--port", "0"], {
    cwd: folder,
    stdio: ["ignore", "pipe", "ignore"],
  });
  onTestFinished(() => void run.kill("SIGTERM"));
  let said = "";
  for await (const part of run.stdout) {
    said += String(part);
    const [address] = /http:\/\/\S+/.exec(said) ?? [];
    if (address !== undefined) return address;
  }
  throw new Error(`the studio ended: ${said}`);
}

const card = (page: Page): Locator => page.getByRole("article");
const openPicker = async (page: Page, label: string): Promise<Locator> => {
  await card(page)
    .getByRole("button", { name: new RegExp(`^${label}:`) })
    .click();
  return page.getByRole("dialog");
};

/** Presses words of a list until exactly these are chosen. */
async function choose(page: Page, label: string, wanted: readonly string[]): Promise<void> {
  const dialog = await openPicker(page, label);
  const options = dialog.getByRole("option");
  await options.first().waitFor();
  for (const option of await options.all()) {
    const [word = ""] = (await option.innerText()).split("\n");
    const is = (await option.getAttribute("aria-selected")) === "true";
    if (is !== wanted.includes(word)) await option.click();
  }
  await dialog.getByRole("button", { name: "Set" }).click();
  await dialog.waitFor({ state: "detached" });
}

/** Adds something to the card, of the kind that is chosen. */
async function add(page: Page, what: RegExp, choice: RegExp): Promise<void> {
  await card(page).getByRole("button", { name: what }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByRole("option", { name: choice }).click();
  await dialog.waitFor({ state: "detached" });
}

async function select(page: Page, label: string, option: RegExp): Promise<void> {
  await page
    .getByRole("button", { name: new RegExp(`${label}$`) })
    .first()
    .click();

  await page.getByRole("option", { name: option }).first().click();
}

describe.skipIf(missing)("a first rule", () => {
  let installed: Installed;
  beforeAll(async () => {
    installed = await install();
    execFileSync(process.execPath, [...source, fileAt("../../../../packages/studio/scripts/build-app.ts")]);
  });

  test("is made by cards, tried on three people, kept as a test and saved", async () => {
    if ("missing" in found) return;
    const browser = await chromium.launch({
      executablePath: found.path,
      args: ["--no-sandbox", "--disable-gpu"],
    });
    onTestFinished(() => browser.close());
    const page = await browser.newPage({ viewport: { width: 1280, height: 900 }, reducedMotion: "reduce" });
    watchErrors(page);
    await page.goto(await served());

    // By cards alone: the text stays folded away.
    await page.getByRole("button", { name: /^Let somebody do something/ }).click();
    await choose(page, "Who", ["billing"]);
    await choose(page, "What may be done", ["list"]);
    await add(page, /^What goes with it/, /^Show a field only in part/);
    await add(page, /^An exception/, /^the time of day/);
    await expect
      .poll(() => card(page).innerText())
      .toMatch(/Billing may list Patient\s+but sees name as initials\s+never between 22:00 and 06:00/);
    expect(await page.locator(".monaco-editor").count()).toBe(0);
    await card(page).getByRole("button", { name: "Give it a name" }).click();
    await page.getByRole("dialog").getByRole("textbox").fill("billing_by_day");
    await page.keyboard.press("Enter");
    await page.getByRole("dialog").waitFor({ state: "detached" });
    await shot(page, "first-rule");
    expect(await axe(page)).toEqual([]);

    // On three people, by day and by night.
    await page.getByRole("link", { name: "Try it" }).click();
    const verdict = page.locator(".verdict-word");
    await verdict.waitFor();
    await select(page, "Who asks", /^a billing person/);
    await select(page, "Action", /^List/);
    await select(page, "Kind of record", /^Patient/);
    await expect.poll(() => verdict.innerText()).toContain("Allowed");
    const shown = page.getByRole("row").filter({ has: page.getByRole("rowheader", { name: /^Name/ }) });
    expect(await shown.innerText()).toMatch(/Some name\s+S\. n\./);
    for (const person of ["Billing", "Clinician", "Auditor"])
      await page.getByRole("checkbox", { name: `Keep ${person}` }).press("Space");
    await page.getByRole("button", { name: "Keep 3 people as a test" }).click();
    await page.getByText(/^Kept as the test “/).waitFor();
    await page.getByLabel("Time", { exact: true }).fill("2026-01-05T23:30");
    await page.keyboard.press("Enter");
    await expect.poll(() => verdict.innerText()).toContain("Not allowed");
    await page.getByRole("button", { name: "Keep as test", exact: true }).click();
    await expect.poll(() => page.locator(".test-list li", { hasText: "Passes" }).count()).toBe(2);
    await shot(page, "first-tests");
    expect(await axe(page)).toEqual([]);

    await page.getByRole("button", { name: "Save" }).click();
    await expect.poll(() => readFileSync(file, "utf8")).toContain("test ");
    await page.getByText("No changes").waitFor();
    expectNoErrors(page);
    const text = readFileSync(file, "utf8");
    expect(text).toMatch(
      /^policy north for clinic\n\npermit billing_by_day: billing to list Patient\n {2}unless clock\.time in 22:00\.\.06:00\n {2}with mask\(name, initials\)\n\ntest "/,
    );

    // The command line accepts it, finds it formatted, and its tests pass.
    expect(wardline("check", "--format", "compact")).not.toContain("north.ward");
    expect(wardline("fmt", "--check")).not.toContain("north.ward");
    expect(wardline("test")).toContain("2 tests passed");

    // So does the language server that is packed in the extension.
    const server = startLanguageServer(
      process.execPath,
      [join(installed.folder, "dist/server.mjs"), "--stdio"],
      { cwd: tmpdir() },
    );
    onTestFinished(() => void server.process.kill("SIGKILL"));
    const [rootUri, uri] = [pathToFileURL(folder).href, pathToFileURL(file).href];
    await server.request("initialize", { processId: null, rootUri, capabilities: {} });
    server.notify("initialized", {});
    server.notify("textDocument/didOpen", {
      textDocument: { uri, languageId: "wardline", version: 1, text },
    });
    const isOurs = (params: { readonly uri: string }) => params.uri === uri;
    expect(await server.notified("textDocument/publishDiagnostics", isOurs)).toMatchObject({
      diagnostics: [],
    });
    expect(await server.end()).toBe(0);

    // Where somebody else saved meanwhile, the question whose text shall stand is accessible too.
    await page.getByRole("button", { name: /^Undo/ }).press("Enter");
    writeFileSync(file, `${text}\n// Somebody else.\n`);
    await page.keyboard.press("Control+s");
    await page.getByRole("alertdialog").waitFor();
    await shot(page, "conflict");
    expect(await axe(page, null, ".modal")).toEqual([]);
    await page.keyboard.press("Escape");
    await page.getByRole("alertdialog").waitFor({ state: "detached" });
  });
});
