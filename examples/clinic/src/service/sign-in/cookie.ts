/** The cookie of a sign-in: of this host alone, never read by scripts, sent by no other site's forms. */
import type { Context } from "hono";
import { deleteCookie, getCookie, setCookie } from "hono/cookie";
import { bearerCookie, bearerHeader, type EvidenceSource } from "@wardline/sdk";
import { longest } from "./sign-ins.ts";

const name = "clinic";
const options = { path: "/", secure: true, httpOnly: true, sameSite: "Lax", prefix: "host" } as const;

const cookie = bearerCookie(`__Host-${name}`);

export const tokenOf = (c: Context): string | undefined => getCookie(c, name, "host");

export function giveCookie(c: Context, token: string): void {
  setCookie(c, name, token, { ...options, maxAge: longest / 1000 });
}

export function takeCookie(c: Context): void {
  deleteCookie(c, name, options);
}

/** Programs send the same token as `Authorization: Bearer`; the cookie counts for pages of this origin alone where something may change. */
export const signInEvidence: EvidenceSource = {
  find: (request, tenant) =>
    (request.header("authorization") === undefined ? cookie : bearerHeader).find(request, tenant),
};
