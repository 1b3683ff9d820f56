/**
 * The built studio as `wardline studio` serves it, in Chromium: what the page does with the token and with files that change, and what pages of
 * elsewhere in the same browser get. Skips, and says so, without Chromium.
 */
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { chromium, type Browser, type Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startStudio, type Studio } from "../packages/cli/src/studio/studio-server.ts";
import { findChromium } from "../packages/database-testing/src/find-chromium.ts";
import { builtApp } from "../packages/studio/test/browser/built-app.ts";
import { axe, shot } from "../packages/studio/test/browser/studio-page.ts";

const found = findChromium();
const missing = "missing" in found;
if (missing) console.warn(`the served studio is not tested: ${found.missing}`);

describe.skipIf(missing)("the served studio", () => {
  const folder = mkdtempSync(join(tmpdir(), "wardline-served-"));
  const policy = join(folder, "policy/acme.ward");
  let browser: Browser;
  let studio: Studio;
  let stranger: Server;
  let strangerPort = 0;
  const failures: unknown[] = [];

  beforeAll(async () => {
    cpSync(new URL("../examples/clinic/policy", import.meta.url), join(folder, "policy"), {
      recursive: true,
    });
    cpSync(
      new URL("../examples/clinic/wardline.config.json", import.meta.url),
      join(folder, "wardline.config.json"),
    );
    const appFolder = await builtApp();
    studio = await startStudio({
      folder,
      allFiles: false,
      appFolder,
      port: 0,
      onError: (error) => failures.push(error),
    });
    stranger = createServer((_, response) => {
      response.writeHead(200, { "content-type": "text/html" }).end("<!doctype html><title>Stranger</title>");
    });
    await new Promise<void>((resolve) => stranger.listen(0, "127.0.0.1", resolve));
    strangerPort = (stranger.address() as AddressInfo).port;
    browser = await chromium.launch({
      executablePath: "path" in found ? found.path : "",
      args: ["--no-sandbox", "--disable-gpu", "--host-resolver-rules=MAP rebound.example 127.0.0.1"],
    });
  });

  afterAll(async () => {
    await browser?.close();
    await studio?.close();
    stranger?.close();
    rmSync(folder, { recursive: true, force: true });
    expect(failures).toEqual([]);
  });

  async function open(address: string): Promise<{ page: Page; told: string[]; asked: string[] }> {
    const page = await (await browser.newContext()).newPage();
    const told: string[] = [];
    const asked: string[] = [];
    page.on("pageerror", (error) => told.push(String(error)));
    page.on("console", (message) => {
      if (message.type() === "error") told.push(message.text());
    });
    page.on("request", (request) =>
      asked.push(`${request.url()} ${JSON.stringify(request.headers()["referer"] ?? "")}`),
    );
    await page.goto(address);
    return { page, told, asked };
  }

  const token = () => studio.address.split("#token=")[1] ?? "";
  const main = (page: Page) => page.getByRole("main").waitFor();

  describe("its own page", () => {
    let mine: Awaited<ReturnType<typeof open>>;
    afterAll(() => mine.page.context().close());

    test("opens the folder, keeps the token out of every address, and has it after a reload", async () => {
      mine = await open(studio.address);
      const { page, told, asked } = mine;
      await main(page);
      expect(page.url()).not.toContain(token());
      await page.reload();
      await main(page);
      expect(await page.evaluate(() => history.length)).toBeLessThan(4);
      expect(asked.length).toBeGreaterThan(5);
      for (const address of asked) {
        expect(address).toContain(studio.origin);
        expect(address).not.toContain(token());
      }
      expect(told).toEqual([]);
    });

    test("saves a change of a card to the file, asks where somebody else saved too, and loses neither text", async () => {
      const { page, told } = mine;
      const text = readFileSync(policy, "utf8");
      const remove = page.getByRole("button", { name: /^Remove .*balance$/ });
      await remove.click();
      await page.getByText("1 file changed").waitFor();
      expect(readFileSync(policy, "utf8")).toBe(text);
      await page.getByRole("button", { name: "Save", exact: true }).click();
      await page.getByText("No changes").waitFor();
      const saved = readFileSync(policy, "utf8");
      expect(saved).toBe(text.replace("\n  with hide(balance)", ""));

      await page.getByRole("button", { name: /^Undo/ }).click();
      await page.getByText("1 file changed").waitFor();
      const theirs = `${saved}\n// by another hand\n`;
      writeFileSync(policy, theirs);
      await page.getByRole("button", { name: "Save", exact: true }).click();
      const dialog = page.getByRole("alertdialog");
      await dialog.getByText("by another hand").waitFor();
      expect(readFileSync(policy, "utf8")).toBe(theirs);
      await dialog.getByRole("button", { name: "Save mine over it" }).click();
      await page.getByText("No changes").waitFor();
      expect(readFileSync(policy, "utf8")).toBe(text);
      // A browser tells of each answer that is a refusal.
      expect(told.splice(0).filter((line) => !line.includes("412"))).toEqual([]);
    });

    test("says that no answer came to a save, and knows its text again where it was written after all", async () => {
      const { page, told } = mine;
      const text = readFileSync(policy, "utf8");
      await page.route("**/api/files/**", async (route) => {
        await route.fetch();
        await route.abort();
      });
      await page.getByRole("button", { name: /^Remove .*balance$/ }).click();
      await page.getByText("1 file changed").waitFor();
      const lost = page.getByText("it is not known whether your text was written");
      const said = lost.first().waitFor({ state: "attached" });
      await page.getByRole("button", { name: "Save", exact: true }).click();
      await said;
      await page.getByText("No changes").waitFor();
      expect(readFileSync(policy, "utf8")).toBe(text.replace("\n  with hide(balance)", ""));
      expect(await page.getByRole("button", { name: "Compare", exact: true }).count()).toBe(0);
      await page.unroute("**/api/files/**");
      await page.getByRole("button", { name: /^Undo/ }).click();
      await page.getByRole("button", { name: "Save", exact: true }).click();
      await page.getByText("No changes").waitFor();
      expect(readFileSync(policy, "utf8")).toBe(text);
      expect(told.splice(0).filter((line) => !line.includes("ERR_FAILED"))).toEqual([]);
    });

    test("takes what somebody else saves, while it has no edits of its own", async () => {
      const { page, told } = mine;
      const text = readFileSync(policy, "utf8");
      const undo = page.getByRole("button", { name: /^Undo/ });
      const before = await undo.getAttribute("aria-label");
      const shown = page.getByRole("button", { name: /^Remove .*balance$/ });
      await shown.waitFor();
      writeFileSync(policy, text.replace("\n  with hide(balance)", ""));
      await shown.waitFor({ state: "detached" });
      expect(await page.getByText("No changes").count()).toBe(1);
      // Undo is about what was done here, and never takes back what they did.
      expect(await undo.getAttribute("aria-label")).toBe(before);
      writeFileSync(policy, text);
      await shown.waitFor();
      expect(told).toEqual([]);
    });

    test("shows what somebody else saved beside edits of its own, and takes both", async () => {
      const { page, told } = mine;
      await page.reload();
      const text = readFileSync(policy, "utf8");
      await page.getByRole("button", { name: /^Remove .*balance$/ }).click();
      await page.getByText("1 file changed").waitFor();
      const theirs = `// by another hand\n${text}`;
      writeFileSync(policy, theirs);
      await page.getByRole("button", { name: "Compare", exact: true }).click();
      const dialog = page.getByRole("alertdialog");
      await dialog.getByText("// by another hand").waitFor();
      await shot(page, "conflict");
      expect(await axe(page)).toEqual([]);
      await dialog.getByRole("button", { name: "Keep both" }).click();
      await page.getByText("1 file changed").waitFor();
      expect(readFileSync(policy, "utf8")).toBe(theirs);
      await page.getByRole("button", { name: "Save", exact: true }).click();
      await page.getByText("No changes").waitFor();
      expect(readFileSync(policy, "utf8")).toBe(theirs.replace("\n  with hide(balance)", ""));
      writeFileSync(policy, text);
      expect(told).toEqual([]);
    });

    test("shows a tenant that comes, begins its policy, and keeps what was edited meanwhile, though its file goes", async () => {
      const { page, told } = mine;
      await page.reload();
      const text = readFileSync(policy, "utf8");
      await page.getByRole("button", { name: /^Remove .*balance$/ }).click();
      await page.getByText("1 file changed").waitFor();
      const config = join(folder, "wardline.config.json");
      const settings = JSON.parse(readFileSync(config, "utf8")) as { tenants: Record<string, string> };
      settings.tenants["zenith"] = "policy/zenith.ward";
      writeFileSync(config, JSON.stringify(settings));
      await page.getByText("The configuration was changed. Your changes stay.").waitFor();
      await shot(page, "project-changed");
      await page.getByRole("button", { name: "Show it as it is now" }).click();
      await page.getByRole("button", { name: "New policy …" }).click();
      await page.getByRole("dialog").getByText("zenith").first().waitFor();
      await shot(page, "new-policy");
      expect(await axe(page)).toEqual([]);
      await page.getByRole("button", { name: "Begin", exact: true }).click();
      await page.getByRole("heading", { name: "Policy of zenith" }).waitFor();
      expect(readFileSync(join(folder, "policy/zenith.ward"), "utf8")).toBe("policy zenith for clinic\n");
      await page.getByText("1 file changed").waitFor();

      rmSync(policy);
      await page.getByRole("button", { name: "Decide", exact: true }).click();
      await page.getByRole("button", { name: "Save mine again" }).click();
      await page.getByText("No changes").waitFor();
      expect(readFileSync(policy, "utf8")).toBe(text.replace("\n  with hide(balance)", ""));
      await page.getByRole("button", { name: /^Undo/ }).click();
      await page.getByRole("button", { name: "Save", exact: true }).click();
      await page.getByText("No changes").waitFor();
      expect(readFileSync(policy, "utf8")).toBe(text);
      expect(told).toEqual([]);
    });

    test("says of what tenants share that it is not saved here", async () => {
      const { page, told } = mine;
      await page.getByRole("region", { name: "File" }).getByRole("button").first().click();
      await page.getByRole("option", { name: "policy/platform.ward" }).click();
      await page.getByText("Read-only. Model, platform and packs bind every tenant").waitFor();
      expect(told).toEqual([]);
    });
  });

  test("without the token it says what to open, and shows no project", async () => {
    const { page } = await open(studio.origin);
    await page.getByText("open that one").waitFor();
    expect(await page.content()).not.toContain("acme");
    await page.context().close();
  });

  test("of an earlier run it says so", async () => {
    const { page } = await open(`${studio.origin}/#token=earlier`);
    await page.getByText("open the address that the command printed").waitFor();
    await page.context().close();
  });

  describe("pages of elsewhere", () => {
    const before = () => readFileSync(policy, "utf8");

    test("of another port of this machine read nothing and change nothing, though they had the token", async () => {
      const { page } = await open(`http://127.0.0.1:${strangerPort}/`);
      const text = before();
      const got = await page.evaluate(
        async ([origin, bearer]) => {
          const tried = async (path: string, init: RequestInit) => {
            try {
              const answer = await fetch(origin + path, init);
              return `${answer.type} ${answer.status} ${await answer.text()}`;
            } catch {
              return "refused";
            }
          };
          const headers = { authorization: `Bearer ${bearer}` };
          const script = (address: string) =>
            new Promise<string>((resolve) => {
              const element = document.createElement("script");
              element.addEventListener("load", () => resolve("loaded"));
              element.addEventListener("error", () => resolve("refused"));
              element.src = address;
              document.head.append(element);
            });
          return [
            await tried("/api/project", {}),
            await tried("/api/project", { headers }),
            await tried("/api/project", { mode: "no-cors" }),
            await tried("/api/files/policy/acme.ward", { method: "PUT", headers, body: "x" }),
            await tried("/", { mode: "no-cors" }),
            await script(`${origin}/api/project`),
            await script(`${origin}/project.json`),
          ];
        },
        [studio.origin, token()],
      );
      expect(got).toEqual(got.map(() => "refused"));
      expect(got).toHaveLength(7);
      expect(before()).toBe(text);
      await page.context().close();
    });

    test("frame nothing, and hold no window that they opened", async () => {
      const { page } = await open(`http://127.0.0.1:${strangerPort}/`);
      await page.evaluate((address) => {
        const frame = document.createElement("iframe");
        frame.src = address;
        document.body.append(frame);
      }, studio.address);
      // A browser puts a page of its own where it shows nothing.
      await expect.poll(() => page.frames()[1]?.url()).toMatch(/^chrome-error:/);
      const opened = page.context().waitForEvent("page");
      const held = page.evaluate((address) => {
        const other = window.open(address);
        return new Promise<boolean>((resolve) => {
          const look = () => (other?.closed === false ? setTimeout(look, 20) : resolve(false));
          look();
        });
      }, studio.address);
      await main(await opened);
      expect(await held).toBe(false);
      await page.context().close();
    });

    test("under a name that points here get nothing", async () => {
      const port = new URL(studio.origin).port;
      const { page } = await open(`http://rebound.example:${port}/#token=${token()}`);
      expect(await page.content()).toContain("this address is not the studio");
      const got = await page.evaluate(async (bearer) => {
        const answer = await fetch("/api/project", { headers: { authorization: `Bearer ${bearer}` } });
        return answer.status;
      }, token());
      expect(got).toBe(421);
      await page.context().close();
    });

    test("that stood at this address before, and left a service worker, see nothing but the page", async () => {
      const former = createServer(({ url = "" }, response) => {
        const isScript = url === "/worker.js";
        response.writeHead(200, { "content-type": isScript ? "text/javascript" : "text/html" });
        response.end(
          isScript
            ? `self.addEventListener("install", () => self.skipWaiting());
               self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));
               self.addEventListener("fetch", (event) => event.respondWith(fetch(event.request)));`
            : "<!doctype html><title>Former</title>",
        );
      });
      await new Promise<void>((resolve) => former.listen(0, "127.0.0.1", resolve));
      const { port } = former.address() as AddressInfo;
      const { page, told } = await open(`http://127.0.0.1:${port}/`);
      await page.evaluate(async () => {
        await navigator.serviceWorker.register("/worker.js");
        await navigator.serviceWorker.ready;
      });
      former.closeAllConnections();
      await new Promise((resolve) => former.close(resolve));
      let watched = 0;
      const later = await startStudio({
        folder,
        allFiles: false,
        appFolder: await builtApp(),
        port,
        onError: (error) => failures.push(error),
        onWatched: () => (watched += 1),
      });
      try {
        const asked: string[] = [];
        page.on("request", (request) => asked.push(new URL(request.url()).pathname));
        // An address that differs in its fragment alone would load nothing.
        await page.goto("about:blank");
        await page.goto(later.address);
        await page.getByText("Another program left a service worker at this address").waitFor();
        expect(asked.filter((path) => path.startsWith("/api"))).toEqual([]);
        expect(
          await page.evaluate(async () => (await navigator.serviceWorker.getRegistrations()).length),
        ).toBe(0);
        await page.reload();
        await page.locator(".shell, .mishap").first().waitFor();
        expect(await page.evaluate(() => navigator.serviceWorker.controller)).toBe(null);
        expect(watched).toBeLessThan(2);
        expect(told).toEqual(told.filter((line) => line.includes("Another program") || line.includes("401")));
      } finally {
        await later.close();
        await page.context().close();
      }
    });
  });
});
