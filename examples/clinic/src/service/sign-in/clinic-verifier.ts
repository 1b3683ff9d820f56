/** Who calls, from the cookie of a sign-in: the clinic's own {@link Verifier}, in the place that an issuer's tokens have elsewhere. */
import { IdentityRefused, type Verified, type Verifier } from "@wardline/sdk";
import type { Services, SignedIn } from "../services.ts";
import { longest } from "./sign-ins.ts";

export interface Departments {
  /** The id of a tenant's department. */
  readonly idOf: (tenant: string, name: string) => string | undefined;
}

/**
 * For one request; `onProved` is told who it is. A code that came with the request is proved here, before the facts of the request are said: what
 * it is for may ask for a factor that was shown just now.
 */
export function clinicVerifier(
  { accounts, signIns, departments, clock }: Services,
  code: string | undefined,
  onProved: (signedIn: SignedIn) => void,
): Verifier {
  return {
    async verify({ token, tenant }) {
      if (tenant === null) throw new IdentityRefused("identity/unknown-tenant");
      const found = await signIns.find(tenant, token);
      const account = found === null ? undefined : accounts.get(tenant, found.account);
      if (found === null || account === undefined) throw new IdentityRefused("identity/expired");
      const factor = code === undefined ? null : (await accounts.byCode(account, code)).kind;
      const signIn = factor === "proved" ? { ...found, factorAt: await signIns.confirm(token) } : found;
      const signedIn = { account, signIn, token, factor };
      onProved(signedIn);
      return verified(signedIn, departments, clock());
    },
  };
}

function verified({ account, signIn }: SignedIn, departments: Departments, now: Date): Verified {
  const { tenant, id, roles, clearance } = account;
  const department =
    account.department === undefined ? undefined : departments.idOf(tenant, account.department);
  const { factorAt } = signIn;
  return {
    tenant,
    principal: {
      type: "User",
      id,
      roles,
      in: department === undefined ? [] : [department],
      attributes: { email: `${id}@example.org`, clearance },
    },
    context: {
      mfa: factorAt !== null,
      // Microseconds.
      ...(factorAt === null ? {} : { mfa_age: Math.max(0, now.getTime() - factorAt.getTime()) * 1000 }),
    },
    session: { id: signIn.id, begunAt: signIn.begunAt, usedAt: signIn.usedAt },
    until: new Date(signIn.begunAt.getTime() + longest),
  };
}
