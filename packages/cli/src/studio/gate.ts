/**
 * Who may ask the studio's server: a page that it served itself, at the address that it listens on, with its token. A page of
 * elsewhere reaches a port of this machine too, by its number or by a name that points here.
 */
import { createHash, randomBytes, timingSafeEqual } from "node:crypto";
import type { IncomingMessage } from "node:http";
import { refuse, type Answer } from "./answer.ts";

/** 256 bits, in signs that a fragment holds as they are. */
export function makeToken(): string {
  return randomBytes(32).toString("base64url");
}

/** Whether a request is of an own page. Undefined lets it pass. */
export function refuseStranger(request: IncomingMessage, authority: string): Answer | undefined {
  const once = (name: string): string | undefined | null => {
    const values = request.headersDistinct[name];
    return values === undefined ? undefined : values.length === 1 ? values[0] : null;
  };
  // Invariant: a name that points here (DNS rebinding) is another name.
  if (once("host") !== authority)
    return refuse(421, {
      code: "studio/host",
      message: "this address is not the studio's",
      help: `open http://${authority}/ as the command printed it`,
    });
  if (!(request.url ?? "").startsWith("/"))
    return refuse(400, { code: "studio/target", message: "a path is expected" });
  const origin = once("origin");
  if (origin !== undefined && origin !== `http://${authority}`) return refuse(403, otherPage);
  const site = once("sec-fetch-site");
  if (site === undefined || site === "same-origin" || site === "none") return undefined;
  // A link or a file may open the page itself: it holds nothing, and no window keeps hold of it.
  const opens = once("sec-fetch-mode") === "navigate" && once("sec-fetch-dest") === "document";
  return opens && request.method === "GET" && !isApi(request.url ?? "") ? undefined : refuse(403, otherPage);
}

const otherPage = {
  code: "studio/origin",
  message: "the request comes from another page",
  help: "open the address that the command printed",
} as const;

/** Whether a request bears the token. Undefined lets it pass. */
export function refuseUnknown(request: IncomingMessage, token: string): Answer | undefined {
  const given = request.headersDistinct["authorization"] ?? [];
  const [, bearer] = given.length === 1 ? (/^Bearer ([\w-]{1,256})$/.exec(given[0] ?? "") ?? []) : [];
  if (bearer !== undefined && timingSafeEqual(digestOf(bearer), digestOf(token))) return undefined;
  return refuse(401, noToken, { "www-authenticate": "Bearer" });
}

export const noToken = {
  code: "studio/token",
  message: "the studio's token is missing or is of an earlier run",
  help: "open the address that the command printed",
} as const;

/** Equally long, so that the comparison says nothing of the length either. */
function digestOf(text: string): Buffer {
  return createHash("sha256").update(text).digest();
}

export function isApi(url: string): boolean {
  return /^\/api(?:[/?]|$)/.test(url);
}
