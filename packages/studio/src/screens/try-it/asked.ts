/** The question of each tenant, kept while other screens are shown. */
import type { RequestDocument } from "@wardline/core";
import type { Session } from "../../session/session.ts";

const asked = new WeakMap<Session, Map<string, RequestDocument>>();

export function askedOf(session: Session, tenant: string): RequestDocument | null {
  return asked.get(session)?.get(tenant) ?? null;
}

export function keepAsked(session: Session, tenant: string, request: RequestDocument): void {
  const known = asked.get(session) ?? new Map<string, RequestDocument>();
  known.set(tenant, request);
  asked.set(session, known);
}
