/** The cookie of a sign-in: of this host alone, never read by scripts, sent by no other site's forms. */
import type { Context } from "hono";
import { deleteCookie, getCookie, setCookie } from "hono/cookie";
import { IdentityRefused, type EvidenceSource } from "@wardline/sdk";
import { longest } from "./sign-ins.ts";

const name = "clinic";
const options = { path: "/", secure: true, httpOnly: true, sameSite: "Lax", prefix: "host" } as const;

export const tokenOf = (c: Context): string | undefined => getCookie(c, name, "host");

export function giveCookie(c: Context, token: string): void {
  setCookie(c, name, token, { ...options, maxAge: longest / 1000 });
}

export function takeCookie(c: Context): void {
  deleteCookie(c, name, options);
}

/** Programs may send the same token as `Authorization: Bearer`. */
export function cookieEvidence(token: string | undefined): EvidenceSource {
  return {
    find: ({ header }, tenant) => {
      const bearer = /^Bearer ([\w-]{43})$/.exec(header("authorization") ?? "")?.[1];
      const found = bearer ?? token;
      if (found === undefined) throw new IdentityRefused("identity/no-evidence");
      return { kind: "bearer", token: found, tenant };
    },
  };
}
