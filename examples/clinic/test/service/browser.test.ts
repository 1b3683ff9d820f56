/**
 * The service in a real browser, by what a person sees: labels, headings, words. `CLINIC_SCREENSHOTS` names a folder for pictures of the pages,
 * wide and narrow, light and dark.
 */
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { findChromium } from "@wardline/database-testing";
import { chromium, type Browser, type Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openService, type Service } from "../../src/service/open-service.ts";
import type { Credentials } from "../../src/service/sign-in/accounts.ts";
import { codeOf } from "../load/client.ts";

const found = findChromium();
if ("missing" in found) console.log(`no browser looks at the clinic: ${found.missing}`);
const pictures = process.env["CLINIC_SCREENSHOTS"];

const folder = mkdtempSync(join(tmpdir(), "clinic-browser-"));
let service: Service;
let browser: Browser;
let credentials: readonly Credentials[] = [];
/** What the service, the console and the pages' own policy complain of. */
const complaints: unknown[] = [];
/** Milliseconds that the service's clock is ahead. */
let ahead = 0;
const clock = (): Date => new Date(Date.now() + ahead);

describe.skipIf("missing" in found)("the clinic in a browser", () => {
  beforeAll(async () => {
    if ("missing" in found) return;
    [service, browser] = await Promise.all([
      openService({
        folder,
        port: 0,
        host: "127.0.0.1",
        domain: "localhost",
        size: 60,
        clock,
        onNewAccounts: (told) => {
          credentials = told;
        },
        onError: (error) => complaints.push(error),
      }),
      chromium.launch({
        executablePath: found.path,
        args: [
          "--headless",
          // For root, and in containers, there is no sandbox to be had; the pages are our own.
          "--no-sandbox",
          "--disable-gpu",
          "--disable-dev-shm-usage",
          "--disable-background-networking",
          "--disable-component-update",
          "--disable-sync",
          "--no-proxy-server",
        ],
      }),
    ]);
  });
  afterAll(async () => {
    await browser.close();
    await service.close();
    rmSync(folder, { recursive: true, force: true });
    expect(complaints).toEqual([]);
  });

  const of = (id: string): Credentials => credentials.find((one) => one.id === id) ?? expect.fail(`no ${id}`);
  const nextCode = (id: string): string => {
    ahead += 60_000;
    return codeOf(of(id), clock());
  };

  async function openAt(tenant: string): Promise<Page> {
    const context = await browser.newContext({
      baseURL: `http://${tenant}.localhost:${service.port}`,
      viewport: { width: 1280, height: 800 },
    });
    context.setDefaultTimeout(60_000);
    context.on("console", (message) => {
      // Forms that were not enough are answered with these.
      if (/^Failed to load resource: .* status of (401|403|409|422) /.test(message.text())) return;
      if (["error", "warning"].includes(message.type())) complaints.push(message.text());
    });
    context.on("weberror", (error) => complaints.push(error.error()));
    const page = await context.newPage();
    await page.goto("/");
    return page;
  }
  /** Until the next page is there. */
  async function follow(page: Page, act: () => Promise<void>): Promise<void> {
    await Promise.all([page.waitForEvent("domcontentloaded"), act()]);
  }
  const press = (page: Page, name: string): Promise<void> =>
    follow(page, () => page.getByRole("button", { name }).click());
  const go = (page: Page, name: string): Promise<void> =>
    follow(page, () => page.getByRole("link", { name }).click());
  const giveCode = async (page: Page, code: string): Promise<void> => {
    await page.getByLabel("Code of your authenticator").fill(code);
    await press(page, "Go on");
  };
  async function signIn(page: Page, id: string, password = of(id).password): Promise<void> {
    await page.getByLabel("Account").fill(id);
    await page.getByLabel("Password").fill(password);
    await press(page, "Sign in");
  }
  async function as(id: string): Promise<Page> {
    const page = await openAt(of(id).tenant);
    await signIn(page, id);
    return page;
  }
  const heading = (page: Page): Promise<string> => page.getByRole("heading", { level: 1 }).innerText();
  const status = (page: Page): Promise<string> => page.getByRole("status").first().innerText();
  const alert = (page: Page): Promise<string> => page.getByRole("alert").first().innerText();

  async function picture(page: Page, name: string): Promise<void> {
    for (const width of [1280, 390]) {
      await page.setViewportSize({ width, height: 800 });
      // No page is wider than its window.
      expect([name, await page.evaluate("document.documentElement.scrollWidth")]).toEqual([name, width]);
      if (pictures === undefined) continue;
      for (const colorScheme of ["light", "dark"] as const) {
        await page.emulateMedia({ colorScheme });
        await page.screenshot({
          path: join(pictures, `${name}-${width}-${colorScheme}.png`),
          fullPage: true,
        });
      }
    }
    await page.setViewportSize({ width: 1280, height: 800 });
  }

  test("asks who one is, shows patients page by page, and forgets who it was", async () => {
    const page = await openAt("acme");
    expect(await heading(page)).toBe("Sign in to acme");
    await signIn(page, "bo.lindqvist", "wrong");
    expect(await alert(page)).toContain("No account has this name and password");
    await picture(page, "sign-in");
    await signIn(page, "bo.lindqvist");
    await picture(page, "patients");
    const seen = new Set<string>();
    for (let pages = 1; ; pages += 1) {
      expect(await heading(page)).toBe("Patients");
      const names = page.getByRole("table").getByRole("link");
      for (const one of await names.all()) seen.add((await one.getAttribute("href")) ?? "");
      const next = page.getByRole("link", { name: "Next page" });
      if ((await next.count()) === 0) {
        expect([pages, seen.size > 50]).toEqual([2, true]);
        break;
      }
      await go(page, "Next page");
    }
    // Another hospital knows nothing of it.
    await page.goto(`http://globex.localhost:${service.port}/`);
    expect(await heading(page)).toBe("Sign in to globex");
    await page.goto(`http://acme.localhost:${service.port}/`);
    await press(page, "Sign out");
    expect(await heading(page)).toBe("Sign in to acme");
    await page.goBack();
    await page.goto("/");
    expect(await heading(page)).toBe("Sign in to acme");
  });

  test("lets a patient be changed, after one more step where that is asked for", async () => {
    const page = await as("ada.berg");
    const links = await page.getByRole("table").getByRole("link").all();
    const paths = await Promise.all(links.map((one) => one.getAttribute("href")));
    const ways = new Set<string>();
    for (const path of paths) {
      await page.goto(path ?? "");
      const notes = page.getByLabel("Notes");
      if ((await notes.count()) === 0) continue;
      await notes.fill("Seen <today> & well");
      await press(page, "Save");
      const isAsked = (await heading(page)) === "One more step";
      const way = isAsked ? "asked" : (await page.getByRole("alert").count()) > 0 ? "refused" : "at once";
      if (way === "refused" || ways.has(way)) continue;
      ways.add(way);
      if (isAsked) {
        await giveCode(page, "000000");
        expect(await alert(page)).toContain("not the code of now");
        await picture(page, "one-more-step");
        await giveCode(page, nextCode("ada.berg"));
        // The factor is too old for the next one.
        ahead += 300_000;
      }
      expect(await status(page)).toBe("Saved.");
      await picture(page, "patient");
      await page.goto(path ?? "");
      expect(await page.getByLabel("Notes").inputValue()).toBe("Seen <today> & well");
      if (ways.size === 2) break;
    }
    expect(ways).toEqual(new Set(["at once", "asked"]));
  });

  test("gives an export as a file, after the second factor", async () => {
    const page = await as("eve.adler");
    await go(page, "Export");
    expect(await heading(page)).toBe("Confirm that it is you");
    await picture(page, "confirm");
    await page.getByLabel("Code of your authenticator").fill(nextCode("eve.adler"));
    const [download] = await Promise.all([
      page.waitForEvent("download"),
      page.getByRole("button", { name: "Confirm" }).click(),
    ]);
    expect(download.suggestedFilename()).toBe("patients.csv");
    const lines = readFileSync(await download.path(), "utf8")
      .trim()
      .split("\n");
    expect([lines[0], lines.length > 40]).toEqual(["id,name,ssn,balance,admitted", true]);
  });

  test("lets an owner change the policy, which others see at once", async () => {
    const [owner, desk] = [await as("nora.diaz"), await as("hana.weber")];
    const first = desk.getByRole("table").getByRole("link").first();
    expect(await first.innerText()).toMatch(initials);
    await go(owner, "Policy");
    expect(await heading(owner)).toBe("Policy of globex");
    const text = owner.getByLabel(/What your people may do/);
    const whole = await text.inputValue();
    await text.fill(whole.replace("hide(balance)", "hide(balanc)"));
    await press(owner, "Publish");
    expect(await alert(owner)).toContain("Not published");
    const finding = owner.getByRole("listitem").filter({ hasText: "unknown field" });
    expect(await finding.locator("pre").innerText()).toContain("hide(ssn), hide(notes), hide(balanc)");
    expect(await finding.locator("mark").innerText()).toBe("balanc");
    expect(await text.inputValue()).toContain("hide(balanc)");
    await picture(owner, "policy-broken");
    await text.fill(whole.replace("mask(name, initials), ", ""));
    await press(owner, "Check");
    expect(await owner.getByRole("region", { name: "What changes" }).innerText()).toContain(
      "shows more of name",
    );
    await picture(owner, "policy-checked");
    await desk.reload();
    expect(await first.innerText()).toMatch(initials);
    await press(owner, "Publish");
    expect(await status(owner)).toMatch(/revision \d+ is in force/);
    await desk.reload();
    expect(await first.innerText()).not.toMatch(initials);
  });

  test("is used by the keyboard alone", async () => {
    const page = await openAt("acme");
    /** On to what has this name; whatever has the focus shows it. */
    const tabTo = async (name: RegExp): Promise<void> => {
      for (let stops = 0; stops < 20; stops += 1) {
        await page.keyboard.press("Tab");
        const [label, outline] = await page.evaluate<[string, string]>(focused);
        expect([label, outline]).toEqual([label, expect.not.stringMatching(/^none/)]);
        if (name.test(label)) return;
      }
      expect.fail(`the keyboard does not come to ${name}`);
    };
    await tabTo(/^Account$/);
    await page.keyboard.type("omar.said");
    await tabTo(/^Password$/);
    await page.keyboard.type(of("omar.said").password);
    await follow(page, () => page.keyboard.press("Enter"));
    await tabTo(/^Policy$/);
    await follow(page, () => page.keyboard.press("Enter"));
    expect(await heading(page)).toBe("Policy of acme");
    await tabTo(/^What your people may do/);
    await page.keyboard.press("Control+End");
    await page.keyboard.type("\npermit nurses: triag to read Patient");
    await tabTo(/^Check$/);
    await follow(page, () => page.keyboard.press("Enter"));
    expect(await alert(page)).toContain("unknown role");
    expect(await page.locator("mark").innerText()).toBe("triag");
  });
});

/** As a mask shows a name. */
const initials = /^\S\.( \S\.)*$/;

/** What has the focus, by its label or text, and how that is shown. */
const focused = `(() => {
  const one = document.activeElement;
  const { outlineStyle, outlineWidth } = getComputedStyle(one);
  return [(one.labels?.[0] ?? one).innerText.trim(), outlineStyle + " " + outlineWidth];
})()`;
