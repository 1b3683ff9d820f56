/** Attacks on the archive of a bundle: what unpackers elsewhere write outside their folder, unfold or overlook. */
import { crc32, gunzipSync, gzipSync } from "node:zlib";
import { maxArchiveSize, packBundle, unpackBundle } from "@wardline/backends";
import { beforeAll, describe, expect, test } from "vitest";
import { bytes, newKeys, signedBundle } from "./town.ts";

let files: ReadonlyMap<string, Uint8Array>;

beforeAll(async () => {
  ({ files } = await signedBundle(await newKeys()));
});

interface Entry {
  readonly name: string;
  readonly content?: Uint8Array;
  readonly kind?: string;
  readonly link?: string;
  readonly size?: string;
  readonly mode?: string;
  readonly time?: string;
  readonly magic?: string;
  readonly prefix?: string;
  readonly sum?: string;
}

/** A header as any tar can write it. */
function header({ name, content, kind, link, size, mode, time, magic, prefix, sum }: Entry): Uint8Array {
  const head = Buffer.alloc(512);
  head.write(name, 0);
  head.write(`${mode ?? "0000644"}\0${"0000000\0".repeat(2)}`, 100);
  head.write(`${size ?? (content?.length ?? 0).toString(8).padStart(11, "0")}\0`, 124, "latin1");
  head.write(`${time ?? "00000000000"}\0        ${kind ?? "0"}`, 136);
  head.write(link ?? "", 157);
  head.write(magic ?? "ustar\u000000", 257);
  head.write(prefix ?? "", 345);
  const total = head.reduce((all, byte) => all + byte, 0);
  head.write(`${sum ?? total.toString(8).padStart(6, "0")}\0 `, 148);
  return head;
}

const tar = (entries: readonly Entry[], end = Buffer.alloc(1024)): Uint8Array =>
  Buffer.concat([
    ...entries.flatMap((entry) => {
      const content = entry.content ?? new Uint8Array();
      return [header(entry), content, Buffer.alloc((512 - (content.length % 512)) % 512)];
    }),
    end,
  ]);

/** A gzip file of stored blocks, as the format's own description has it. */
function stored(data: Uint8Array): Uint8Array {
  const parts = [Buffer.from("1f8b08000000000000ff", "hex")];
  for (let at = 0; at < data.length; at += 65_535) {
    const part = data.subarray(at, at + 65_535);
    const head = Buffer.alloc(5);
    head.writeUInt8(at + part.length === data.length ? 1 : 0, 0);
    head.writeUInt16LE(part.length, 1);
    head.writeUInt16LE(65_535 - part.length, 3);
    parts.push(head, Buffer.from(part));
  }
  const sums = Buffer.alloc(8);
  sums.writeUInt32LE(crc32(data), 0);
  sums.writeUInt32LE(data.length, 4);
  return Buffer.concat([...parts, sums]);
}

const all = (): Entry[] => [...files].map(([name, content]) => ({ name, content }));
const codeOf = async (archive: Uint8Array): Promise<string> => {
  const unpacked = await unpackBundle(archive);
  return "error" in unpacked ? unpacked.error.code : "unpacked";
};
const codeWith = (...more: readonly Entry[]) => codeOf(stored(tar([...all(), ...more])));

test("another writer of the format makes the same bytes", async () => {
  expect(Buffer.from(stored(tar(all()))).equals(packBundle(files))).toBe(true);
  expect(await codeWith()).toBe("unpacked");
});

test("a usual reader of the format reads it", () => {
  expect(gunzipSync(packBundle(files)).equals(tar(all()))).toBe(true);
});

describe("an archive is refused if", () => {
  const content = bytes("x");
  test.each<[string, string, Entry]>([
    ["a name climbs", "bundle/bad-path", { name: "../../etc/passwd", content }],
    ["a name climbs behind a folder", "bundle/bad-path", { name: "a/../../b", content }],
    ["a name climbs with backslashes", "bundle/bad-path", { name: "..\\..\\b", content }],
    ["a name is absolute", "bundle/bad-path", { name: "/etc/passwd", content }],
    ["a name has a drive", "bundle/bad-path", { name: "C:ir.json", content }],
    ["a name is empty", "bundle/bad-path", { name: "", content }],
    ["a name begins with the folder itself", "bundle/bad-path", { name: "./ir.json", content }],
    [
      "a name stands in a folder by its prefix",
      "bundle/bad-path",
      { name: "ir.json", prefix: "..", content },
    ],
    ["a file stands there twice", "bundle/duplicate-file", { name: "ir.json", content }],
    ["a file stands there again in capitals", "bundle/case-twin", { name: "IR.json", content }],
    ["a file stands there that is none of a bundle", "bundle/extra-file", { name: "extra.rego", content }],
    ["a symbolic link stands there", "bundle/link", { name: "more.json", kind: "2", link: "/etc/passwd" }],
    ["a hard link stands there", "bundle/link", { name: "more.json", kind: "1", link: "ir.json" }],
    [
      "a symbolic link stands there under a file's name",
      "bundle/link",
      { name: "ir.json", kind: "2", link: "../x" },
    ],
    ["a folder stands there", "bundle/not-a-file", { name: "more/", kind: "5" }],
    ["a device stands there", "bundle/not-a-file", { name: "null", kind: "3" }],
    ["a pipe stands there", "bundle/not-a-file", { name: "pipe", kind: "6" }],
    [
      "an entry says more about the next one",
      "bundle/not-a-file",
      { name: "pax", kind: "x", content: bytes("20 path=../../evil\n") },
    ],
    [
      "an entry says more about all",
      "bundle/not-a-file",
      { name: "pax", kind: "g", content: bytes("20 path=../../evil\n") },
    ],
    [
      "an entry holds a long name",
      "bundle/not-a-file",
      { name: "././@LongLink", kind: "L", content: bytes("../evil\0") },
    ],
    ["a file is of the old kind", "bundle/not-a-file", { name: "ir.json", kind: "\0", content }],
    ["a size is larger than a file may be", "bundle/too-large", { name: "more", size: "77777777777" }],
    [
      "a size is written so that it can be huge",
      "bundle/too-large",
      { name: "more", size: "\u0080\0\0\0\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff" },
    ],
    ["a size is negative", "bundle/too-large", { name: "more", size: "-0000000001" }],
    ["a size goes beyond the archive", "bundle/bad-archive", { name: "more", size: "00000100000" }],
    ["a sum is wrong", "bundle/bad-archive", { name: "more", sum: "000000" }],
  ])("%s: %s", async (_, code, entry) => {
    expect(await codeWith(entry)).toBe(code);
  });

  test.each<[string, Partial<Entry>]>([
    ["a mode", { mode: "0004755" }],
    ["a time", { time: "15000000000" }],
    ["another format", { magic: "ustar  \0" }],
    ["a link beside its content", { link: "x" }],
  ])("a file has %s that it does not need", async (_, change) => {
    const [first, ...more] = all();
    expect(await codeOf(stored(tar([{ ...(first as Entry), ...change }, ...more])))).toBe(
      "bundle/bad-archive",
    );
  });

  test("its files are in another order", async () => {
    expect(await codeOf(stored(tar(all().toReversed())))).toBe("bundle/bad-archive");
  });

  test("it holds many files", async () => {
    const many = Array.from({ length: 10_000 }, (_, index) => ({ name: `f${index}`, content }));
    expect(await codeOf(stored(tar(many)))).toBe("bundle/too-many-files");
  });

  test("something stands behind its end, or its end is missing", async () => {
    const end = Buffer.alloc(1024);
    expect(await codeOf(stored(tar(all(), Buffer.concat([end, end]))))).toBe("bundle/bad-archive");
    expect(await codeOf(stored(tar(all(), Buffer.concat([end, tar([{ name: "../x", content }])]))))).toBe(
      "bundle/bad-archive",
    );
    expect(await codeOf(stored(tar(all(), Buffer.alloc(512))))).toBe("bundle/bad-archive");
    expect(await codeOf(stored(tar(all(), Buffer.alloc(0))))).toBe("bundle/bad-archive");
  });

  test("it is a bomb: 64 MB of zeros in 64 kB is not unfolded", async () => {
    const bomb = gzipSync(Buffer.alloc(2 ** 26));
    const before = process.memoryUsage().arrayBuffers;
    expect(await codeOf(bomb)).toBe("bundle/compressed");
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(2 ** 24);
  });

  test("it is compressed, though it holds what it should", async () => {
    for (const level of [1, 6, 9])
      expect(await codeOf(gzipSync(tar(all()), { level }))).toBe("bundle/compressed");
  });

  test("it is larger than any bundle, before it is read", async () => {
    expect(await codeOf(new Uint8Array(maxArchiveSize + 1))).toBe("bundle/too-large");
  });

  test("its header says more than it needs", async () => {
    const archive = packBundle(files);
    for (const [at, value] of [
      [3, 8],
      [4, 1],
      [8, 2],
      [9, 3],
    ] as const)
      expect(await codeOf(archive.with(at, value)), `byte ${at}`).toBe("bundle/bad-archive");
  });

  test("it is two archives, one behind the other", async () => {
    const archive = packBundle(files);
    expect(await codeOf(Buffer.concat([archive, archive]))).toBe("bundle/bad-archive");
  });

  test("it is no archive", async () => {
    for (const content of ["", "PK\u0003\u0004", "<html>"])
      expect(await codeOf(bytes(content))).toBe("bundle/bad-archive");
    expect(await codeOf(tar(all()))).toBe("bundle/bad-archive");
  });
});
