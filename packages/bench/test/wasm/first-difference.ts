/** Modules in the hands of OPA's unmodified SDK, and of our own host, against the oracle, on generated cases of the whole language. */
import { compileWasm, loadWasmPolicy } from "@wardline/backends";
import { evaluate } from "@wardline/core";
import { generateCase, generateRequests, type Extent } from "@wardline/core/testing";
import * as sdk from "@open-policy-agent/opa-wasm";
import { isDeepStrictEqual } from "node:util";
import { compileCase } from "../../src/agree/compile-case.ts";

// The SDK's types name no default export, which is where its module keeps `loadPolicySync`.
const opa = (sdk as unknown as { readonly default: typeof sdk }).default;

export interface Seen {
  /** How often each reason or outcome was answered. */
  readonly answers: Map<string, number>;
  /** How often an answer had these: types of obligations, kinds of masks, `alternatives`, `retry_after`. */
  readonly parts: Map<string, number>;
  policies: number;
}

export const newSeen = (): Seen => ({ answers: new Map(), parts: new Map(), policies: 0 });

/** Asks `requests` questions of each of `count` policies; the first that is answered otherwise than by the oracle. */
export function firstDifference(
  from: number,
  count: number,
  requests: number,
  seen: Seen,
  extent: Extent = "rules",
): unknown {
  for (let seed = from; seed < from + count; seed += 1) {
    const made = generateCase(seed, "whole", extent);
    const { program, findings } = compileCase(made);
    const errors = findings.filter((found) => found.severity === "error");
    // A policy that asks too much is refused whole.
    if (errors.length > 0 && errors.every((found) => found.code.startsWith("limit/"))) continue;
    if (program === null) return { seed, errors };
    const module = compileWasm(program);
    const policy = opa.loadPolicySync(module);
    const host = loadWasmPolicy(module);
    const answer = (input: ArrayBuffer, entrypoint: string): unknown =>
      (policy.evaluate(input, entrypoint) as readonly { readonly result: unknown }[])[0]?.result;
    seen.policies += 1;
    for (const { request, damage } of generateRequests(made, program, requests)) {
      const text = JSON.stringify(request);
      const wanted: unknown = JSON.parse(JSON.stringify(evaluate(program, JSON.parse(text))));
      const bytes = bytesOf(text);
      const decision = answer(bytes, "wardline/decision");
      const allow = answer(bytes, "wardline/allow");
      const own = JSON.stringify(host.decide(new Uint8Array(bytes)));
      const ownAllow = host.allows(new Uint8Array(bytes));
      const ofObject = JSON.stringify(host.decideObject(request));
      const allowOfObject = host.allowsObject(request);
      tally(seen, wanted as ReturnType<typeof evaluate>);
      const isPermit = (wanted as { readonly outcome: unknown }).outcome === "permit";
      const same =
        isDeepStrictEqual(decision, wanted) &&
        isDeepStrictEqual(JSON.parse(own), wanted) &&
        allow === isPermit;
      if (!same || ownAllow !== isPermit || ofObject !== own || allowOfObject !== isPermit)
        return {
          seed,
          decision,
          allow,
          own,
          ownAllow,
          ofObject,
          allowOfObject,
          wanted,
          damage,
          text,
          policy: [made.platform.text, made.policy.text],
        };
    }
  }
  return undefined;
}

function tally(seen: Seen, decision: ReturnType<typeof evaluate>): void {
  const add = (counts: Map<string, number>, key: string) => counts.set(key, (counts.get(key) ?? 0) + 1);
  add(seen.answers, decision.reason ?? decision.outcome);
  for (const obligation of decision.obligations) {
    add(seen.parts, obligation.type);
    if (obligation.type === "mask") add(seen.parts, obligation.mask.kind);
  }
  if (decision.alternatives !== undefined) add(seen.parts, "alternatives");
  if (decision.retry_after !== undefined) add(seen.parts, "retry_after");
}

function bytesOf(text: string): ArrayBuffer {
  const bytes = new TextEncoder().encode(text);
  return bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength);
}
