/**
 * The README is held to the product: its model and policy are a project that builds, its SQL is what a query becomes,
 * word for word, and its application runs and prints what stands beside it. Configuration and platform are the guide's.
 */
import { execFileSync } from "node:child_process";
import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { compileViews } from "@wardline/backends";
import { printSelect } from "@wardline/core";
import { readBundles } from "@wardline/sdk/operator";
import { expect, test } from "vitest";
import { projectFolder, run } from "./project.ts";

const root = new URL("../../../", import.meta.url).pathname;
const readme = readFileSync(join(root, "README.md"), "utf8");
const guide = readFileSync(join(root, "docs/sdk.md"), "utf8");

/** The one block of a page in a language that begins with a text. */
function block(page: string, language: string, beginning: string): string {
  const blocks = [...page.matchAll(/^```(\w+)\n([^]*?)^```$/gm)]
    .filter(([, of, text]) => of === language && text?.startsWith(beginning))
    .map(([, , text]) => text as string);
  expect(blocks, `blocks that begin with ${beginning}`).toHaveLength(1);
  return blocks[0] as string;
}

function readmeProject(): string {
  return projectFolder({
    "wardline.config.json": block(guide, "json", "{"),
    "library.ward": null,
    "platform.ward": null,
    "north.ward": null,
    "policy/library.ward": block(readme, "ward", "model"),
    "policy/platform.ward": block(guide, "ward", "platform"),
    "policy/north.ward": block(readme, "ward", "policy"),
  });
}

const words = (text: string): readonly string[] => text.split(/\s+/).filter((word) => word !== "");

test("the model and the policy build without a finding", async () => {
  const project = readmeProject();
  expect(await run(project, ["check"])).toMatchObject({
    code: 0,
    out: "1 of 1 policy fine: 0 errors, 0 warnings\n",
    err: "",
  });
});

test("the SQL is what the query becomes for Ada", async () => {
  const project = readmeProject();
  await run(project, ["build", "--out", "dist"]);
  const { program } = (await readBundles(join(project, "dist"))).get("north") ?? expect.fail("no bundle");
  const main = /const main = "([^"]+)"/.exec(readme)?.[1] ?? expect.fail("no branch");
  const facts = {
    tenant: { id: "north" },
    principal: {
      type: "Member",
      id: "ada",
      tenant: "north",
      roles: ["librarian"],
      attributes: { level: 2 },
    },
    ancestors: { principal: { Branch: [main] } },
  };
  const view = compileViews(program).bind("Loan", "list", facts, { schema: "public", sealMarker: "m" });
  const { fragments, parameters } = printSelect(view.select);
  const text = fragments.map((part, index) => (index === 0 ? part : `$${index}${part}`)).join("");
  const known = parameters.map(({ value }, index) => `$${index + 1} ${String(value)}`).join(", ");
  expect(words(block(readme, "sql", "SELECT"))).toEqual(words(`${text}\n-- ${known}`));
});

test("the application runs and prints what the README says", async () => {
  const project = readmeProject();
  await run(project, ["build", "--out", "dist"]);
  const application = block(readme, "ts", "import");
  writeFileSync(join(project, "package.json"), '{ "type": "module" }');
  writeFileSync(join(project, "main.ts"), application);
  mkdirSync(join(project, "node_modules/@wardline"), { recursive: true });
  symlinkSync(join(root, "packages/sdk"), join(project, "node_modules/@wardline/sdk"));
  const printed = execFileSync(process.execPath, ["--conditions=@wardline/source", "main.ts"], {
    cwd: project,
    encoding: "utf8",
  });
  const said = [...application.matchAll(/^\/\/=> (.*)$/gm)].map((match) => match[1]);
  expect(said).not.toEqual([]);
  expect(printed.trimEnd().split("\n")).toEqual(said);
});
