/** The example of docs/spec/residual.md is what the policy beside it gives. */
import { filterFor } from "@wardline/backends";
import { compile } from "@wardline/compiler";
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";

const page = readFileSync(new URL("../../../docs/spec/residual.md", import.meta.url), "utf8");
const block = (language: string) =>
  [...page.matchAll(/```([a-z]+)\n([^]*?)```/g)]
    .filter(([, name]) => name === language)
    .map(([, , text]) => text as string);

test("the example is what the policy beside it gives", () => {
  const [model = "", platform = "", policy = ""] = block("ward");
  const source = (name: string, text: string) => ({ name, text });
  const { program, findings } = compile({
    model: source("model.ward", model),
    platform: [source("platform.ward", platform)],
    policy: source("policy.ward", policy),
    tenant: "north",
  });
  expect(findings.filter(({ severity }) => severity === "error")).toEqual([]);
  if (program === null) return expect.fail();
  const [known = "", residual = ""] = block("json");
  const found = filterFor(program, "list", "Loan", JSON.parse(known) as never);
  if (process.env["WARDLINE_SHOW"]) process.stdout.write(`${JSON.stringify(found)}\n`);
  expect(found).toEqual(JSON.parse(residual));
});
