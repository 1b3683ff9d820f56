/** A token in a cookie, which browsers also send with requests that other sites cause: so who caused it is asked first. */
import { IdentityRefused } from "../identity/identity-refused.ts";
import type { EvidenceSource } from "./evidence-source.ts";
import type { ScopeRequest } from "./scope-request.ts";

/** Characters of the header. */
const longestHeader = 16_384;
const harmless: ReadonlySet<string> = new Set(["GET", "HEAD", "OPTIONS"]);

/**
 * The token in the cookie `name`, which begins with `__Host-`: such a one no other host can set, not even that of another tenant under the same
 * domain. A request that may change something is taken from pages of this very origin alone: `identity/cross-site`. Throws `identity/bad-option`.
 */
export function bearerCookie(name: string): EvidenceSource {
  if (!/^__Host-[\w.-]+$/.test(name)) throw new IdentityRefused("identity/bad-option", "a cookie's name");
  return {
    find: (request, tenant) => {
      const given = request.header("cookie") ?? "";
      if (given.length > longestHeader) throw new IdentityRefused("identity/malformed");
      const [token, second] = given
        .split(";")
        .map((pair) => pair.trim())
        .flatMap((pair) => (pair.startsWith(`${name}=`) ? [pair.slice(name.length + 1)] : []));
      if (token === undefined) throw new IdentityRefused("identity/no-evidence");
      if (second !== undefined || !/^[\w.~+/-]+=*$/.test(token))
        throw new IdentityRefused("identity/malformed");
      if (!harmless.has(request.method) && !isOwn(request)) throw new IdentityRefused("identity/cross-site");
      return { kind: "bearer", token, tenant };
    },
  };
}

/** Whether a page of this origin caused the request, as the browser says; one that does not say is believed nothing. */
function isOwn({ header, host }: ScopeRequest): boolean {
  const site = header("sec-fetch-site");
  if (site !== undefined) return site === "same-origin" || site === "none";
  const origin = header("origin");
  if (origin === undefined || host === undefined || !URL.canParse(origin)) return false;
  const { protocol, host: from, hostname } = new URL(origin);
  const isHere = hostname === "localhost" || hostname === "127.0.0.1";
  return (protocol === "https:" || (protocol === "http:" && isHere)) && from === host.toLowerCase();
}
