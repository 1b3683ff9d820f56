/** A damaged file, and files beside each other: no program, and no findings that are only echoes. */
import { expect, test } from "vitest";
import { compile, compileModel } from "../../src/index.ts";
import { compileLibrary, libraryModel, openPlatform } from "../check/library.ts";
import { processorTime } from "@wardline/core/testing";

const codes = (findings: readonly { readonly code: string }[]) => findings.map((found) => found.code);

test("what a damaged statement declared is not reported as unknown; the rest is", () => {
  const { program, findings } = compileLibrary({
    policy:
      'role desk extends extends reader\nlet near = = resource.lost\npermit a: desk to read Book when near\npermit b: reader to read Book when resource.titel == "x"\n',
  });
  expect(program).toBeNull();
  expect(codes(findings)).toEqual(
    ["syntax/reserved-word", "syntax/expected", "name/unknown"].map((code, i) =>
      i === 0 ? findings[0]?.code : code,
    ),
  );
  expect(findings.filter((found) => found.code === "name/unknown").map((found) => found.message)).toEqual([
    "unknown attribute `titel`",
  ]);
});

test("a let is not called unused beside a statement that was refused", () => {
  const policy = "let near = resource.lost\nceiling most: anyone to read Book when near\n";
  expect(codes(compileLibrary({ policy }).findings)).toEqual(["file/misplaced"]);
  expect(codes(compileLibrary({ policy: "let near = resource.lost\n" }).findings)).toEqual([
    "lint/unused-let",
  ]);
});

test("the actions of one kind may have any names where one has the usual one, or there is one", () => {
  for (const actions of [
    "action read, view reads Branch",
    "action view reads Branch",
    "action read, list reads Branch",
  ])
    expect(
      compileModel({
        name: "m",
        text: `model m\nentity Branch stored in branches { name: String }\n${actions}\n`,
      }).findings,
    ).toEqual([]);
});

test("one syntax error anywhere is no program, however little it touches", () => {
  for (const file of ["model", "platform", "policy"] as const) {
    const texts = {
      model: libraryModel,
      platform: openPlatform,
      policy: "policy north for library\npermit a: reader to read Book\n",
    };
    expect(compileLibrary(texts).program).not.toBeNull();
    expect(compileLibrary({ ...texts, [file]: `${texts[file]}\n§` }).program).toBeNull();
  }
});

test("a condition with its `and` missing does not become half of itself", () => {
  expect(
    compileLibrary({ policy: "permit a: reader to read Book when context.mfa resource.lost" }).program,
  ).toBeNull();
});

test("a model with an error is not used to judge a policy", () => {
  const { program, findings } = compileLibrary({
    model: `${libraryModel}\nentity Shelf { }\n`,
    policy: "permit a: nobody to read Nothing",
  });
  expect(program).toBeNull();
  expect(codes(findings)).toEqual(["model/needs-storage"]);
});

test("an empty text is refused for what it lacks", () => {
  for (const file of ["model", "platform", "policy"] as const) {
    const sources = { model: libraryModel, platform: openPlatform, policy: "policy north for library\n" };
    const texts = { ...sources, [file]: "" };
    const { program, findings } = compile({
      model: { name: "m", text: texts.model },
      platform: [{ name: "p", text: texts.platform }],
      policy: { name: "t", text: texts.policy },
      tenant: "north",
    });
    expect(program).toBeNull();
    expect(findings.some((found) => found.severity === "error")).toBe(true);
  }
});

test("names of rules are unique over all the platform's files, and two layers may share one", () => {
  const platform = (name: string, text: string) => ({ name, text: `platform for library\n${text}\n` });
  const input = {
    model: { name: "library.ward", text: libraryModel },
    policy: { name: "north.ward", text: "policy north for library\nforbid a: reader to read Book\n" },
    tenant: "north",
  };
  const ceiling = platform("one.ward", "ceiling a: anyone to act on anything");
  expect(compile({ ...input, platform: [ceiling] }).program?.rules.map((rule) => rule.id)).toEqual([
    "platform/a",
    "north/a",
  ]);
  const both = compile({
    ...input,
    platform: [ceiling, platform("two.ward", "forbid a: anyone to read Book when resource.lost")],
  });
  expect(codes(both.findings)).toEqual(["name/duplicate"]);
  expect(both.findings[0]?.labels[0].span.file).toBe("two.ward");
});

test("a policy is loaded for its own tenant alone", () => {
  const text = "policy south for library\npermit a: anyone to act on anything\n";
  const files = { model: { name: "m", text: libraryModel }, platform: [], policy: { name: "t", text } };
  expect(codes(compile({ ...files, tenant: "north" }).findings)).toEqual(["file/tenant"]);
  expect(compile({ ...files, tenant: "south" }).program?.tenant).toBe("south");
  expect(compile({ ...files, tenant: "platform" }).program).toBeNull();
});

test("without any file of the platform all is open, and the checker says so", () => {
  const policy = { name: "t", text: "policy north for library\npermit a: reader to read Book\n" };
  const input = { model: { name: "m", text: libraryModel }, policy, tenant: "north" };
  const { program, findings } = compile({ ...input, platform: [] });
  expect(program).not.toBeNull();
  expect(codes(findings)).toEqual(["guardrail/no-ceiling"]);
  const refused = compile({ ...input, platform: [{ name: "p", text: "policy north for library\n" }] });
  expect(codes(refused.findings)).toEqual(["file/kind"]);
});

test("no more than a hundred findings, and no error is lost behind warnings", () => {
  const open = Array.from({ length: 150 }, (_, i) => `permit x${i}: anyone to read Book`).join("\n");
  const { findings, program } = compileLibrary({
    policy: `${open}\npermit a: reader to read Book when resource.titel == "x"\n`,
  });
  expect(program).toBeNull();
  expect(findings.length).toBe(100);
  expect(codes(findings)).toContain("name/unknown");
  expect(codes(findings).at(-1)).toBe("limit/findings");
});

test("a policy at its limits is accepted", () => {
  const pages = Array.from({ length: 63 }, (_, i) => `resource.pages == ${i + 1}`).join(" or ");
  expect(compileLibrary({ policy: `permit a: director to read Book when ${pages}` }).program).not.toBeNull();
  const tags = Array.from({ length: 24 }, (_, i) => `"t${i}"`).join(", ");
  expect(
    compileLibrary({ policy: `permit a: director to read Book when resource.tags.contains_any([${tags}])` })
      .program,
  ).not.toBeNull();
  const rules = Array.from({ length: 500 }, (_, i) => `permit a${i}: reader to read Book`).join("\n");
  expect(compileLibrary({ policy: rules }).program).not.toBeNull();
});

test("a text of doubling lets is refused quickly", () => {
  const lets = [
    "let x0 = resource.lost",
    ...Array.from({ length: 400 }, (_, i) => `let x${i + 1} = x${i} or x${i}`),
  ].join("\n");
  const rules = Array.from(
    { length: 90 },
    (_, i) => `permit r${i}: reader to act on anything when x${i + 200}`,
  ).join("\n");
  const started = processorTime();
  const { program, findings } = compileLibrary({ policy: `${lets}\n${rules}\n` });
  expect(program).toBeNull();
  expect(codes(findings)).toContain("limit/nesting");
  expect(processorTime() - started).toBeLessThan(5000);
});

test("a model alone", () => {
  const compiled = compileModel({ name: "library.ward", text: libraryModel });
  expect(compiled.findings).toEqual([]);
  expect(compiled.model?.entities.map((entity) => entity.name)).toEqual([
    "Branch",
    "Member",
    "Scanner",
    "Book",
    "Loan",
  ]);
  expect(compileModel({ name: "m", text: "policy north for library\n" })).toMatchObject({
    model: null,
    findings: [{ code: "file/kind" }],
  });
  expect(compileModel({ name: "m", text: "" }).model).toBeNull();
});

test("the model's names in the database", () => {
  const { model } = compileModel({ name: "library.ward", text: libraryModel });
  const entity = (name: string) => model?.entities.find((e) => e.name === name);
  const field = (on: string, name: string) => entity(on)?.fields.find((f) => f.name === name);
  expect(entity("Book")).toMatchObject({
    storage: { table: "books", key: "id", tenant: "tenant_id" },
    keyType: "uuid",
  });
  expect(entity("Member")).toMatchObject({
    storage: null,
    keyType: "text",
    parents: [{ entity: "Branch", via: { kind: "session" } }],
  });
  expect(field("Book", "branch")?.storage).toEqual({ kind: "column", column: "branch_id" });
  expect(field("Book", "title")?.storage).toEqual({ kind: "column", column: "title" });
  expect(field("Book", "tags")?.storage).toEqual({
    kind: "table",
    table: "book_tags",
    owner: "book_id",
    value: "tag",
  });
  expect(field("Member", "groups")?.storage).toBeNull();
  expect(entity("Loan")?.parents).toEqual([{ entity: "Book", via: { kind: "column", column: "book_id" } }]);
  expect(field("Book", "price")?.type).toEqual({ kind: "decimal", precision: 8, scale: 2 });
  expect(field("Book", "pages")?.type).toEqual({ kind: "int", min: 1, max: 5000 });
});
