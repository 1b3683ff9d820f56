/** Which policies a command line's paths mean. */
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { model, platform, policy, projectFolder, run } from "../project.ts";

const named = (name: string) => policy.replace("policy north", `policy ${name}`);
const broken = (text: string) => text.replace("resource.borrower", "resource.borower");

/** Two projects side by side, the first with two tenants. */
function folder(): string {
  return projectFolder({
    "wardline.config.json": null,
    "library.ward": null,
    "platform.ward": null,
    "north.ward": null,
    "one/wardline.config.json": JSON.stringify({
      model: "shared/model.ward",
      platform: ["shared/platform.ward"],
      tenants: { north: "tenants/north.ward", south: "tenants/more/south.ward" },
    }),
    "one/shared/model.ward": model,
    "one/shared/platform.ward": platform,
    "one/tenants/north.ward": broken(named("north")),
    "one/tenants/more/south.ward": broken(named("south")),
    "two/model.ward": model,
    "two/policy.ward": broken(named("east")),
  });
}

test.each([
  ["the project", ["one"], ["north", "south"]],
  ["a policy", ["one/tenants/north.ward"], ["north"]],
  ["both policies", ["one/tenants/north.ward", "one/tenants/more/south.ward"], ["north", "south"]],
  ["a folder within", ["one/tenants/more"], ["south"]],
  ["a folder of policies", ["one/tenants"], ["north", "south"]],
  ["what all of them share", ["one/shared/platform.ward"], ["north", "south"]],
  ["the model beside one policy", ["one/shared", "one/tenants/north.ward"], ["north", "south"]],
  ["two projects, one by its headers", ["one/tenants/north.ward", "two"], ["north", "policy"]],
  ["the same twice", ["two", "two/policy.ward"], ["policy"]],
])("%s", async (_, paths, files) => {
  const ran = await run(folder(), ["check", "--format", "compact", ...paths]);
  expect(ran.code).toBe(1);
  const found = ran.out.trimEnd().split("\n");
  expect(found.map((line) => /(\w+)\.ward:4:17/.exec(line)?.[1])).toEqual(files);
});

test("an error in the model shows, whichever policy is asked for", async () => {
  const project = projectFolder({ "library.ward": model.replace("Int(0..5)", "Itn") });
  const ran = await run(project, ["check", "north.ward"]);
  expect(ran.code).toBe(1);
  expect(ran.out).toContain("library.ward:8:10");
});

test("from a folder within, the whole project is checked", async () => {
  const project = projectFolder();
  mkdirSync(join(project, "deep/er"), { recursive: true });
  const ran = await run(join(project, "deep/er"), ["check"]);
  expect(ran).toMatchObject({ code: 0, out: "1 of 1 policy fine: 0 errors, 0 warnings\n" });
});

const pack = "pack guide 1.0\n\nparameter kind: class\n\nrequire sealed: encrypt(kind)\n";

test("a pack that nothing uses is checked too", async () => {
  const config = { model: "library.ward", platform: ["platform.ward"], tenants: { north: "north.ward" } };
  const files = (text: string) => ({
    "wardline.config.json": JSON.stringify({ ...config, packs: ["guide.ward"] }),
    "guide.ward": text,
  });
  expect((await run(projectFolder(files(pack)), ["check"])).code).toBe(0);
  const ran = await run(projectFolder(files(pack.replace("class", "klass"))), ["check"]);
  expect(ran.code).toBe(1);
  expect(ran.out).toContain("guide.ward:3:17");
});

test("what is wrong with a pack is said once, however many use it", async () => {
  const use = "use guide 1.0 { kind: #secret }\n";
  const folder = projectFolder({
    "wardline.config.json": JSON.stringify({
      model: "library.ward",
      platform: ["platform.ward"],
      packs: ["guide.ward"],
      tenants: { north: "north.ward", south: "south.ward" },
    }),
    "library.ward": model.replace("title: String", "title: String #secret"),
    "guide.ward": `${pack}\nrequire also: mask(kind, intials) for anyone to read anything\n`,
    "north.ward": `${policy}\n${use}`,
    "south.ward": `${named("south")}\n${use}`,
  });
  const { out } = await run(folder, ["check", "--format", "compact"]);
  expect(out.split("guide.ward:7:").length).toBe(2);
});

test("packs alone need no model", async () => {
  const alone = {
    "wardline.config.json": null,
    "library.ward": null,
    "platform.ward": null,
    "north.ward": null,
  };
  const folder = projectFolder({
    ...alone,
    "guide.ward": pack,
    "other.ward": pack.replace("guide", "other"),
  });
  expect(await run(folder, ["check"])).toMatchObject({ code: 0, out: "no policy: 0 errors, 0 warnings\n" });
  const broken = projectFolder({ ...alone, "guide.ward": pack.replace("class", "klass") });
  expect((await run(broken, ["check", "guide.ward"])).code).toBe(1);
  expect((await run(folder, ["test"])).out).toBe("no tests\n");
  expect((await run(folder, ["decide", "--tenant", "north", "--request", "-"], "{}")).code).toBe(2);
});

test("a project without a tenant is checked as far as it goes", async () => {
  const config = JSON.stringify({ model: "library.ward", platform: ["platform.ward"], tenants: {} });
  const fine = await run(projectFolder({ "wardline.config.json": config }), ["check"]);
  expect(fine).toEqual({ code: 0, out: "no policy: 0 errors, 0 warnings\n", err: "" });
  const wrong = await run(
    projectFolder({ "wardline.config.json": config, "platform.ward": platform.replace("list", "lsit") }),
    ["check"],
  );
  expect(wrong.code).toBe(1);
  expect(wrong.out).toContain("platform.ward:3:30");
});
