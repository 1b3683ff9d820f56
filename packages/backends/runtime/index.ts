// The runtime of a policy in WebAssembly: what the linker joins with a policy's own functions and data.
export * from "./abi";
export { answer, deny, forbidden } from "./answer";
export { anyForbid, anyGrant, begin, enter, forbid, grant, isOpen, require, unmet } from "./found";
export { inNetworks } from "./ip";
export { endsWith, hasText, hasValue, includes, inNumbers, inValues, related, sameText, startsWith } from "./search";
export { readSlots } from "./slots";
