/** What the middleware of frameworks on Node's own servers shares: requests as sources see them, and answers that no cache keeps. */
import type {
  IncomingHttpHeaders,
  IncomingMessage,
  OutgoingHttpHeader,
  OutgoingHttpHeaders,
  ServerResponse,
} from "node:http";
import { finished } from "node:stream";
import { cacheControl, conditionals, isDropped, varyOf } from "./cache-rules.ts";
import type { HttpProblem } from "./http-problem.ts";
import type { ScopeRequest } from "./scope-request.ts";
import type { TenantSource } from "./tenant-source.ts";

export function requestOf(request: IncomingMessage & { readonly originalUrl?: string }): ScopeRequest {
  const header = (name: string): string | undefined => {
    // What was sent twice is both, and of no form; Node alone would keep the first. HTTP/2 has no such list.
    const all = (request.headersDistinct as IncomingMessage["headersDistinct"] | undefined)?.[name];
    const given = all ?? request.headers[name as keyof IncomingHttpHeaders];
    return Array.isArray(given) ? given.join(", ") : given;
  };
  const [path = ""] = (request.originalUrl ?? request.url ?? "").split("?", 1);
  const authority = request.headers[":authority"];
  return {
    method: request.method ?? "GET",
    host: typeof authority === "string" ? authority : header("host"),
    path,
    header,
  };
}

/** From here on the answer obeys the rules, whatever writes its head; and the request asks for no comparison. */
export function guardAnswer(request: IncomingMessage, response: ServerResponse, source: TenantSource): void {
  for (const name of conditionals) delete request.headers[name];
  const writeHead = response.writeHead.bind(response) as (status: number, reason?: string) => ServerResponse;
  response.writeHead = (status: number, ...rest: unknown[]): ServerResponse => {
    const [first, second] = rest;
    const given = typeof first === "string" ? second : (first ?? second);
    for (const [name, values] of entriesOf(given)) response.setHeader(name, values);
    for (const name of response.getHeaderNames()) if (isDropped(name)) response.removeHeader(name);
    response.setHeader("cache-control", cacheControl);
    response.setHeader("vary", varyOf(source, textOf(response.getHeader("vary"))));
    return typeof first === "string" ? writeHead(status, first) : writeHead(status);
  };
}

/** Resolves when the answer was sent, or its client is gone; at once if that was before. */
export const isOver = (response: ServerResponse): Promise<void> =>
  new Promise((done) => {
    finished(response, () => done());
  });

/** Answers a problem by Node's own means, if nothing was answered. */
export function sendProblem(response: ServerResponse, problem: HttpProblem, source: TenantSource): void {
  if (response.headersSent) return void response.destroy();
  for (const name of response.getHeaderNames()) if (isDropped(name)) response.removeHeader(name);
  response.statusCode = problem.status;
  for (const [name, value] of Object.entries(problem.headers)) response.setHeader(name, value);
  response.setHeader("vary", varyOf(source, textOf(response.getHeader("vary"))));
  response.end(JSON.stringify(problem.body));
}

/** Headers in each of the forms that `writeHead` takes. */
function entriesOf(given: unknown): ReadonlyMap<string, string | number | string[]> {
  const found = new Map<string, string | number | string[]>();
  const add = (name: OutgoingHttpHeader, value: OutgoingHttpHeader | undefined): void => {
    if (value === undefined) return;
    const key = String(name);
    const values = [value].flat().map(String);
    const before = found.get(key);
    const all = before === undefined ? values : [...[before].flat().map(String), ...values];
    found.set(key, all.length === 1 ? (all[0] as string) : all);
  };
  if (Array.isArray(given)) {
    const flat = (Array.isArray(given[0]) ? given.flat() : given) as readonly OutgoingHttpHeader[];
    for (let at = 0; at + 1 < flat.length; at += 2) add(flat[at] ?? "", flat[at + 1]);
  } else for (const [name, value] of Object.entries((given ?? {}) as OutgoingHttpHeaders)) add(name, value);
  return found;
}

const textOf = (header: number | string | readonly string[] | undefined): string =>
  header === undefined ? "" : [header].flat().join(", ");
