/** What the studio's server answers, as data, and the headers that every answer bears. */
import type { OutgoingHttpHeaders, ServerResponse } from "node:http";
import { contentSecurityPolicy } from "@wardline/studio";

export interface Answer {
  readonly status: number;
  readonly headers: OutgoingHttpHeaders;
  readonly body: string | Uint8Array;
}

/** Why a request is refused: a stable code, and words for people. */
export interface Refusal {
  readonly code: `studio/${string}`;
  readonly message: string;
  readonly help?: string;
}

const always: OutgoingHttpHeaders = {
  "content-security-policy": contentSecurityPolicy(),
  "cross-origin-opener-policy": "same-origin",
  "cross-origin-resource-policy": "same-origin",
  "referrer-policy": "no-referrer",
  "x-content-type-options": "nosniff",
  "x-frame-options": "DENY",
};

export function json(status: number, value: unknown, headers: OutgoingHttpHeaders = {}): Answer {
  return {
    status,
    headers: { "content-type": "application/json; charset=utf-8", "cache-control": "no-store", ...headers },
    body: JSON.stringify(value),
  };
}

/** A refusal ends the connection: what the client still sends is not read. */
export function refuse(status: number, refusal: Refusal, headers: OutgoingHttpHeaders = {}): Answer {
  return json(status, refusal, { connection: "close", ...headers });
}

export function send(response: ServerResponse, { status, headers, body }: Answer, bodiless: boolean): void {
  const bytes = typeof body === "string" ? Buffer.from(body) : body;
  const length = status === 304 ? {} : { "content-length": bytes.length };
  response.writeHead(status, { ...always, ...headers, ...length });
  response.end(bodiless || status === 304 ? undefined : bytes);
}
