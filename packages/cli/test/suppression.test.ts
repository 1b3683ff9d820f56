/** A comment in a file that tenants share suppresses what is found beside some of their policies alone. */
import { expect, test } from "vitest";
import { model, policy, projectFolder, run } from "./project.ts";

const marked = model.replace(
  "  title: String\n",
  "  title: String\n  card: String #secret // allow lint/unprotected-class: each house protects its own cards\n",
);
const config = (tenants: Readonly<Record<string, string>>) =>
  JSON.stringify({ model: "library.ward", platform: ["platform.ward"], tenants });
const south = policy.replace("policy north", "policy south");
const seals = "require cards: encrypt(card)\n";
const both = config({ north: "north.ward", south: "south.ward" });
const unused = "suppression/unused";

test("it is called unused where no policy needs it", async () => {
  const files = { "wardline.config.json": both, "library.ward": marked };
  const all = { ...files, "north.ward": `${policy}\n${seals}`, "south.ward": `${south}\n${seals}` };
  const { out } = await run(projectFolder(all), ["check", "--format", "plain"]);
  expect(out).toContain(unused);
  expect(out.split(unused)).toHaveLength(2);
});

test("it is not where one policy needs it", async () => {
  const files = { "wardline.config.json": both, "library.ward": marked };
  const one = { ...files, "north.ward": `${policy}\n${seals}`, "south.ward": south };
  const { out } = await run(projectFolder(one), ["check", "--format", "plain"]);
  expect(out).not.toContain(unused);
  expect(out).not.toContain("lint/unprotected-class");
});

test("it is not where a policy has an error, since that one may need it", async () => {
  const files = { "wardline.config.json": both, "library.ward": marked };
  const broken = { ...files, "north.ward": `${policy}\n${seals}`, "south.ward": `${south}\npermit` };
  const { out } = await run(projectFolder(broken), ["check", "--format", "plain"]);
  expect(out).toContain("syntax/expected");
  expect(out).not.toContain(unused);
});
