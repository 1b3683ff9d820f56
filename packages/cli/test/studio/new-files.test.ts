/** Files that come and go while the studio runs, and those that it makes: of a tenant that has none, and never over another. */
import {
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { model, platform, policy, projectFolder } from "../project.ts";
import { textDigest } from "../../src/studio/studio-project.ts";
import { serve, type Reply, type Served } from "./served.ts";

const south = "policy south for library\n";
const config = (tenants: object) =>
  JSON.stringify({ model: "library.ward", platform: ["platform.ward"], tenants });
const make = ({ ask }: Served, name: string, body = south): Promise<Reply> =>
  ask("PUT", `/api/files/${name.split("/").map(encodeURIComponent).join("/")}`, {
    headers: { "if-none-match": "*" },
    body,
  });
const textIn = ({ folder }: Served, name: string) => readFileSync(join(folder, name), "utf8");

describe("a tenant that the configuration names, and that has no policy", () => {
  const files = { "wardline.config.json": config({ north: "north.ward", south: "new/south.ward" }) };

  test("is told, and its policy is made once, with its folder", async () => {
    const served = await serve({ files });
    const told = async () => (await served.ask("GET", "/api/project")).json;
    expect(await told()).toMatchObject({
      files: [{ name: "library.ward" }, { name: "platform.ward" }, { name: "north.ward" }],
      lacking: [{ tenant: "south", name: "new/south.ward" }],
      newPolicies: null,
    });
    const answers = await Promise.all([1, 2, 3].map(() => make(served, "new/south.ward")));
    expect(answers.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([201, 412, 412]);
    expect(answers.find(({ status }) => status === 412)?.json).toMatchObject({ code: "studio/exists" });
    expect(textIn(served, "new/south.ward")).toBe(south);
    expect(readdirSync(join(served.folder, "new"))).toEqual(["south.ward"]);
    expect(await told()).toMatchObject({ files: [{}, {}, {}, { name: "new/south.ward" }], lacking: [] });
    expect((await served.save("new/south.ward", `${south}// more\n`, south)).status).toBe(200);
  });

  test("what begins with a mark of the order of bytes is read as it was made", async () => {
    const served = await serve({ files });
    const text = `\uFEFF${south}`;
    expect((await make(served, "new/south.ward", text)).status).toBe(201);
    expect((await served.ask("GET", "/api/project")).json).toMatchObject({
      files: [{}, {}, {}, { name: "new/south.ward", text, digest: textDigest(text) }],
    });
  });

  test("leaves no folder where its file cannot be made", async () => {
    const name = `new/deeper/${"s".repeat(300)}.ward`;
    const served = await serve({ files: { "wardline.config.json": config({ south: name }) } });
    expect((await make(served, name)).json).toMatchObject({ code: "studio/cannot-write" });
    expect(existsSync(join(served.folder, "new"))).toBe(false);
  });

  test("no other file is made, and none is written over", async () => {
    const served = await serve({ files: { ...files, "other.ward": "mine" }, allFiles: true });
    for (const name of ["west.ward", "other.ward", "wardline.config.json", "new/west.ward"])
      expect(await make(served, name), name).toMatchObject({
        status: 403,
        json: { code: "studio/not-named", help: expect.stringContaining("`tenants`") },
      });
    expect(await make(served, "north.ward")).toMatchObject({ status: 412 });
    expect(textIn(served, "other.ward")).toBe("mine");
    expect(textIn(served, "north.ward")).toBe(policy);
    expect(await served.ask("PUT", "/api/files/new/south.ward", { body: south })).toMatchObject({
      status: 428,
    });
    const both = { "if-none-match": "*", "if-match": `"${textDigest(policy)}"` };
    expect((await served.ask("PUT", "/api/files/north.ward", { headers: both, body: south })).status).toBe(
      428,
    );
  });

  test.each(["../south.ward", "new/../../south.ward", "/tmp/south.ward"])(
    "by a name that leads out, %s, makes nothing",
    async (name) => {
      const served = await serve({ files: { "wardline.config.json": config({ south: name }) } });
      expect((await make(served, name)).status).toBeGreaterThanOrEqual(400);
      expect(existsSync(join(served.folder, "../south.ward"))).toBe(false);
      expect(served.errors).toEqual([]);
    },
  );

  test("by a folder that links out, or a link that leads nowhere, makes nothing", async () => {
    const elsewhere = projectFolder();
    const served = await serve({ files });
    symlinkSync(elsewhere, join(served.folder, "new"));
    expect(await make(served, "new/south.ward")).toMatchObject({
      status: 500,
      json: { code: "studio/cannot-write", message: expect.stringContaining("leads out") },
    });
    rmSync(join(served.folder, "new"));
    symlinkSync("nowhere", join(served.folder, "new"));
    expect((await make(served, "new/south.ward")).json).toMatchObject({
      message: expect.stringContaining("leads nowhere"),
    });
    rmSync(join(served.folder, "new"));
    writeFileSync(join(served.folder, "new"), "a file");
    expect((await make(served, "new/south.ward")).json).toMatchObject({ code: "studio/cannot-write" });
    expect(readdirSync(elsewhere)).not.toContain("south.ward");
    expect(served.errors).toEqual([]);
  });
});

describe("without a configuration", () => {
  const files = { "wardline.config.json": null };

  test.each(["tenants.d", "My policies"])("where the others are is a place, also in %s", async (folder) => {
    const served = await serve({ files: { ...files, "north.ward": null, [`${folder}/north.ward`]: policy } });
    expect((await served.ask("GET", "/api/project")).json).toMatchObject({ newPolicies: `${folder}/` });
    expect((await make(served, `${folder}/south.ward`)).status).toBe(201);
  });

  test("a new tenant's policy is made beside the others, and changes nothing of theirs", async () => {
    const served = await serve({ files: { ...files, "north.ward": null, "p/north.ward": policy } });
    expect((await served.ask("GET", "/api/project")).json).toMatchObject({ newPolicies: "p/", lacking: [] });
    expect((await make(served, "p/south.ward")).status).toBe(201);
    expect(textIn(served, "p/south.ward")).toBe(south);
    for (const text of [
      policy,
      model,
      platform,
      "policy South\n",
      "policy\n",
      "",
      "pack p 1.0.0 for library\n",
    ])
      expect(await make(served, "p/west.ward", text), text).toMatchObject({
        status: 403,
        json: { code: "studio/name" },
      });
    expect(readdirSync(join(served.folder, "p")).toSorted()).toEqual(["north.ward", "south.ward"]);
  });

  test.each([
    "south.txt",
    ".south.ward",
    "node_modules/south.ward",
    "new/south.ward",
    "con.ward",
    "LPT1.ward",
    "a b.ward",
    "a:b.ward",
    "south.ward.ward",
    `${"s".repeat(101)}.ward`,
  ])("%s is no name for it", async (name) => {
    const served = await serve({ files });
    const before = readdirSync(served.folder);
    expect(await make(served, name)).toMatchObject({ status: 403, json: { code: "studio/name" } });
    expect(readdirSync(served.folder)).toEqual(before);
  });
});

describe("what others remove", () => {
  test("a policy is told as lacking, a save is told of it, and it can be made again", async () => {
    const served = await serve();
    rmSync(join(served.folder, "north.ward"));
    expect((await served.ask("GET", "/api/project")).json).toMatchObject({
      lacking: [{ tenant: "north", name: "north.ward" }],
    });
    expect(await served.save("north.ward", `${policy}// more\n`, policy)).toMatchObject({
      status: 412,
      json: { code: "studio/removed" },
    });
    expect(existsSync(join(served.folder, "north.ward"))).toBe(false);
    expect((await make(served, "north.ward", policy)).status).toBe(201);
  });

  test("the model, and the folder itself, are said with a cure, and come back", async () => {
    const served = await serve();
    const away = `${served.folder}-away`;
    renameSync(served.folder, away);
    for (const asked of [
      await served.ask("GET", "/api/project"),
      await served.save("north.ward", south, policy),
      await make(served, "north.ward"),
    ])
      expect(asked).toMatchObject({
        status: 409,
        json: {
          code: "studio/project",
          message: expect.stringContaining("is gone"),
          help: expect.any(String),
        },
      });
    expect(existsSync(served.folder)).toBe(false);
    renameSync(away, served.folder);
    rmSync(join(served.folder, "library.ward"));
    expect((await served.ask("GET", "/api/project")).json).toMatchObject({
      message: "there is no file library.ward",
    });
    mkdirSync(join(served.folder, "x"));
    writeFileSync(join(served.folder, "library.ward"), model);
    expect((await served.ask("GET", "/api/project")).status).toBe(200);
    expect(served.errors).toEqual([]);
  });
});
