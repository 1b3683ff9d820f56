/** Signing in, out, and showing a second factor. */
import { Hono, type Context } from "hono";
import { formOf, tenantOf } from "../entry.ts";
import { frontPage, signInPage } from "../pages/sign-in.ts";
import { confirmPage } from "../pages/challenge.ts";
import { viewerOf } from "../viewer.ts";
import { giveCookie, takeCookie, tokenOf } from "../sign-in/cookie.ts";
import type { ServiceEnv, Services } from "../services.ts";

const tries = {
  unknown: "No account has this name and password.",
  wait: "Too many tries: wait a minute.",
} as const;

/** What is wrong with a code; the way into the tenant has looked at it. */
export const codeProblems = {
  unknown: "This is not the code of now, or it was used.",
  wait: tries.wait,
} as const;

/** What needs no sign-in. */
export function publicRoutes(services: Services): Hono<ServiceEnv> {
  const { accounts, signIns, desk, domain } = services;
  const app = new Hono<ServiceEnv>();
  const tenantHere = (c: Context): string | null => {
    const tenant = tenantOf(c, domain);
    return tenant !== null && desk.tenants.includes(tenant) ? tenant : null;
  };
  app.get("/sign-in", (c) => {
    const tenant = tenantHere(c);
    if (tenant !== null) return c.html(signInPage({ tenant, next: pathOf(c.req.query("next")) }));
    const { protocol, port } = new URL(c.req.url);
    const addresses = desk.tenants.map((name) => ({
      tenant: name,
      url: `${protocol}//${name}.${domain}${port === "" ? "" : `:${port}`}/`,
    }));
    return c.html(frontPage(addresses));
  });
  app.post("/sign-in", async (c) => {
    const tenant = tenantHere(c);
    if (tenant === null) return c.redirect("/sign-in", 303);
    const { account = "", password = "", next } = await texts(c);
    const proof = await accounts.byPassword(tenant, account, password);
    if (proof.kind !== "proved") {
      const status = proof.kind === "wait" ? 429 : 401;
      return c.html(signInPage({ tenant, next: pathOf(next), problem: tries[proof.kind] }), status);
    }
    giveCookie(c, await signIns.begin(tenant, proof.account.id));
    return c.redirect(pathOf(next), 303);
  });
  app.post("/sign-out", async (c) => {
    const token = tokenOf(c);
    if (token !== undefined) await signIns.end(token);
    takeCookie(c);
    return c.redirect("/sign-in", 303);
  });
  return app;
}

/** A second factor, of whoever is signed in. */
export function confirmRoutes(): Hono<ServiceEnv> {
  const app = new Hono<ServiceEnv>();
  app.get("/confirm", (c) => c.html(confirmPage(viewerOf(c), pathOf(c.req.query("next")))));
  app.post("/confirm", async (c) => {
    const factor = c.get("signedIn").factor ?? "unknown";
    const { next } = await texts(c);
    if (factor === "proved") return c.redirect(pathOf(next), 303);
    const page = confirmPage(viewerOf(c), pathOf(next), codeProblems[factor]);
    return c.html(page, factor === "wait" ? 429 : 401);
  });
  return app;
}

/** The texts of a form. */
export async function texts(c: Context): Promise<Readonly<Record<string, string | undefined>>> {
  const body = await formOf(c);
  return Object.fromEntries(
    Object.entries(body).filter((entry): entry is [string, string] => typeof entry[1] === "string"),
  );
}

/** A path of this host; anything else is the first page. */
export function pathOf(given: string | undefined): string {
  return given !== undefined && /^\/(?![/\\])[\w\-./?=&]*$/.test(given) ? given : "/";
}
