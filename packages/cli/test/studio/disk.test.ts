/** Saves that the system does not let through, and saves that are cut off: the old text or the new one stands there, and nothing else. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, readFileSync, readdirSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { writeFileAtomically } from "../../src/files/write-file.ts";
import { textDigest } from "../../src/studio/studio-project.ts";
import { policy, projectFolder } from "../project.ts";
import { exchange, serveProcess } from "./served.ts";

test("a disk that takes half of a text leaves the old one, and the reason and the cure are said", async () => {
  const tenants = { north: "north.ward", south: "south.ward" };
  const folder = projectFolder({
    "wardline.config.json": JSON.stringify({ model: "library.ward", platform: ["platform.ward"], tenants }),
  });
  const before = readdirSync(folder);
  // The system cuts a write off as it would on a full disk.
  const { port, token } = await serveProcess(folder, { limit: "ulimit -f 16" });
  const headers = { authorization: `Bearer ${token}`, "if-match": `"${textDigest(policy)}"` };
  const text = (size: number) => `${policy}// ${"x".repeat(size)}\n`;
  expect(await exchange(port, "PUT", "/api/files/north.ward", headers, text(40_000))).toMatchObject({
    status: 500,
    json: {
      code: "studio/cannot-write",
      message: expect.stringContaining("north.ward cannot be written"),
      help: expect.stringContaining("then try again"),
    },
  });
  expect(readFileSync(join(folder, "north.ward"), "utf8")).toBe(policy);
  const fresh = { authorization: `Bearer ${token}`, "if-none-match": "*" };
  expect(await exchange(port, "PUT", "/api/files/south.ward", fresh, text(40_000))).toMatchObject({
    status: 500,
    json: { code: "studio/cannot-write", message: expect.stringContaining("south.ward cannot be written") },
  });
  expect(readdirSync(folder)).toEqual(before);
  expect((await exchange(port, "PUT", "/api/files/north.ward", headers, text(40))).status).toBe(200);
  expect(readFileSync(join(folder, "north.ward"), "utf8")).toBe(text(40));
});

test("who is killed while saving leaves a whole text, and the next save clears away", async () => {
  const folder = projectFolder();
  const path = join(folder, "north.ward");
  const texts = ["a", "b"].map((letter) => letter.repeat(60_000));
  const from = new URL("../../src/files/write-file.ts", import.meta.url).href;
  const endless = `import { writeFileAtomically } from ${JSON.stringify(from)};
    for (let at = 0; ; at += 1) {
      writeFileAtomically(${JSON.stringify(path)}, "ab"[at % 2].repeat(60_000));
      if (at === 5) console.log("writing");
    }`;
  for (let times = 0; times < 3; times += 1) {
    const child = spawn(
      process.execPath,
      ["--conditions=@wardline/source", "--input-type=module", "-e", endless],
      {
        stdio: ["ignore", "pipe", "inherit"],
      },
    );
    await once(child.stdout, "data");
    child.kill("SIGKILL");
    await once(child, "close");
    expect(texts).toContain(readFileSync(path, "utf8"));
  }
  const left = join(folder, ".north.ward-Abc123");
  mkdirSync(left);
  writeFileSync(join(left, "new"), "half");
  const kept = [".north.ward-mine00", ".north.ward-backup", ".north.ward-fresh0", ".north.ward-longer-name"];
  for (const name of kept) mkdirSync(join(folder, name));
  writeFileSync(join(folder, ".north.ward-mine00/notes"), "mine");
  mkdirSync(join(folder, ".north.ward-backup/new"));
  writeFileSync(join(folder, ".north.ward-backup/new/notes"), "mine");
  for (const name of readdirSync(folder))
    if (name.startsWith(".north.ward-") && name !== ".north.ward-fresh0")
      utimesSync(join(folder, name), 0, 0);
  writeFileAtomically(path, "whole");
  expect(readFileSync(path, "utf8")).toBe("whole");
  expect(
    readdirSync(folder)
      .filter((name) => name.startsWith("."))
      .toSorted(),
  ).toEqual(kept.toSorted());
});
