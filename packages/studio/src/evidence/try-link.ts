/** A question as an address: `#/try?scenario=…` opens *Try it* with it. */
import type { RequestDocument } from "@wardline/core";

export interface LinkedScenario {
  readonly tenant: string;
  readonly request: RequestDocument;
}

export function tryHref(tenant: string, request: RequestDocument): string {
  return `#/try?scenario=${encodeURIComponent(JSON.stringify({ tenant, request }))}`;
}

/** The question of an address; null where it has none that can be read. */
export function scenarioIn(hash: string): LinkedScenario | null {
  const [, query = ""] = hash.split("?", 2);
  const text = new URLSearchParams(query).get("scenario");
  if (text === null) return null;
  try {
    const scenario = JSON.parse(text) as Partial<LinkedScenario> | null;
    const { tenant, request } = scenario ?? {};
    const isObject = typeof request === "object" && (request as unknown) !== null;
    return typeof tenant === "string" && isObject ? { tenant, request } : null;
  } catch {
    return null;
  }
}
