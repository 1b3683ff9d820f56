/**
 * A tar file (POSIX ustar) of plain files: no folders, no links, no owner, no time. The extensions by which other archives
 * say more are refused.
 */
import { refuse } from "../bundle-error.ts";
import { checkNames, maxSizeOf } from "../file-names.ts";
import { decodeText, encodeText } from "../web-platform.ts";

const block = 512;
/** More entries than any bundle has. */
const maxEntries = 16;

export function writeTar(files: ReadonlyMap<string, Uint8Array>): Uint8Array {
  const sizes = [...files.values()].map((bytes) => block + padded(bytes.length));
  const tar = new Uint8Array(sizes.reduce((sum, size) => sum + size, 2 * block));
  let at = 0;
  for (const [name, bytes] of files) {
    tar.set(headerOf(name, bytes.length), at);
    tar.set(bytes, at + block);
    at += block + padded(bytes.length);
  }
  return tar;
}

/** The files of a tar file by name, in its order. */
export function readTar(tar: Uint8Array): Map<string, Uint8Array> {
  const bad = (what: string): never => refuse("bundle/bad-archive", `the archive ${what}`);
  const entries: [string, Uint8Array][] = [];
  let at = 0;
  for (;;) {
    if (at + block > tar.length) return bad("ends without an end");
    const header = tar.subarray(at, at + block);
    if (header.every((byte) => byte === 0)) break;
    if (entries.length === maxEntries)
      return refuse("bundle/too-many-files", `the archive has more than ${maxEntries} files`);
    const { name, size } = readHeader(header);
    const end = at + block + size;
    if (end > tar.length) return bad(`ends within ${JSON.stringify(name)}`);
    entries.push([name, tar.subarray(at + block, end)]);
    at += block + padded(size);
  }
  if (tar.length !== at + 2 * block) return bad("does not end where its files end");
  checkNames(entries.map(([name]) => name));
  return new Map(entries);
}

function padded(size: number): number {
  return Math.ceil(size / block) * block;
}

function headerOf(name: string, size: number): Uint8Array {
  const header = new Uint8Array(block);
  const put = (text: string, at: number): void => header.set(encodeText(text), at);
  put(name, 0);
  put("0000644\0" + "0000000\0".repeat(2), 100);
  put(`${size.toString(8).padStart(11, "0")}\0`, 124);
  put("00000000000\0", 136);
  put("        0", 148);
  put("ustar\u000000", 257);
  put(`${sumOf(header).toString(8).padStart(6, "0")}\0 `, 148);
  return header;
}

function readHeader(header: Uint8Array): { readonly name: string; readonly size: number } {
  const name = decodeText(
    header.subarray(0, header.indexOf(0) === -1 ? 100 : Math.min(100, header.indexOf(0))),
  );
  if (name === undefined) return refuse("bundle/bad-path", "the archive has a name that is not UTF-8");
  const shown = JSON.stringify(name);
  checkKind(String.fromCharCode(header[156] as number), shown);
  if (header[345] !== 0) return refuse("bundle/bad-path", `${shown} stands in a folder`);
  const digits = /^([0-7]{11})\0$/.exec(String.fromCharCode(...header.subarray(124, 136)))?.[1];
  // Larger sizes are written in another way, which begins with a byte that is no digit.
  if (digits === undefined || Number.parseInt(digits, 8) > maxSizeOf(name))
    return refuse("bundle/too-large", `${shown} says that it is larger than ${maxSizeOf(name)} bytes`);
  const sum = /^([0-7]{6})\0 $/.exec(String.fromCharCode(...header.subarray(148, 156)))?.[1];
  if (sum === undefined || Number.parseInt(sum, 8) !== sumOf(header))
    return refuse("bundle/bad-archive", `the archive's entry ${shown} is not what its sum says`);
  return { name, size: Number.parseInt(digits, 8) };
}

function checkKind(kind: string, shown: string): void {
  if (kind === "0") return;
  if (kind === "1" || kind === "2")
    refuse("bundle/link", `${shown} is a ${kind === "1" ? "hard" : "symbolic"} link`);
  refuse("bundle/not-a-file", `${shown} is no plain file`);
}

/** The sum of the bytes, those of the sum itself taken for spaces. */
function sumOf(header: Uint8Array): number {
  return header.reduce((sum, byte, index) => sum + (index >= 148 && index < 156 ? 32 : byte), 0);
}
