/** JSON that is read in one way only: UTF-8, canonical, of bounded size and depth, all of which is looked at before parsing. */
import { canonicalJson } from "@wardline/core";
import { refuse, type BundleError } from "./bundle-error.ts";
import { decodeText } from "./web-platform.ts";

/** Codes for what can be wrong with a text, by what the text is part of. */
export interface TextCodes {
  readonly large: BundleError["code"];
  readonly deep: BundleError["code"];
  readonly bad: BundleError["code"];
}

const maxDepth = 64;

/** The value of a file that holds canonical JSON and a line's end. `what` names the file. */
export function readCanonicalFile(
  bytes: Uint8Array,
  what: string,
  maxSize: number,
  codes: TextCodes,
): unknown {
  if (bytes.length > maxSize) refuse(codes.large, `${what} has more than ${maxSize} bytes`);
  const text = decodeText(bytes);
  if (text?.endsWith("\n") !== true)
    return refuse(codes.bad, `${what} is not UTF-8 text that ends in a line`);
  return readCanonicalText(text.slice(0, -1), what, codes);
}

/** The value of a text of canonical JSON. A key that stands twice, for instance, makes a text that is not canonical. */
export function readCanonicalText(text: string, what: string, codes: TextCodes): unknown {
  if (depthOf(text) > maxDepth) refuse(codes.deep, `${what} is nested more than ${maxDepth} deep`);
  const parsed = parseJson(text);
  if (parsed === undefined) return refuse(codes.bad, `${what} is not JSON`);
  if (canonicalJson(parsed.value) !== text)
    return refuse(codes.bad, `${what} is not written as canonical JSON`);
  return parsed.value;
}

/** The value of a JSON text; undefined if it is none. */
export function parseJson(text: string): { readonly value: unknown } | undefined {
  try {
    return { value: JSON.parse(text) as unknown };
  } catch {
    return undefined;
  }
}

/** How deep the brackets of a JSON text nest; of a text that is no JSON, no less than a parser would go. */
export function depthOf(text: string): number {
  let depth = 0;
  let deepest = 0;
  let quoted = false;
  for (let at = 0; at < text.length; at += 1) {
    const sign = text[at];
    if (quoted) {
      if (sign === "\\") at += 1;
      else if (sign === '"') quoted = false;
    } else if (sign === '"') quoted = true;
    else if (sign === "[" || sign === "{") deepest = Math.max(deepest, (depth += 1));
    else if (sign === "]" || sign === "}") depth -= 1;
  }
  return deepest;
}
