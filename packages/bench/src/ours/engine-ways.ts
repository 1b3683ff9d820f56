/**
 * The ways of our own engines from a request document to a decision, whole: outcome, determining rules, obligations. One says
 * only yes or no, as the peers do.
 */
import {
  compileClosures,
  compileWasm,
  loadWasmPolicy,
  type ListedRow,
  type Session,
} from "@wardline/backends";
import { evaluate, type Program, type RequestDocument } from "@wardline/core";
import { loadModule } from "../peers/opa-module.ts";
import type { Way } from "../work.ts";

export function engineWays(program: Program, requests: readonly RequestDocument[]): readonly Way[] {
  return [
    way("Wardline closures, whole decision", () => {
      const engine = compileClosures(program);
      return (n) => engine.decide(requests[n]).outcome === "permit";
    }),
    way("Wardline closures, yes or no", () => {
      const engine = compileClosures(program);
      return (n) => engine.allows(requests[n]);
    }),
    way("Wardline session, whole decision", () => {
      const questions = sessionsOf(program, requests);
      return (n) => {
        const { session, action, type, row } = questions[n] as SessionQuestion;
        return session.decide(action, type, row).outcome === "permit";
      };
    }),
    way("Wardline session, yes or no", () => {
      const questions = sessionsOf(program, requests);
      return (n) => {
        const { session, action, type, row } = questions[n] as SessionQuestion;
        return session.allows(action, type, row);
      };
    }),
    way("Wardline wasm by the thin host, bytes", () => {
      const policy = loadWasmPolicy(compileWasm(program));
      const inputs = requests.map(bytesOf);
      return (n) => policy.decide(inputs[n] as Uint8Array).outcome === "permit";
    }),
    way("Wardline wasm by the thin host, bytes, yes or no", () => {
      const policy = loadWasmPolicy(compileWasm(program));
      const inputs = requests.map(bytesOf);
      return (n) => policy.allows(inputs[n] as Uint8Array);
    }),
    way("Wardline wasm by the thin host, object", () => {
      const policy = loadWasmPolicy(compileWasm(program));
      return (n) => policy.decideObject(requests[n]).outcome === "permit";
    }),
    way("Wardline wasm by the thin host, object, yes or no", () => {
      const policy = loadWasmPolicy(compileWasm(program));
      return (n) => policy.allowsObject(requests[n]);
    }),
    way("Wardline wasm by OPA's SDK, bytes", () => wasm(program, requests.map(encode))),
    way("Wardline wasm by OPA's SDK, object", () => wasm(program, requests)),
    way("Wardline oracle", () => (n) => evaluate(program, requests[n]).outcome === "permit"),
  ];
}

function way(name: string, make: () => Way["ask"]): Way {
  return { name, ask: make() };
}

interface SessionQuestion {
  readonly session: Session;
  readonly action: string;
  readonly type: string;
  readonly row: ListedRow;
}

/** A session for each asker, and rows as they are. The workloads only read. */
function sessionsOf(program: Program, requests: readonly RequestDocument[]): readonly SessionQuestion[] {
  const engine = compileClosures(program);
  const sessions = new Map<string, Session>();
  const sessionOf = (request: RequestDocument): Session => {
    const { tenant, principal, context, relations, ancestors, references } = request;
    // What stands above the asker is its own; what stands above a row comes with the row.
    const above = ofPrincipal(ancestors);
    const behind = ofPrincipal(references);
    const known = {
      tenant,
      principal,
      ...(context && { context }),
      ...(relations && { relations }),
      ...(above && { ancestors: above }),
      ...(behind && { references: behind }),
    };
    const name = JSON.stringify(known);
    const session = sessions.get(name) ?? engine.session(known);
    sessions.set(name, session);
    return session;
  };
  return requests.map((request) => {
    const { action, resource, ancestors, references } = request;
    const { type, id = "", tenant = "", attributes = {} } = resource;
    const row: ListedRow = {
      id,
      tenant,
      attributes,
      ...(ancestors && { ancestors }),
      ...(references && { references }),
    };
    return { session: sessionOf(request), action: action.name, type, row };
  });
}

function ofPrincipal<T>(paths: Readonly<Record<string, T>> | undefined) {
  return (
    paths && Object.fromEntries(Object.entries(paths).filter(([path]) => path.split(".")[0] === "principal"))
  );
}

function wasm(program: Program, inputs: readonly unknown[]): Way["ask"] {
  const module = loadModule(compileWasm(program));
  return (n) =>
    (module.evaluate(inputs[n])[0] as { result: { outcome: string } }).result.outcome === "permit";
}

const bytesOf = (request: RequestDocument) => new TextEncoder().encode(JSON.stringify(request));

/** The SDK takes only an ArrayBuffer for bytes. */
const encode = (request: RequestDocument) => bytesOf(request).buffer;
