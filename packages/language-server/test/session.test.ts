import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { expect, test } from "vitest";
import { startSession } from "./client.ts";
import { library } from "./library.ts";

test("a session over standard input and output: findings follow what is typed", async () => {
  const folder = mkdtempSync(join(tmpdir(), "wardline-session-"));
  for (const [name, text] of Object.entries(library)) writeFileSync(join(folder, name), text);
  const uriOf = (name: string) => pathToFileURL(join(folder, name)).href;
  const session = startSession();
  await session.begin([pathToFileURL(folder).href]);
  const uri = uriOf("north.ward");
  await session.open(uri, library["north.ward"]);
  const codes = async (version: number) =>
    (await session.published(uri, version)).diagnostics.map(({ code }) => code);
  expect(await codes(1)).toEqual(["lint/forbid-without-because"]);
  await session.change(uri, 2, library["north.ward"].replace("resource.open", "resource.opn"));
  expect(await codes(2)).toEqual(["name/unknown"]);
  expect(await session.connection.sendRequest("wardline/files", {})).toEqual([
    { name: "library.ward", uri: uriOf("library.ward"), role: { kind: "model" } },
    { name: "platform.ward", uri: uriOf("platform.ward"), role: { kind: "platform" } },
    { name: "north.ward", uri, role: { kind: "policy", tenant: "north" } },
  ]);
  expect(await session.end()).toBe(0);
});
