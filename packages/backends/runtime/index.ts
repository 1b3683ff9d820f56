// The runtime of a policy in WebAssembly: what the linker joins with a policy's own functions and data.
export * from "./abi";
export { anyFound, begin, bind, challenge, deny, endPass, forbidden, grant, hit, permit, startPass } from "./answer";
export { inNetworks } from "./ip";
export { endsWith, hasText, hasValue, includes, inNumbers, inValues, related, sameText, startsWith } from "./search";
export { readSlots } from "./slots";
