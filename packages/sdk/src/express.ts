/** Middleware for Express: each request in the scope of its own principal, until its answer is sent. Needs the package `express`. */
import type { IncomingMessage, ServerResponse } from "node:http";
import { admit, type Caller } from "./http/admit.ts";
import { httpProblem, wardlineProblem, type ProblemOptions } from "./http/http-problem.ts";
import { guardAnswer, isOver, requestOf, sendProblem } from "./http/node-request.ts";
import { runScope } from "./http/run-scope.ts";
import type { ScopeOptions } from "./http/scope-options.ts";
import { tenantFromEvidence } from "./http/tenant-source.ts";
import type { AnyTables, Session } from "./session.ts";

export type { ScopeOptions };

type Next = (error?: unknown) => void;

const sessions = new WeakMap<IncomingMessage, object>();

/**
 * Opens the scope of a request before its handlers and ends it when the answer is sent to its end, its client is gone, or what proved the
 * caller has expired. Errors of handlers go on to `app.use(problems())`, behind all routes. Put it before everything that a tenant's
 * request goes through, parsers of bodies too.
 */
export function scoped(
  options: ScopeOptions,
): (request: IncomingMessage, response: ServerResponse, next: Next) => void {
  return (request, response, next) => {
    const refuse = (error: unknown): void => sendProblem(response, httpProblem(error), options.tenant);
    const open = async (caller: Caller): Promise<void> => {
      let entered = false;
      try {
        await runScope(options.wardline, caller, async (session) => {
          entered = true;
          guardAnswer(request, response, options.tenant);
          sessions.set(request, session);
          next();
          // It stays open for a handler of errors, too, and for what is streamed.
          await isOver(response);
        });
      } catch (error) {
        if (entered) next(error);
        else refuse(error);
      } finally {
        sessions.delete(request);
      }
    };
    void admit(options, requestOf(request)).then(open, refuse);
  };
}

/** The session of the request's scope. Throws where there is none. */
export function sessionOf<Tables = AnyTables>(request: IncomingMessage): Session<Tables> {
  const session = sessions.get(request);
  if (session === undefined) throw new Error("this request has no scope: put `scoped` before its handler");
  return session as Session<Tables>;
}

/** For `app.use`, behind all routes: errors of ours as problems (RFC 9457); others go on to the next handler of errors. */
export function problems(
  options: ProblemOptions = {},
): (error: unknown, request: IncomingMessage, response: ServerResponse, next: Next) => void {
  // Express knows a handler of errors by its four parameters.
  return (error, _request, response, next) => {
    const found = wardlineProblem(error, options);
    if (found === undefined || response.headersSent) next(error);
    else sendProblem(response, found, tenantFromEvidence);
  };
}
