/** Middleware for Hono: each request in the scope of its own principal, until its answer is sent. Needs the package `hono`. */
import { AsyncLocalStorage } from "node:async_hooks";
import type { Context, MiddlewareHandler } from "hono";
import { admit, type Caller } from "./http/admit.ts";
import { cacheControl, conditionals, isDropped, varyOf } from "./http/cache-rules.ts";
import { httpProblem, wardlineProblem, type HttpProblem, type ProblemOptions } from "./http/http-problem.ts";
import { runScope } from "./http/run-scope.ts";
import type { ScopeOptions } from "./http/scope-options.ts";
import type { ScopeRequest } from "./http/scope-request.ts";
import type { TenantSource } from "./http/tenant-source.ts";
import type { AnyTables, Session } from "./session.ts";

export type { ScopeOptions };

const sessions = new WeakMap<Context, object>();

/**
 * Opens the scope of a request before its handler and ends it when the answer is sent to its end, its client is gone, or what proved the
 * caller has expired. Handlers that throw are answered by `app.onError`: give it {@link problems}. Put it before everything that
 * a tenant's request goes through.
 */
export function scoped(options: ScopeOptions): MiddlewareHandler {
  return async (c, next) => {
    let caller: Caller;
    try {
      caller = await admit(options, requestOf(c));
    } catch (error) {
      return answer(httpProblem(error), options.tenant);
    }
    for (const name of conditionals) c.req.raw.headers.delete(name);
    let entered = false;
    const answered = Promise.withResolvers<void>();
    const scope = runScope(options.wardline, caller, async (session, expired) => {
      entered = true;
      sessions.set(c, session);
      try {
        await next();
        const sent = Promise.withResolvers<void>();
        onClose(c, sent.resolve);
        guard(c, options.tenant, sent.resolve);
        answered.resolve();
        await Promise.race([sent.promise, expired]);
      } finally {
        sessions.delete(c);
      }
    });
    scope.then(answered.resolve, answered.reject);
    try {
      await answered.promise;
      return undefined;
    } catch (error) {
      if (entered) throw error;
      return answer(httpProblem(error), options.tenant);
    }
  };
}

/** The session of the request's scope. Throws where there is none. */
export function sessionOf<Tables = AnyTables>(c: Context): Session<Tables> {
  const session = sessions.get(c);
  if (session === undefined) throw new Error("this request has no scope: put `scoped` before its handler");
  return session as Session<Tables>;
}

/** For `app.onError`: errors of ours as problems (RFC 9457), and others as `otherwise` answers them. */
export function problems(
  otherwise: (error: Error, c: Context) => Response | Promise<Response> = answerOther,
  options: ProblemOptions = {},
): (error: Error, c: Context) => Response | Promise<Response> {
  return (error, c) => {
    const found = wardlineProblem(error, options);
    return found === undefined ? otherwise(error, c) : plain(found);
  };
}

/** An error that has an answer of its own gives it; another is a warning of the process, and nothing for the client. */
function answerOther(error: Error): Response {
  if ("getResponse" in error && typeof error.getResponse === "function") {
    const own: unknown = error.getResponse();
    if (own instanceof Response) return own;
  }
  process.emitWarning(error);
  return plain(httpProblem(error));
}

const plain = ({ status, headers, body }: HttpProblem): Response =>
  new Response(JSON.stringify(body), { status, headers: { ...headers } });

function answer(problem: HttpProblem, source: TenantSource): Response {
  const response = plain(problem);
  response.headers.set("vary", varyOf(source, ""));
  return response;
}

function requestOf(c: Context): ScopeRequest {
  const url = new URL(c.req.url);
  const header = (name: string): string | undefined => c.req.raw.headers.get(name) ?? undefined;
  return { method: c.req.raw.method, host: header("host") ?? url.host, path: url.pathname, header };
}

/** Where a server of Node is beneath, its connection says that the answer is over, sent or not. */
function onClose(c: Context, done: () => void): void {
  const { outgoing } = (c.env ?? {}) as { outgoing?: NodeJS.EventEmitter & { readonly closed?: boolean } };
  if (outgoing?.closed === true) done();
  else outgoing?.once("close", done);
}

/** Replaces the answer by one that caches keep nothing of, and whose end calls `done`. */
function guard(c: Context, source: TenantSource, done: () => void): void {
  const given = c.res;
  const headers = new Headers(given.headers);
  for (const name of given.headers.keys()) if (isDropped(name)) headers.delete(name);
  headers.set("cache-control", cacheControl);
  headers.set("vary", varyOf(source, headers.get("vary") ?? ""));
  const body = watched(given.body, done);
  // Hono would put the old headers back.
  c.res = undefined;
  c.res = new Response(body, { status: given.status, statusText: given.statusText, headers });
  // Its body is thrown away unread.
  if (c.req.raw.method === "HEAD") done();
}

/** The same bytes; what makes them runs in the scope, and `done` is called when they end, fail or are not wanted any more. */
function watched(
  body: ReadableStream<Uint8Array> | null,
  done: () => void,
): ReadableStream<Uint8Array> | null {
  if (body === null) {
    done();
    return null;
  }
  const inside = AsyncLocalStorage.snapshot();
  const reader = body.getReader();
  return new ReadableStream<Uint8Array>(
    {
      pull: (controller) =>
        inside(async () => {
          try {
            const { done: last, value } = await reader.read();
            if (!last) return controller.enqueue(value);
            controller.close();
          } catch (error) {
            controller.error(error);
          }
          done();
        }),
      cancel: (reason) => {
        done();
        return inside(() => reader.cancel(reason));
      },
    },
    { highWaterMark: 0 },
  );
}
