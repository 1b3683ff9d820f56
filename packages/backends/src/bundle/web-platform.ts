/** The parts of the web platform that the bundle needs and that Node and browsers share. */
interface WebPlatform {
  readonly crypto: {
    readonly subtle: { digest: (algorithm: "SHA-256", data: Uint8Array) => Promise<ArrayBuffer> };
  };
  readonly TextEncoder: new () => { encode: (text: string) => Uint8Array };
  readonly TextDecoder: new (
    label: "utf-8",
    options: { readonly fatal: true; readonly ignoreBOM: true },
  ) => { decode: (bytes: Uint8Array) => string };
}

const platform = globalThis as unknown as WebPlatform;

/** SHA-256 (FIPS 180-4) in lower-case hexadecimal. */
export async function sha256(bytes: Uint8Array): Promise<string> {
  const digest = new Uint8Array(await platform.crypto.subtle.digest("SHA-256", bytes));
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

export function encodeText(text: string): Uint8Array {
  return new platform.TextEncoder().encode(text);
}

/** The text of UTF-8 bytes; undefined if they are not UTF-8. A byte order mark is kept, so that it is noticed. */
export function decodeText(bytes: Uint8Array): string | undefined {
  try {
    return new platform.TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return undefined;
  }
}
