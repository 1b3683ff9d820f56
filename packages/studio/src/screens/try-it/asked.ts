/** The question of each tenant, kept while other screens are shown. Another screen can ask one: {@link askInTryIt}. */
import type { RequestDocument } from "@wardline/core";
import { goTo } from "../../app/route.ts";
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

/** Shows *Try it* with a request. */
function askInTryIt(session: Session, tenant: string, request: RequestDocument): void {
  keepAsked(session, tenant, request);
  goTo("try");
}
