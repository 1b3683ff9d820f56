/** The command as a process: its streams, its signals, and what a terminal sees. */
import { execFileSync, spawn, spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { wantsColor } from "../src/color.ts";
import { startProgress } from "../src/progress.ts";
import { policy, projectFolder } from "./project.ts";

const main = new URL("../src/main.ts", import.meta.url).pathname;
const node = [process.execPath, "--conditions=@wardline/source", main];
const misspelt = { "north.ward": policy.replace("resource.borrower", "resource.borower") };

function command(folder: string, args: readonly string[], environment: Record<string, string> = {}) {
  const { NO_COLOR: _, ...env } = process.env;
  return spawnSync(node[0] as string, [...node.slice(1), ...args], {
    cwd: folder,
    encoding: "utf8",
    env: { ...env, TERM: "xterm", ...environment },
  });
}

test("the report is on standard output, all else on standard error", () => {
  const ran = command(projectFolder({ ...misspelt, "wardline.config.json": null }), ["check"]);
  expect(ran.status).toBe(1);
  expect(ran.stdout).toContain("`borower`");
  expect(ran.stderr).toBe("no wardline.config.json: each file is taken at its header's word\n");
  const wrong = command(projectFolder(), ["check", "--nonsense"]);
  expect(wrong).toMatchObject({ status: 2, stdout: "" });
});

describe("colours", () => {
  test("never without a terminal, whatever is asked for", () => {
    const ran = command(projectFolder(misspelt), ["check"], { FORCE_COLOR: "1" });
    expect(ran.stdout + ran.stderr).not.toContain("\u001B");
  });

  const script = spawnSync("script", ["--version"], { encoding: "utf8" });
  const terminal = script.status === 0 && script.stdout.includes("util-linux");
  if (!terminal) console.log("there is no `script` of util-linux: what a terminal sees is not tested");

  test.skipIf(!terminal).each([
    ["on a terminal", {}, true],
    ["not with NO_COLOR", { NO_COLOR: "1" }, false],
    ["with an empty NO_COLOR, which means nothing", { NO_COLOR: "" }, true],
    ["not on a dumb terminal", { TERM: "dumb" }, false],
  ])("%s", (_, environment, colored) => {
    const { NO_COLOR: __, ...env } = process.env;
    const line = [...node, "check"].map((word) => `'${word}'`).join(" ");
    const ran = spawnSync("script", ["-qec", line, "/dev/null"], {
      cwd: projectFolder(misspelt),
      encoding: "utf8",
      env: { ...env, TERM: "xterm", ...environment },
    });
    expect(ran.stdout).toContain("`borower`");
    expect(ran.stdout.includes("\u001B[31m")).toBe(colored);
  });

  test.each([
    [{}, true, true],
    [{}, false, false],
    [{ NO_COLOR: "0" }, true, false],
    [{ FORCE_COLOR: "1" }, false, false],
    [{ TERM: "dumb" }, true, false],
  ])("%j on a terminal (%j): %j", (environment, terminal, wanted) => {
    expect(wantsColor(environment, terminal)).toBe(wanted);
  });
});

test.each(["SIGINT", "SIGTERM"] as const)("%s ends a watch with 0", async (signal) => {
  const folder = projectFolder(misspelt);
  const child = spawn(node[0] as string, [...node.slice(1), "check", "--watch"], { cwd: folder });
  let [out, err] = ["", ""];
  child.stdout.on("data", (part) => (out += String(part)));
  child.stderr.on("data", (part) => (err += String(part)));
  await expect.poll(() => err).toContain("watching");
  expect(out).toContain("`borower`");
  writeFileSync(join(folder, "north.ward"), policy);
  await expect.poll(() => out).toContain("1 of 1 policy fine");
  const ended = new Promise((resolve) => child.on("close", (code) => resolve(code)));
  child.kill(signal);
  expect(await ended).toBe(0);
});

test("a reader that has seen enough is no fault", () => {
  const line = `${node.map((word) => `'${word}'`).join(" ")} check --format json | head -c 1; echo "\${PIPESTATUS[0]}"`;
  const ran = spawnSync("bash", ["-c", line], { cwd: projectFolder(misspelt), encoding: "utf8" });
  expect(ran.stderr).toBe("");
  expect(ran.stdout).toBe("{1\n");
});

test("the version is the package's", () => {
  const printed = execFileSync(node[0] as string, [...node.slice(1), "--version"], { encoding: "utf8" });
  expect(printed).toMatch(/^\d+\.\d+\.\d+\n$/);
});

describe("progress", () => {
  function steps(interactive: boolean, times: readonly number[]): string {
    let text = "";
    const clock = [0, ...times];
    const io = {
      cwd: "",
      out: () => {},
      err: (part: string) => (text += part),
      stdin: () => Promise.resolve(""),
      color: false,
      interactive,
      onInterrupt: () => () => {},
    };
    const progress = startProgress(io, "checking policy", () => clock.shift() as number);
    times.forEach((_, index) => progress.step(index + 8, 100));
    progress.end();
    return text;
  }

  test("is said after half a second, and taken back", () => {
    expect(steps(true, [100, 499, 500, 900])).toBe(
      `\rchecking policy 10 of 100\rchecking policy 11 of 100\r${" ".repeat(25)}\r`,
    );
  });

  test("is not said of a short run, nor without a terminal", () => {
    expect(steps(true, [100, 499])).toBe("");
    expect(steps(false, [100, 5000])).toBe("");
  });
});
