import { execFileSync } from "node:child_process";
import { expect, it } from "vitest";

it("KMS without its client says what is to be installed, and nothing before it is used", () => {
  const script = `
    import { registerHooks } from "node:module";
    registerHooks({ resolve(name, context, next) { return next(name === "@aws-sdk/client-kms" ? "@aws-sdk/client-kms-is-not-here" : name, context); } });
    const { awsKms } = await import("@wardline/isolation");
    const keys = awsKms({ region: "eu-central-1" });
    console.log("opened");
    for (const attempt of [1, 2]) await keys.state("north", "data").catch(({ code, message }) => console.log(code, message));
  `;
  const out = execFileSync(
    process.execPath,
    ["--conditions=@wardline/source", "--input-type=module", "--eval", script],
    { cwd: new URL("..", import.meta.url).pathname, encoding: "utf8" },
  );
  const said =
    "keys/unavailable awsKms needs the package @aws-sdk/client-kms, which is not installed: npm install @aws-sdk/client-kms";
  expect(out.split("\n")).toEqual(["opened", said, said, ""]);
});
