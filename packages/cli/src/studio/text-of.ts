/** What a client sent, as text. */

/** As it was sent: a mark at its start is of the text, since the page was given it without the file's own. Undefined for what is not UTF-8. */
export function textOf(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return undefined;
  }
}
