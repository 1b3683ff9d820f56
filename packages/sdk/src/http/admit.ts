/** From a request to the scope of one principal of one tenant. Nothing is opened here, and nothing is believed that was not proved. */
import type { ScopeInput } from "../scope/scope-input.ts";
import { IdentityRefused } from "../identity/identity-refused.ts";
import { bearerHeader } from "./evidence-source.ts";
import type { ScopeOptions } from "./scope-options.ts";
import type { ScopeRequest } from "./scope-request.ts";
import { readTenant } from "./tenant-source.ts";

export interface Caller {
  readonly scope: ScopeInput;
  readonly until: Date;
}

/** Rejects with {@link IdentityRefused}, and with whatever the application's own functions throw. */
export async function admit(options: ScopeOptions, request: ScopeRequest): Promise<Caller> {
  const { verifier, evidence = bearerHeader } = options;
  const named = readTenant(options.tenant, request);
  const { tenant, principal, context, session, until } = await verifier.verify(evidence.find(request, named));
  // Invariant: whatever a verifier answers, no request goes to a tenant that it did not name.
  if (named !== null && tenant !== named) throw new IdentityRefused("identity/unknown-tenant");
  return {
    scope: {
      tenant,
      principal,
      context: { ...options.context?.(request), ...context },
      ...(options.attributes === undefined ? {} : { attributes: await options.attributes(tenant) }),
      ...(session === null ? {} : { session }),
    },
    until,
  };
}
