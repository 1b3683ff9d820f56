// The runtime of a policy in WebAssembly: what the linker joins with a policy's own functions and data.
export * from "./abi";
export { answer, deny, forbidden } from "./answer";
export { anyForbid, enter, forbid, grant, isOpen, noGrant, require, unmet } from "./found";
export { unpack } from "./host";
export { inNetworks } from "./ip";
export { endsWith, hasText, hasValue, includes, inNumbers, inValues, related, sameText, startsWith } from "./search";
// Exported so that the linker can leave them out of a module whose policy has no need of them.
export { challenge, limited } from "./answer";
export { readIp } from "./ip";
export { markOf } from "./masks";
export { readDate, readDecimal, readInstant, readInteger, readTime } from "./number";
export { isUuid, readItems, readPair } from "./slots";
