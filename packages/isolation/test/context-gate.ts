/** A gate for tests that work with a session of their own: the key is new, and installed by the session, which is a superuser's. */
import type { ContextGate, SqlSession } from "../src/contracts.ts";
import { createContextGate } from "../src/context/context-gate.ts";
import { createContextKey, type ContextKey } from "../src/context/context-key.ts";
import { installContextKey, readCluster } from "../src/context/contexts.ts";
import { createContextSigner } from "../src/context/signer.ts";

export async function openGate(
  session: SqlSession,
  key: ContextKey = createContextKey(1),
): Promise<ContextGate> {
  await installContextKey(session, key);
  const cluster = (await readCluster(session)) as Uint8Array;
  return createContextGate({ signer: createContextSigner({ key, cluster }), kind: "embedded" });
}

export { claimsFor } from "./context-claims.ts";
