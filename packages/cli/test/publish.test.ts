/** Keys, publishing, refreshing, rolling back and verifying, in a folder, on a clock that the tests move. */
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { platform, policy, projectFolder, run, type Ran } from "./project.ts";
import { schemaOf } from "./schema.ts";

const begin = new Date("2026-11-20T12:00:00Z");
const days = (count: number): void => void vi.setSystemTime(begin.getTime() + count * 86_400_000);

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["Date"] });
  vi.setSystemTime(begin);
});
afterEach(() => void vi.useRealTimers());

let folder: string;
const wardline = (...args: readonly string[]): Promise<Ran> => run(folder, args);
const publish = (...more: readonly string[]) =>
  wardline("publish", "--to", "repo", "--keys", "keys", ...more);
const verify = (...more: readonly string[]) =>
  wardline("verify", "repo", "--root", "keys/metadata/1.root.json", ...more);

async function withKeys(files: Parameters<typeof projectFolder>[0] = {}): Promise<void> {
  folder = projectFolder(files);
  expect((await wardline("keys", "init", "keys")).code).toBe(0);
}

/** Every file of the repository with its content. */
const contents = (): ReadonlyMap<string, string> =>
  new Map(
    readdirSync(join(folder, "repo"), { recursive: true, encoding: "utf8" })
      .filter((name) => statSync(join(folder, "repo", name)).isFile())
      .map((name) => [name, readFileSync(join(folder, "repo", name)).toString("base64")]),
  );

describe("keys", () => {
  test("are files that their owner alone can read, and are never written over", async () => {
    await withKeys();
    for (const name of [
      "root/1.json",
      "release.json",
      "snapshot.json",
      "timestamp.json",
      "tenants/north.json",
    ])
      expect(statSync(join(folder, "keys", name)).mode & 0o777, name).toBe(0o600);
    expect(await wardline("keys", "init", "keys")).toMatchObject({
      code: 2,
      err: expect.stringContaining("is not empty") as string,
    });
    expect(await wardline("keys", "tenant", "keys", "north")).toMatchObject({
      code: 2,
      err: expect.stringContaining("already") as string,
    });
    expect((await wardline("keys", "tenant", "keys", "north", "--replace")).code).toBe(0);
    expect(await wardline("keys", "tenant", "keys", "../north")).toMatchObject({ code: 2 });
  });

  test("that others can read are not used", async () => {
    await withKeys();
    chmodSync(join(folder, "keys/tenants/north.json"), 0o640);
    expect(await publish()).toMatchObject({
      code: 2,
      err: expect.stringContaining("others can read") as string,
    });
    expect(existsSync(join(folder, "repo"))).toBe(false);
  });

  test.each([
    ["no JSON", "{"],
    ["a public key", '{"kty":"OKP","crv":"Ed25519","kid":"x","x":"y"}'],
    ["another key's id", null],
  ])("that are %s are not used", async (_, content) => {
    await withKeys();
    const path = join(folder, "keys/tenants/north.json");
    const key = JSON.parse(readFileSync(path, "utf8")) as object;
    const other = JSON.parse(readFileSync(join(folder, "keys/release.json"), "utf8")) as { kid: string };
    writeFileSync(path, content ?? JSON.stringify({ ...key, kid: other.kid }));
    expect(await publish()).toMatchObject({
      code: 2,
      err: expect.stringContaining("no private key") as string,
    });
  });

  test("of a root can be several, of which some must sign", async () => {
    folder = projectFolder();
    expect(await wardline("keys", "init", "keys", "--root-keys", "2", "--threshold", "3")).toMatchObject({
      code: 2,
    });
    expect((await wardline("keys", "init", "keys", "--root-keys", "3", "--threshold", "2")).code).toBe(0);
    await publish();
    for (const name of ["2.json", "3.json"]) rmSync(join(folder, "keys/root", name));
    expect(await wardline("keys", "rotate", "keys", "root")).toMatchObject({
      code: 2,
      err: expect.stringContaining("2 private keys of the root must sign") as string,
    });
  });

  test("of every role can be replaced, and readers that know the first root follow", async () => {
    await withKeys();
    await publish();
    for (const role of ["release", "root", "snapshot", "timestamp"]) {
      expect((await wardline("keys", "rotate", "keys", role)).code, role).toBe(0);
      expect((await publish()).code, role).toBe(0);
      expect((await verify()).code, role).toBe(0);
    }
    await wardline("keys", "tenant", "keys", "north", "--replace");
    expect((await publish()).code).toBe(0);
    expect((await verify()).code).toBe(0);
    expect(readdirSync(join(folder, "keys/metadata"))).toHaveLength(5);
  });

  test("of the root are not needed to publish", async () => {
    await withKeys();
    rmSync(join(folder, "keys/root"), { recursive: true });
    expect((await publish()).code).toBe(0);
  });
});

describe("publish", () => {
  test("writes a repository that verifies, and counts the revisions up", async () => {
    await withKeys();
    expect(await publish()).toEqual({ code: 0, out: "north: revision 1 in repo\n", err: "" });
    expect(await publish()).toMatchObject({ code: 0, out: "north: revision 2 in repo\n" });
    expect(await publish("--revision", "7")).toMatchObject({ code: 0 });
    expect(await verify()).toEqual({
      code: 0,
      out: "north: revision 7 for library, signed, in force until 2026-12-20T12:00:00Z\n",
      err: "",
    });
    const json = JSON.parse((await verify("--format", "json")).out) as object;
    expect(json).toMatchObject({
      formatVersion: 1,
      signatures: true,
      bundles: [{ tenant: "north", revision: "7" }],
    });
    expect(await publish("--revision", "7")).toMatchObject({
      code: 2,
      err: expect.stringContaining("only goes up") as string,
    });
    expect(await publish("--revision", "6")).toMatchObject({ code: 2 });
    expect([...contents().keys()].filter((name) => /new|publishing/.test(name))).toEqual([]);
  });

  test.each<[string, number, Parameters<typeof projectFolder>[0]]>([
    ["an error", 1, { "north.ward": policy.replace("resource.borrower", "resource.borower") }],
    [
      "a test that fails",
      3,
      {
        "north.ward": `${policy}\ntest "nobody reads" {\n  expect permit Member "m" to read Loan { title: "x" }\n}\n`,
      },
    ],
    ["no configuration", 2, { "wardline.config.json": null }],
  ])("of a policy with %s publishes nothing", async (_, code, files) => {
    await withKeys();
    await publish();
    const before = contents();
    for (const [name, text] of Object.entries(files ?? {}))
      if (text === null) rmSync(join(folder, name));
      else writeFileSync(join(folder, name), text);
    expect((await publish()).code).toBe(code);
    expect(contents()).toEqual(before);
  });

  test("takes a changed platform for a new release, and withdraws a tenant that is gone", async () => {
    const both = {
      "south.ward": policy.replace("policy north", "policy south"),
      "wardline.config.json": JSON.stringify({
        model: "library.ward",
        platform: ["platform.ward"],
        tenants: { north: "north.ward", south: "south.ward" },
      }),
    };
    await withKeys(both);
    await publish();
    writeFileSync(join(folder, "platform.ward"), `${platform}\nceiling other: librarian to update Loan\n`);
    expect((await publish()).code).toBe(0);
    expect(existsSync(join(folder, "repo/metadata/2.release-library.json"))).toBe(true);
    const config = JSON.parse(both["wardline.config.json"]) as { tenants: object };
    writeFileSync(
      join(folder, "wardline.config.json"),
      JSON.stringify({ ...config, tenants: { north: "north.ward" } }),
    );
    expect(await publish()).toMatchObject({
      code: 0,
      out: expect.stringContaining("south: withdrawn") as string,
    });
    expect((await verify()).out).toMatch(/^north: revision 3 [^\n]*\n$/);
  });

  test("publishes one tenant's policy alone, and leaves what others have as it is", async () => {
    const config = {
      model: "library.ward",
      platform: ["platform.ward"],
      tenants: { north: "north.ward", south: "south.ward" },
    };
    const southern = policy.replace("policy north", "policy south");
    await withKeys({ "south.ward": southern, "wardline.config.json": JSON.stringify(config) });
    await publish();
    const before = contents();
    // Of one that has changed too, whose text is not to be published yet, nothing is taken along.
    writeFileSync(join(folder, "north.ward"), `${policy}\n// north's draft\n`);
    expect(await publish("--tenant", "south")).toMatchObject({ code: 0, out: "south: revision 2 in repo\n" });
    const after = contents();
    expect(
      [...before].filter(([name, text]) => name.startsWith("bundles/") && after.get(name) !== text),
    ).toEqual([]);
    expect([...after.keys()].filter((name) => name.startsWith("bundles/")).toSorted()).toEqual([
      "bundles/north/1.tar.gz",
      "bundles/south/1.tar.gz",
      "bundles/south/2.tar.gz",
    ]);
    expect((await verify()).out).toMatch(/^north: revision 1 [^\n]*\nsouth: revision 2 [^\n]*\n$/);
    for (const [tenant, why] of [
      ["west", "the project has no tenant west"],
      ["south", "the model or the platform's files are others"],
    ] as const) {
      if (tenant === "south")
        writeFileSync(
          join(folder, "platform.ward"),
          `${platform}\nceiling other: librarian to update Loan\n`,
        );
      const refused = await publish("--tenant", tenant);
      expect(refused).toMatchObject({ code: 2, err: expect.stringContaining(why) as string });
      expect(contents()).toEqual(after);
    }
    writeFileSync(join(folder, "platform.ward"), platform);
    writeFileSync(
      join(folder, "wardline.config.json"),
      JSON.stringify({ ...config, tenants: { south: "south.ward" } }),
    );
    const gone = await publish("--tenant", "south");
    expect(gone).toMatchObject({
      code: 2,
      err: expect.stringContaining("north was published and is not in the project any more") as string,
    });
    expect(contents()).toEqual(after);
  });

  test("publishes nothing that readers would refuse", async () => {
    await withKeys();
    await publish();
    const before = contents();
    await wardline("keys", "tenant", "keys", "north", "--replace");
    // A release whose key is not the root's any more.
    writeFileSync(join(folder, "keys/release.json"), readFileSync(join(folder, "keys/timestamp.json")), {
      mode: 0o600,
    });
    expect(await publish()).toMatchObject({
      code: 6,
      err: expect.stringContaining("error[trust/wrong-role]") as string,
    });
    expect(contents()).toEqual(before);
  });

  test("over a repository that someone has changed stops", async () => {
    await withKeys();
    await publish();
    writeFileSync(join(folder, "repo/metadata/1.snapshot.json"), "{}\n");
    expect(await publish()).toMatchObject({
      code: 6,
      err: expect.stringContaining("error[trust/mixed-snapshot]") as string,
    });
  });

  test("waits for nobody, and leaves other folders alone", async () => {
    await withKeys();
    await publish();
    writeFileSync(join(folder, "repo/.publishing"), "");
    expect(await publish()).toMatchObject({
      code: 2,
      err: expect.stringContaining("something else publishes") as string,
    });
    mkdirSync(join(folder, "thesis"));
    writeFileSync(join(folder, "thesis/text.txt"), "years of work");
    expect(await wardline("publish", "--to", "thesis", "--keys", "keys")).toMatchObject({ code: 2 });
    expect(readdirSync(join(folder, "thesis"))).toEqual(["text.txt"]);
  });

  test("over an expired repository goes on with it", async () => {
    await withKeys();
    await publish();
    days(200);
    expect((await verify()).code).toBe(6);
    expect((await publish()).code).toBe(0);
    expect((await verify()).out).toContain("revision 2");
  });
});

describe("refresh", () => {
  test("makes a repository fresh again, until its bundles end", async () => {
    await withKeys();
    await publish();
    days(1);
    expect(await verify()).toMatchObject({
      code: 6,
      err: expect.stringContaining(
        "error[trust/expired]: the timestamp held until 2026-11-20T13:00:00Z",
      ) as string,
    });
    expect(await wardline("refresh", "repo", "--keys", "keys")).toEqual({
      code: 0,
      out: "repo: timestamp 2\n",
      err: "",
    });
    expect((await verify()).code).toBe(0);
    expect(readdirSync(join(folder, "repo/metadata"))).not.toContain("2.snapshot.json");
    days(20);
    expect((await wardline("refresh", "repo", "--keys", "keys")).code).toBe(0);
    // Half of the snapshot's life was over.
    expect(readdirSync(join(folder, "repo/metadata"))).toContain("2.snapshot.json");
    days(31);
    expect(await wardline("refresh", "repo", "--keys", "keys")).toMatchObject({
      code: 6,
      err: expect.stringContaining("bundle/expired") as string,
    });
  });

  test("needs the key of the timestamp alone", async () => {
    await withKeys();
    await publish();
    for (const name of ["root", "tenants", "release.json", "snapshot.json"])
      rmSync(join(folder, "keys", name), { recursive: true });
    expect((await wardline("refresh", "repo", "--keys", "keys")).code).toBe(0);
    expect(await wardline("refresh", "other", "--keys", "keys")).toMatchObject({ code: 2 });
    expect(existsSync(join(folder, "other"))).toBe(false);
  });
});

describe("rollback", () => {
  const rollback = (...more: readonly string[]) =>
    wardline("rollback", "repo", "--tenant", "north", "--keys", "keys", ...more);
  const fileAt = async (revision: number, name: string): Promise<unknown> => {
    rmSync(join(folder, "unpacked"), { recursive: true, force: true });
    const { unpackBundle } = await import("@wardline/backends");
    const unpacked = await unpackBundle(readFileSync(join(folder, `repo/bundles/north/${revision}.tar.gz`)));
    if ("error" in unpacked) throw new Error(unpacked.error.message);
    return JSON.parse(new TextDecoder().decode(unpacked.files.get(name)));
  };
  const programAt = (revision: number) => fileAt(revision, "ir.json");

  test("brings the content of an older revision back under a higher one", async () => {
    await withKeys();
    await publish();
    writeFileSync(join(folder, "north.ward"), policy.replace("level >= 3", "level >= 4"));
    await publish();
    days(40);
    await publish();
    expect(await rollback("--to", "1")).toEqual({
      code: 0,
      out: "north: revision 4, with the content of revision 1\n",
      err: "",
    });
    expect((await verify()).out).toContain("revision 4");
    expect(await programAt(4)).toEqual(await programAt(1));
    expect(await programAt(4)).not.toEqual(await programAt(3));
  });

  test("brings a module back with the lists that it answers, or without", async () => {
    const answersLists = async (revision: number) =>
      JSON.stringify(await fileAt(revision, ".manifest")).includes('"wardline/filter"');
    await withKeys();
    expect((await publish("--lists")).code).toBe(0);
    writeFileSync(join(folder, "north.ward"), policy.replace("level >= 3", "level >= 4"));
    expect((await publish()).code).toBe(0);
    expect((await rollback("--to", "1")).code).toBe(0);
    expect([await answersLists(1), await answersLists(2), await answersLists(3)]).toEqual([
      true,
      false,
      true,
    ]);
    expect((await verify()).code).toBe(0);
  });

  test("to what is not older, is not there or was changed is refused", async () => {
    await withKeys();
    await publish();
    await publish();
    const before = contents();
    expect(await rollback("--to", "2")).toMatchObject({ code: 2 });
    expect(await rollback("--to", "9")).toMatchObject({ code: 2 });
    expect(
      await wardline("rollback", "repo", "--tenant", "east", "--keys", "keys", "--to", "1"),
    ).toMatchObject({ code: 2 });
    cpSync(join(folder, "repo/bundles/north/2.tar.gz"), join(folder, "repo/bundles/north/1.tar.gz"));
    const archive = readFileSync(join(folder, "repo/bundles/north/1.tar.gz"));
    archive[2000] = (archive[2000] ?? 0) ^ 1;
    writeFileSync(join(folder, "repo/bundles/north/1.tar.gz"), archive);
    expect((await rollback("--to", "1")).code).toBe(6);
    rmSync(join(folder, "repo/bundles/north/1.tar.gz"));
    expect(await rollback("--to", "1")).toMatchObject({
      code: 2,
      err: expect.stringContaining("not in the repository any more") as string,
    });
    expect([...contents().keys()].toSorted()).toEqual(
      [...before.keys()].filter((name) => !name.endsWith("/1.tar.gz")).toSorted(),
    );
  });

  test("to a content for another platform is refused", async () => {
    await withKeys();
    await publish();
    writeFileSync(join(folder, "platform.ward"), `${platform}\nceiling other: librarian to update Loan\n`);
    await publish();
    expect(await rollback("--to", "1")).toMatchObject({
      code: 6,
      err: expect.stringContaining("error[bundle/wrong-platform]") as string,
    });
  });
});

describe("verify", () => {
  test("of a build checks digests, and signatures where it is told whose", async () => {
    await withKeys();
    await publish();
    await wardline("build", "--out", "plain");
    expect(await wardline("verify", "plain")).toEqual({
      code: 0,
      out: "north: revision 1 for library, digests are right\n",
      err: "no signature was checked: give --root\n",
    });
    const trusted = [
      "--root",
      "keys/metadata/1.root.json",
      "--release",
      "repo/metadata/1.release-library.json",
    ];
    expect(await wardline("verify", "plain", ...trusted)).toMatchObject({
      code: 6,
      err: expect.stringContaining("error[bundle/unsigned]") as string,
    });
    await wardline("build", "--out", "signed", "--keys", "keys", "--revision", "5");
    expect(await wardline("verify", "signed", ...trusted)).toEqual({
      code: 0,
      out: "north: revision 5 for library, signed, in force until 2026-12-20T12:00:00Z\n",
      err: "",
    });
    expect((await wardline("verify", "signed/north", ...trusted)).code).toBe(0);
    expect((await wardline("verify", "repo/bundles/north/1.tar.gz", ...trusted)).code).toBe(0);
    expect(await wardline("verify", "signed", "--root", "keys/metadata/1.root.json")).toMatchObject({
      code: 2,
    });
    rmSync(join(folder, "signed/north/policy.sql"));
    symlinkSync("/etc/hostname", join(folder, "signed/north/policy.sql"));
    expect(await wardline("verify", "signed", ...trusted)).toMatchObject({
      code: 6,
      err: expect.stringContaining("error[bundle/link]") as string,
    });
  });

  test("prints a report for programs, of what is right and of what is not", async () => {
    const fits = schemaOf("verify-report");
    await withKeys();
    await publish();
    const good = JSON.parse((await verify("--format", "json")).out) as object;
    expect(fits(good), JSON.stringify(fits.errors)).toBe(true);
    expect(fits({ ...good, formatVersion: 2 })).toBe(false);
    days(1);
    const ran = await verify("--format", "json");
    const bad = JSON.parse(ran.out) as object;
    expect(ran.code).toBe(6);
    expect(fits(bad), JSON.stringify(fits.errors)).toBe(true);
    expect(bad).toMatchObject({ refused: { code: "trust/expired" }, bundles: [] });
  });

  test("says which check failed, and exits 6", async () => {
    await withKeys();
    await publish();
    expect(await wardline("verify", "repo")).toMatchObject({ code: 2 });
    expect(await wardline("verify", "nowhere")).toMatchObject({ code: 2 });
    await wardline("keys", "init", "others");
    expect(await wardline("verify", "repo", "--root", "others/metadata/1.root.json")).toMatchObject({
      code: 6,
      out: "",
      err: expect.stringMatching(
        /^error\[trust\/unknown-key\]: the timestamp is signed by .*\n {2}it must not be used\n$/,
      ) as string,
    });
  });
});

test("a signed build is the same bytes for the same texts, keys and time", async () => {
  await withKeys();
  const signed = async (out: string): Promise<string> => {
    await wardline("build", "--out", out, "--keys", "keys", "--at", "2026-11-20T12:00:00Z");
    return readdirSync(join(folder, out, "north"))
      .map((name) => readFileSync(join(folder, out, "north", name)).toString("base64"))
      .join("\n");
  };
  const first = await signed("one");
  days(3);
  expect(await signed("two")).toBe(first);
  expect(await wardline("build", "--at", "2026-11-20T12:00:00Z")).toMatchObject({ code: 2 });
  expect(await wardline("build", "--keys", "keys", "--at", "yesterday")).toMatchObject({ code: 2 });
});
