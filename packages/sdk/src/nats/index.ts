/** Bundles in a key-value bucket of NATS JetStream. Needs `@nats-io/kv`, `@nats-io/jetstream` and `@nats-io/transport-node` beside this one. */
export { connectNats, type NatsAddress } from "./connect-nats.ts";
export { natsSubject, natsToken } from "./nats-name.ts";
export { natsSource, type NatsSourceOptions } from "./nats-source.ts";
export { natsTarget, type NatsTargetOptions } from "./nats-target.ts";
