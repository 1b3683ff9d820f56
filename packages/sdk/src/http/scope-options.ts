/** What the middleware of every framework is given. */
import type { Attributes } from "@wardline/core";
import type { Verifier } from "../identity/verifier.ts";
import type { Wardline } from "../wardline.ts";
import type { EvidenceSource } from "./evidence-source.ts";
import type { ScopeRequest } from "./scope-request.ts";
import type { TenantSource } from "./tenant-source.ts";

export interface ScopeOptions {
  readonly wardline: Wardline;
  /** Who proves who calls: `oidc` of `@wardline/sdk/oidc`, or one of the application's own. */
  readonly verifier: Verifier;
  readonly tenant: TenantSource;
  /** Default: {@link bearerHeader}. */
  readonly evidence?: EvidenceSource;
  /** The model's tenant facts. Asked for a tenant that the caller was proved to be a member of, and no other. */
  readonly attributes?: (tenant: string) => Attributes | Promise<Attributes>;
  /** Context facts of the model that the request shows, such as its address. What the evidence proves stands above them. */
  readonly context?: (request: ScopeRequest) => Attributes;
}
