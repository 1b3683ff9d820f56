/** What anchors send and are answered, in the words of anchors. */
import { exchange, type Answer, type Exchange } from "../../http/exchange.ts";
import { AnchorError } from "./anchor.ts";

/** Bytes; a record has a few hundred, and one with all heads of many tenants some megabytes. */
const mostBytes = 64 * 1024 * 1024;

/** Throws {@link AnchorError} `anchor/unavailable` where no whole answer came in time. */
export async function send(sent: Omit<Exchange, "mostBytes">): Promise<Answer> {
  try {
    return await exchange({ ...sent, mostBytes });
  } catch (error) {
    throw new AnchorError(
      "anchor/unavailable",
      `${sent.url.host} did not answer: ${(error as Error).message}`,
    );
  }
}

/** The error of an answer that is no success; `seconds` or a date in Retry-After is heard. */
export function refusal(name: string, { status, headers }: Answer): AnchorError {
  const retriable = status === 429 || status === 408 || status >= 500;
  const [after] = [headers["retry-after"]].flat();
  const seconds = after === undefined ? Number.NaN : Number(after);
  const until = Number.isNaN(seconds) ? Date.parse(after ?? "") - Date.now() : seconds * 1000;
  return new AnchorError(
    retriable ? "anchor/unavailable" : "anchor/refused",
    `${name} answered ${status}`,
    Number.isNaN(until) || until < 0 ? null : until,
  );
}

/** An address of an anchor. Throws {@link AnchorError} for one without TLS to another machine, or with a password in it. */
export function checkAddress(given: string): URL {
  let url: URL;
  try {
    url = new URL(given);
  } catch {
    throw new AnchorError("anchor/bad-option", "an anchor's address is no URL");
  }
  if (url.username !== "" || url.password !== "" || url.hash !== "")
    throw new AnchorError(
      "anchor/bad-option",
      "an anchor's address holds no user, no password and no fragment",
    );
  // It is for one object and one time; kept for another, it would be somebody else's right.
  if ([...url.searchParams.keys()].some((name) => /signature|^sig$/i.test(name)))
    throw new AnchorError("anchor/bad-option", `${url.host}: a signed address is no address of an anchor`);
  const isHere = ["localhost", "127.0.0.1", "[::1]"].includes(url.hostname);
  if (url.protocol !== "https:" && !(url.protocol === "http:" && isHere))
    throw new AnchorError(
      "anchor/bad-option",
      `${url.host}: an anchor on another machine is reached by https`,
    );
  return url;
}
