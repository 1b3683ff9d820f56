/** What a client sent, as text that a file may hold. */
import { refuse, type Answer } from "./answer.ts";

/** The text of a file, in bytes as they were sent; why it is none where they are more than `most`, or no UTF-8. */
export function textWithin(name: string, bytes: Uint8Array, most: number): string | Answer {
  if (bytes.length > most)
    return refuse(413, {
      code: "studio/too-large",
      message: `${name} would be larger than ${most / 1024} KiB`,
      help: "no policy of that size compiles",
    });
  return (
    textOf(bytes) ??
    refuse(422, {
      code: "studio/not-text",
      message: "the text is not UTF-8",
      help: "send it as UTF-8",
    })
  );
}

export const byteOrderMark = "\uFEFF";

/** As it was sent: a mark at its start is of the text, since the page was given it without the file's own. Undefined for what is not UTF-8. */
function textOf(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return undefined;
  }
}
