/** The way into a tenant: what a form brings as evidence is proved first, then the scope of the request is opened with the facts of now. */
import type { Context, MiddlewareHandler } from "hono";
import { HTTPException } from "hono/http-exception";
import { tenantFromSubdomain } from "@wardline/sdk";
import { scoped, sessionOf } from "@wardline/sdk/hono";
import { signInEvidence } from "./sign-in/cookie.ts";
import { clinicVerifier } from "./sign-in/clinic-verifier.ts";
import type { ServiceEnv, Services, SignedIn } from "./services.ts";

/** The model's facts of each customer: what they pay for, and where their data may be. */
const tenantFacts: Readonly<Record<string, { readonly plan: string; readonly region: string }>> = {
  acme: { plan: "enterprise", region: "eu" },
  globex: { plan: "pro", region: "us" },
};

export function enter(services: Services): MiddlewareHandler<ServiceEnv> {
  const { wardline, signIns, domain } = services;
  const tenant = tenantFromSubdomain(domain);
  return async (c, next) => {
    const { code, purpose } = await evidenceOf(c);
    let signedIn: SignedIn | undefined;
    const open = scoped({
      wardline,
      verifier: clinicVerifier(services, code, (found) => {
        signedIn = found;
      }),
      tenant,
      evidence: signInEvidence,
      attributes: (named) => tenantFacts[named] ?? {},
      context: () => ({ ...addressOf(c), ...(purpose === undefined ? {} : { purpose }) }),
    });
    return open(c, async () => {
      if (signedIn === undefined) throw new TypeError("a scope was opened for nobody");
      // Throws where the policy says that the session is over; else it would begin to last anew here.
      sessionOf(c).touch();
      await signIns.used(signedIn.token, signedIn.signIn);
      c.set("signedIn", signedIn);
      await next();
    });
  };
}

/** The tenant that the host names, proved or not. */
export function tenantOf(c: Context, domain: string): string | null {
  const { method, path } = c.req;
  const header = (name: string): string | undefined => c.req.header(name);
  return tenantFromSubdomain(domain).find({ method, path, header, host: header("host") }) ?? null;
}

/** The code of a second factor and a reason, as a form or a program states them. */
async function evidenceOf(c: Context): Promise<{ readonly code?: string; readonly purpose?: string }> {
  const given = await fieldsOf(c);
  const text = (value: unknown): string => (typeof value === "string" ? value.trim().slice(0, 200) : "");
  const [code, purpose] = [text(given["code"]), text(given["purpose"] ?? c.req.header("x-purpose"))];
  return { ...(code === "" ? {} : { code }), ...(purpose === "" ? {} : { purpose }) };
}

async function fieldsOf(c: Context): Promise<Readonly<Record<string, unknown>>> {
  const type = c.req.header("content-type") ?? "";
  if (/^(application\/x-www-form-urlencoded|multipart\/form-data)/.test(type)) return formOf(c);
  if (c.req.method !== "POST" || !/^application\/json\b/.test(type)) return {};
  const given: unknown = await c.req.json().catch(() => null);
  return typeof given === "object" && given !== null ? { ...given } : {};
}

/** What is no form, whatever it says that it is, is answered and no trouble of the service. */
export async function formOf(c: Context): Promise<Readonly<Record<string, unknown>>> {
  try {
    return await c.req.parseBody();
  } catch (cause) {
    throw new HTTPException(400, { message: "not a form", cause });
  }
}

/** Of the connection, a forwarded header would be whatever the caller writes; left out where it has none, so that rules that read it deny. */
function addressOf(c: Context): { readonly ip?: string } {
  const { incoming } = (c.env ?? {}) as { incoming?: { socket?: { remoteAddress?: string } } };
  const address = incoming?.socket?.remoteAddress;
  return address === undefined ? {} : { ip: address.replace(/^::ffff:/, "") };
}
