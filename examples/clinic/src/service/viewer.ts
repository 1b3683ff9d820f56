import type { Context } from "hono";
import type { Viewer } from "./pages/layout.ts";
import type { ServiceEnv } from "./services.ts";

export function viewerOf(c: Context<ServiceEnv>): Viewer {
  const { account } = c.get("signedIn");
  return { tenant: account.tenant, title: account.title, isOwner: account.roles.includes("owner") };
}
