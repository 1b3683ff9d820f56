/** A plugin for Fastify: each request in the scope of its own principal, until its answer is sent. Needs the package `fastify`. */
import { AsyncLocalStorage } from "node:async_hooks";
import type { FastifyPluginCallback, FastifyReply, FastifyRequest } from "fastify";
import { admit, type Caller } from "./http/admit.ts";
import { httpProblem, wardlineProblem, type HttpProblem, type ProblemOptions } from "./http/http-problem.ts";
import { guardAnswer, isOver, requestOf } from "./http/node-request.ts";
import { runScope } from "./http/run-scope.ts";
import type { ScopeOptions } from "./http/scope-options.ts";
import type { AnyTables, Session } from "./session.ts";

export type { ScopeOptions };

interface Open {
  readonly session: object;
  /** Runs something in the scope, wherever it is called. */
  readonly inside: (work: () => void) => void;
}

const scopes = new WeakMap<FastifyRequest["raw"], Open>();

/**
 * `app.register(scoped(options))` opens the scope of a request before its handler and ends it when the answer is sent to its end, its client
 * is gone, or what proved the caller has expired. It holds for the instance that it is registered on and those in it; register it before routes. Errors of
 * handlers are answered by `app.setErrorHandler(problems())`.
 */
export function scoped(options: ScopeOptions): FastifyPluginCallback {
  const plugin: FastifyPluginCallback = (app, _options, registered) => {
    app.addHook("onRequest", (request, reply, done) => {
      const refuse = (error: unknown): void => {
        guardAnswer(request.raw, reply.raw, options.tenant);
        void answer(reply, httpProblem(error));
      };
      const open = async (caller: Caller): Promise<void> => {
        let entered = false;
        try {
          await runScope(options.wardline, caller, async (session) => {
            entered = true;
            guardAnswer(request.raw, reply.raw, options.tenant);
            scopes.set(request.raw, { session, inside: AsyncLocalStorage.snapshot() });
            done();
            await isOver(reply.raw);
          });
        } catch (error) {
          if (!entered) refuse(error);
        } finally {
          scopes.delete(request.raw);
        }
      };
      void admit(options, requestOf(request.raw)).then(open, refuse);
    });
    // A body is read by events of its connection, which know of no scope.
    app.addHook("preValidation", (request, _reply, done) => {
      const scope = scopes.get(request.raw);
      if (scope === undefined) done();
      else scope.inside(done);
    });
    registered();
  };
  // For the instance itself, and not for a child of it that has no routes.
  return Object.assign(plugin, { [Symbol.for("skip-override")]: true });
}

/** The session of the request's scope. Throws where there is none. */
export function sessionOf<Tables = AnyTables>(request: FastifyRequest): Session<Tables> {
  const scope = scopes.get(request.raw);
  if (scope === undefined) throw new Error("this request has no scope: register `scoped` before its route");
  return scope.session as Session<Tables>;
}

/** For `app.setErrorHandler`: errors of ours as problems (RFC 9457), and others as `otherwise` answers them. */
export function problems(
  otherwise: (error: unknown, request: FastifyRequest, reply: FastifyReply) => unknown = answerOther,
  options: ProblemOptions = {},
): (error: unknown, request: FastifyRequest, reply: FastifyReply) => unknown {
  return (error, request, reply) => {
    const found = wardlineProblem(error, options);
    return found === undefined ? otherwise(error, request, reply) : answer(reply, found);
  };
}

/** A mistake of the client is the framework's to answer; what failed here is for the log, and not for the client. */
function answerOther(error: unknown, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const { statusCode } = (error ?? {}) as { readonly statusCode?: unknown };
  if (typeof statusCode === "number" && statusCode < 500) return reply.send(error);
  request.log.error(error);
  return answer(reply, httpProblem(error));
}

const answer = (reply: FastifyReply, { status, headers, body }: HttpProblem): FastifyReply =>
  reply
    .code(status)
    .headers({ ...headers })
    .send(JSON.stringify(body));
