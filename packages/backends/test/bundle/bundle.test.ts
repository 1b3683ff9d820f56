import { createHash } from "node:crypto";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { buildBundle, openBundle, type BundleManifest } from "@wardline/backends";
import { canonicalJson, serializeProgram, type Program } from "@wardline/core";
import { emptyProgram as program, smallInput as input } from "./small-bundle.ts";

type Files = Map<string, Uint8Array>;
const text = (files: Files, name: string) => new TextDecoder().decode(files.get(name));
const bytes = (value: string) => new TextEncoder().encode(value);
const sha256 = (data: Uint8Array) => createHash("sha256").update(data).digest("hex");
const bundle = () => buildBundle(input);
const north = { tenant: "north" };

async function codeOf(files: ReadonlyMap<string, Uint8Array>, expected = north): Promise<string> {
  const opened = await openBundle(files, expected);
  return "error" in opened ? opened.error.code : "opened";
}

/** A bundle with some files and parts of the manifest replaced, and every digest made right again: a careful forger's. */
async function forge(
  contents: Readonly<Record<string, Uint8Array>>,
  edit: (wardline: Record<string, unknown>) => void = () => {},
): Promise<Files> {
  const files = await bundle();
  for (const [name, content] of Object.entries(contents)) files.set(name, content);
  const manifest = JSON.parse(text(files, ".manifest")) as {
    metadata: { wardline: Record<string, unknown> };
  };
  const { wardline } = manifest.metadata;
  for (const name of Object.keys(contents))
    (wardline["files"] as Record<string, unknown>)[name] = {
      sha256: sha256(contents[name] as Uint8Array),
      size: contents[name]?.length,
    };
  edit(wardline);
  delete wardline["sha256"];
  wardline["sha256"] = sha256(bytes(canonicalJson(manifest)));
  files.set(".manifest", bytes(canonicalJson(manifest)));
  return files;
}

describe("a bundle", () => {
  it("opens as it was built", async () => {
    const files = await bundle();
    const opened = await openBundle(files, north);
    if ("error" in opened) throw new Error(opened.error.message);
    expect(opened.program).toEqual(program);
    expect(opened.wasm).toEqual(input.wasm);
    expect(opened.manifest.revision).toBe("7");
    expect(
      Object.isFrozen(opened.program.rules) && Object.isFrozen(opened.manifest.metadata.wardline.files),
    ).toBe(true);
  });

  it("has the files and the manifest that are promised, with the digests that another implementation finds", async () => {
    const files = await bundle();
    expect([...files.keys()]).toEqual([
      ".manifest",
      "data.json",
      "ir.json",
      "policy.rego",
      "policy.sql",
      "policy.wasm",
      "source-map.json",
    ]);
    const manifest = JSON.parse(text(files, ".manifest")) as BundleManifest;
    expect(manifest).toMatchObject({ revision: "7", roots: ["wardline", "wardline_settings"] });
    expect(manifest).not.toHaveProperty("wasm");
    const { wardline } = manifest.metadata;
    expect(wardline).toMatchObject({
      format: "wardline/bundle/2",
      tenant: "north",
      compiler: "0.1.0",
      model: { name: "library" },
      entrypoints: ["wardline/decision", "wardline/allow"],
    });
    expect(wardline.model.sha256).toBe(sha256(bytes(canonicalJson(program.model))));
    for (const [name, { sha256: digest, size }] of Object.entries(wardline.files)) {
      expect(digest).toBe(sha256(files.get(name) as Uint8Array));
      expect(size).toBe(files.get(name)?.length);
    }
  });

  it("is the same bytes each time, whatever the order of the program's keys", async () => {
    const turned = Object.fromEntries(Object.entries(program).toReversed()) as unknown as Program;
    expect(Object.keys(turned)).not.toEqual(Object.keys(program));
    expect(await buildBundle({ ...input, program: turned })).toEqual(await bundle());
  });

  it("is not built of what could not be opened", async () => {
    await expect(buildBundle({ ...input, program: { ...program, tenant: "" } })).rejects.toThrow(
      "bundle/bad-manifest",
    );
    await expect(buildBundle({ ...input, revision: "7\n8" })).rejects.toThrow("bundle/bad-manifest");
    await expect(
      buildBundle({ ...input, program: { ...program, sealed: [{ entity: "Shop", fields: ["a"] }] } }),
    ).rejects.toThrow("bundle/bad-program");
  });

  it("shares no bytes with what it is made of, nor what is opened with what is given", async () => {
    const wasm = Uint8Array.from(input.wasm);
    const files = await buildBundle({ ...input, wasm });
    wasm[0] = 1;
    const opening = openBundle(files, north);
    files.get("policy.wasm")?.fill(255);
    const opened = await opening;
    expect("wasm" in opened && opened.wasm).toEqual(input.wasm);
  });
});

describe("a bundle that was touched is refused", () => {
  it("whichever bit of whichever file is flipped", async () => {
    const files = await bundle();
    let flips = 0;
    for (const [name, content] of files) {
      const refusals =
        name === ".manifest"
          ? ["bundle/bad-manifest", "bundle/digest-mismatch", "bundle/unknown-format"]
          : ["bundle/digest-mismatch"];
      for (let bit = 0; bit < content.length * 8; bit += 1) {
        const flipped = content.with(bit >> 3, (content[bit >> 3] as number) ^ (1 << (bit & 7)));
        expect(refusals, `${name}, bit ${bit}`).toContain(await codeOf(new Map(files).set(name, flipped)));
        flips += 1;
      }
    }
    expect(flips).toBeGreaterThan(8000);
  });

  it("if any file is cut, grown, emptied or exchanged for another", async () => {
    const files = await bundle();
    for (const [name, content] of files) {
      const others = [...files.values()].filter((other) => other !== content);
      for (const other of [
        content.slice(1),
        content.slice(0, -1),
        Uint8Array.of(...content, 10),
        new Uint8Array(0),
        ...others,
      ])
        expect(await codeOf(new Map(files).set(name, other)), name).not.toBe("opened");
    }
  });

  it("if a file is missing", async () => {
    for (const name of (await bundle()).keys()) {
      const files = await bundle();
      files.delete(name);
      expect(await codeOf(files)).toBe("bundle/missing-file");
    }
    expect(await codeOf(new Map())).toBe("bundle/missing-file");
  });

  it.each<[string, string]>([
    ["extra.txt", "bundle/extra-file"],
    ["sub/ir.json", "bundle/extra-file"],
    ["..data", "bundle/extra-file"],
    ["__proto__", "bundle/extra-file"],
    ["constructor", "bundle/extra-file"],
    ["../ir.json", "bundle/bad-path"],
    ["/ir.json", "bundle/bad-path"],
    ["./ir.json", "bundle/bad-path"],
    ["..\\ir.json", "bundle/bad-path"],
    ["C:ir.json", "bundle/bad-path"],
    ["sub/../../ir.json", "bundle/bad-path"],
    ["ir.json\0", "bundle/bad-path"],
    ["", "bundle/bad-path"],
    [".", "bundle/bad-path"],
    ["..", "bundle/bad-path"],
    ["IR.JSON", "bundle/case-twin"],
    ["ir.json ", "bundle/case-twin"],
    ["ir.json.", "bundle/case-twin"],
    ["\uff49r.json", "bundle/case-twin"],
    [".Signatures.json", "bundle/case-twin"],
  ])("if there is a file %j", async (name, code) => {
    const files = await bundle();
    expect(await codeOf(files.set(name, files.get("ir.json") as Uint8Array))).toBe(code);
    expect(await codeOf(await forge({ [name]: bytes("x") }))).toBe(code);
  });

  it("if it is another tenant's, by the manifest or by the program", async () => {
    expect(await codeOf(await bundle(), { tenant: "south" })).toBe("bundle/wrong-tenant");
    const south = await buildBundle({ ...input, program: { ...program, tenant: "south", rules: [] } });
    expect(await codeOf(south)).toBe("bundle/wrong-tenant");
    const disguised = await forge({ "ir.json": south.get("ir.json") as Uint8Array });
    expect(await codeOf(disguised)).toBe("bundle/wrong-tenant");
  });

  it("if the format is not known", async () => {
    expect(await codeOf(await forge({}, (wardline) => (wardline["format"] = "wardline/bundle/1")))).toBe(
      "bundle/unknown-format",
    );
  });

  it.each<[string, (wardline: Record<string, unknown>) => void]>([
    [
      "names a file too many",
      (wardline) =>
        Object.assign(wardline["files"] as object, { "x.sql": { sha256: sha256(bytes("")), size: 0 } }),
    ],
    [
      "names a file that climbs",
      (wardline) =>
        Object.assign(wardline["files"] as object, { "../ir.json": { sha256: sha256(bytes("")), size: 0 } }),
    ],
    [
      "names a file too few",
      (wardline) => delete (wardline["files"] as Record<string, unknown>)["policy.sql"],
    ],
    ["has a key too many", (wardline) => (wardline["trusted"] = true)],
    ["has no format", (wardline) => delete wardline["format"]],
    [
      "has a digest in capitals",
      (wardline) => Object.assign(wardline["model"] as object, { sha256: "A".repeat(64) }),
    ],
    [
      "has a size that is no size",
      (wardline) =>
        Object.assign((wardline["files"] as Record<string, object>)["ir.json"] as object, { size: -1 }),
    ],
  ])("if the manifest %s", async (_, edit) => {
    expect(await codeOf(await forge({}, edit))).toBe("bundle/bad-manifest");
  });

  it.each(["", "{}", "[]", "null", "{", "\ufeff{}", '{"revision":"7"}'])(
    "if the manifest is %j",
    async (content) => {
      expect(await codeOf((await bundle()).set(".manifest", bytes(content)))).toBe("bundle/bad-manifest");
    },
  );

  it("if the manifest says the same in another way, or says a thing twice", async () => {
    const files = await bundle();
    const manifest = text(files, ".manifest");
    for (const other of [
      `${manifest}\n`,
      ` ${manifest}`,
      manifest.replace("{", '{"revision":"8",'),
      manifest.replace('"7"', '"\\u0037"'),
    ])
      expect(await codeOf(new Map(files).set(".manifest", bytes(other))), other).toBe("bundle/bad-manifest");
  });

  it("if the manifest's own digest is wrong, though all else is right", async () => {
    const files = await bundle();
    const other = text(files, ".manifest").replace('"revision":"7"', '"revision":"8"');
    expect(await codeOf(files.set(".manifest", bytes(other)))).toBe("bundle/digest-mismatch");
  });

  it("if the model is not the one that is named", async () => {
    expect(
      await codeOf(
        await forge({}, (wardline) =>
          Object.assign(wardline["model"] as object, { sha256: sha256(bytes("")) }),
        ),
      ),
    ).toBe("bundle/digest-mismatch");
    expect(
      await codeOf(
        await forge({}, (wardline) => Object.assign(wardline["model"] as object, { name: "museum" })),
      ),
    ).toBe("bundle/digest-mismatch");
  });

  const ir = serializeProgram(program);
  it.each([
    ["not UTF-8", Uint8Array.of(...bytes(ir), 255)],
    ["not JSON", bytes(ir.slice(1))],
    ["no program", bytes("{}\n")],
    [
      "a program with a dangling index",
      bytes(ir.replace('"sealed":[]', '"sealed":[{"entity":"Shop","fields":["a"]}]')),
    ],
    ["written in another way", bytes(JSON.stringify(program))],
    ["with a key twice", bytes(ir.replace("{", '{"tenant":"south",'))],
    ["with a mark before it", bytes(`\ufeff${ir}`)],
  ])("if ir.json is %s, though its digest is right", async (_, content) => {
    expect(await codeOf(await forge({ "ir.json": content }))).toBe("bundle/bad-program");
  });

  it.each([
    ["ir.json", "[".repeat(100_000)],
    ["source-map.json", `${"[".repeat(100_000)}\n`],
    ["data.json", '{"a":'.repeat(100)],
  ])("if %s is deep, before it is parsed", async (name, content) => {
    expect(await codeOf(await forge({ [name]: bytes(content) }))).toBe("bundle/too-deep");
  });

  it("if the manifest is deep, before it is parsed", async () => {
    const deep = bytes("[".repeat(60_000));
    expect(await codeOf((await bundle()).set(".manifest", deep))).toBe("bundle/too-deep");
  });

  it.each([
    ["source-map.json", '{"atoms":[[]]}\n'],
    ["source-map.json", '{"atoms":[],"more":1}\n'],
    ["source-map.json", '{"atoms": []}\n'],
    ["data.json", "{}"],
    ["data.json", '{"wardline_settings":{"session":1}}'],
    ["data.json", '{"wardline":{},"wardline_settings":{}}'],
  ])("if %s says %j, which is not of the program", async (name, content) => {
    expect(await codeOf(await forge({ [name]: bytes(content) }))).toBe("bundle/bad-program");
  });

  it("if a file is too large, before it is read", async () => {
    const files = await bundle();
    expect(await codeOf(new Map(files).set("policy.rego", new Uint8Array(16 * 1024 * 1024 + 1)))).toBe(
      "bundle/too-large",
    );
    expect(await codeOf(new Map(files).set(".manifest", new Uint8Array(64 * 1024 + 1)))).toBe(
      "bundle/too-large",
    );
  });

  it("and never makes opening throw", async () => {
    const files = await bundle();
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...files.keys()),
        fc.uint8Array({ maxLength: 64 }),
        fc.jsonValue(),
        async (name, raw, value) => {
          expect(await codeOf(new Map(files).set(name, raw))).toMatch(/^bundle\//);
          expect(await codeOf(new Map(files).set(name, bytes(canonicalJson(value))))).toMatch(/^bundle\//);
        },
      ),
      { numRuns: 200 },
    );
  });
});
