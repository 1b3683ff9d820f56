/**
 * The page docs/spec/envelope.md a second time, written from it alone and over WebCrypto: it shares no code with what it is compared
 * with. It makes messages from given randomness, and it opens nothing.
 */
import { webcrypto } from "node:crypto";

const { subtle } = webcrypto;
type Bytes = Uint8Array<ArrayBuffer>;

const utf8 = (text: string): Bytes => Uint8Array.from(new TextEncoder().encode(text));
const join = (...parts: readonly Uint8Array[]): Bytes => Uint8Array.from(Buffer.concat(parts));
const u32 = (value: number): Bytes => Uint8Array.of(value >>> 24, value >>> 16, value >>> 8, value);
const L = (...parts: readonly Uint8Array[]): Bytes =>
  join(...parts.flatMap((part) => [u32(part.length), part]));

export interface ReferencePlace {
  readonly tenant: string;
  readonly table: string;
  readonly column: string;
  readonly row: string;
  readonly purpose: string;
}

async function hmac(hash: "SHA-256" | "SHA-512", key: Bytes, message: Bytes): Promise<Bytes> {
  const imported = await subtle.importKey("raw", key, { name: "HMAC", hash }, false, ["sign"]);
  return new Uint8Array(await subtle.sign("HMAC", imported, message));
}

const digest = async (bytes: Bytes): Promise<Bytes> => new Uint8Array(await subtle.digest("SHA-256", bytes));

export async function kekOf(
  unwrapped: Bytes,
  tenant: string,
  purpose: string,
  version: number,
): Promise<Bytes> {
  const key = await subtle.importKey("raw", unwrapped, "HKDF", false, ["deriveBits"]);
  const info = L(utf8("wardline/kek/1"), utf8(tenant), utf8(purpose), u32(version));
  const salt = new Uint8Array(0);
  return new Uint8Array(await subtle.deriveBits({ name: "HKDF", hash: "SHA-256", salt, info }, key, 256));
}

export const labelled = (kek: Bytes, label: string): Promise<Bytes> =>
  hmac("SHA-256", kek, join(utf8("wardline/key/1"), Uint8Array.of(0), utf8(label)));

/** 2 without padding, 3 with. */
export type Format = 2 | 3;

export const headerOf = (format: Format, version: number): Bytes =>
  join(Uint8Array.of(0x57, 0x4c, 0x53, format), u32(version));

/** By counting up: the first length of 64 and more that holds the text and its marker, and that has enough zeros at its end. */
export function padded(text: Bytes): Bytes {
  let length = Math.max(64, text.length + 1);
  const isBucket = (candidate: number): boolean => {
    const bits = candidate.toString(2);
    const varying = (bits.length - 1).toString(2).length;
    return /^0*$/.test(bits.slice(1 + varying));
  };
  while (!isBucket(length)) length += 1;
  return join(text, Uint8Array.of(0x80), new Uint8Array(length - text.length - 1));
}

export const aadOf = (header: Bytes, { tenant, table, column, row, purpose }: ReferencePlace): Bytes =>
  L(header, utf8(tenant), utf8(table), utf8(column), utf8(row), utf8(purpose));

/** `labels`: `seal` for cells, `audit` for entries. `text`: as it goes into the cipher, so padded for format 3. */
export async function sealed(
  kek: Bytes,
  labels: "seal" | "audit",
  version: number,
  place: ReferencePlace,
  text: Bytes,
  random: Bytes,
  format: Format = 2,
): Promise<Bytes> {
  const [data, hedge] = await Promise.all([
    labelled(kek, `${labels}/data`),
    labelled(kek, `${labels}/hedge`),
  ]);
  const header = headerOf(format, version);
  const aad = aadOf(header, place);
  const place32 = await digest(aad);
  const salt = (await hmac("SHA-512", hedge, join(random, place32, text))).slice(0, 32);
  const message = join(utf8("wardline/seal/1"), Uint8Array.of(0), header, salt, place32);
  const okm = await hmac("SHA-512", data, message);
  const key = await subtle.importKey("raw", okm.slice(0, 32), "AES-GCM", false, ["encrypt"]);
  const gcm = { name: "AES-GCM", iv: new Uint8Array(12), additionalData: aad, tagLength: 128 };
  return join(header, salt, okm.slice(32), new Uint8Array(await subtle.encrypt(gcm, key, text)));
}

const fieldKey = (
  key: Bytes,
  domain: string,
  tenant: string,
  table: string,
  column: string,
): Promise<Bytes> => hmac("SHA-256", key, L(utf8(domain), utf8(tenant), utf8(table), utf8(column)));

type Field = Pick<ReferencePlace, "tenant" | "table" | "column">;

export async function blindIndex(
  kek: Bytes,
  version: number,
  { tenant, table, column }: Field,
  text: Bytes,
): Promise<Bytes> {
  const key = await fieldKey(await labelled(kek, "index"), "wardline/index/1", tenant, table, column);
  return join(u32(version), (await hmac("SHA-256", key, text)).slice(0, 16));
}

export async function hashMask(
  kek: Bytes,
  version: number,
  { tenant, table, column }: Field,
  text: Bytes,
): Promise<string> {
  const key = await fieldKey(await labelled(kek, "hash"), "wardline/hash/1", tenant, table, column);
  return `h${version}.${Buffer.from((await hmac("SHA-256", key, text)).slice(0, 16)).toString("hex")}`;
}

export async function tokenMask(
  kek: Bytes,
  version: number,
  { tenant, table, column }: Field,
  text: Bytes,
): Promise<string> {
  const padded = join(text, Uint8Array.of(0x80), new Uint8Array(15 - (text.length % 16)));
  const keyUnder = async (label: string): Promise<Bytes> =>
    fieldKey(await labelled(kek, label), "wardline/token/1", tenant, table, column);
  const siv = (await hmac("SHA-256", await keyUnder("token/siv"), padded)).slice(0, 16);
  const key = await subtle.importKey("raw", await keyUnder("token/data"), "AES-CTR", false, ["encrypt"]);
  const body = await subtle.encrypt({ name: "AES-CTR", counter: siv, length: 128 }, key, padded);
  return `t${version}.${Buffer.concat([siv, new Uint8Array(body)]).toString("base64url")}`;
}
