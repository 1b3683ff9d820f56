/** Cedar's own engine as wasm, with its policies parsed beforehand. Entities are handed over with each question. */
import {
  preparsePolicySet,
  statefulIsAuthorized,
  type EntityJson,
  type StatefulAuthorizationCall,
  type TypeAndId,
} from "@cedar-policy/cedar-wasm/nodejs";

export type CedarCall = Omit<StatefulAuthorizationCall, "preparsedPolicySetId" | "context">;
export type { EntityJson, TypeAndId };

export const uid = (type: string, id: string): TypeAndId => ({ type, id });

export function entity(
  type: string,
  id: string,
  attrs: EntityJson["attrs"],
  parents: readonly TypeAndId[],
): EntityJson {
  return { uid: uid(type, id), attrs, parents: [...parents] };
}

/** Parses policies under a name that is used once; gives the way to ask them. Throws on an error, also in a decision. */
export function parseCedar(name: string, policies: string): (call: CedarCall) => boolean {
  const parsed = preparsePolicySet(name, { staticPolicies: policies });
  if (parsed.type === "failure") throw new Error(parsed.errors.map((error) => error.message).join("\n"));
  return (call) => {
    const answer = statefulIsAuthorized({ ...call, context: {}, preparsedPolicySetId: name });
    if (answer.type === "failure") throw new Error(answer.errors.map((error) => error.message).join("\n"));
    return answer.response.decision === "allow";
  };
}
