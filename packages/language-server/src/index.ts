export * from "./cards/card.ts";
export * from "./workspace/snapshot.ts";
export * from "./protocol/requests.ts";
export { startServer, type SourceFor } from "./server/start-server.ts";
export type { Feature, ServerContext } from "./server/feature.ts";
export type { ProjectSource, ReadText } from "./workspace/project-source.ts";
export { givenFolder, type GivenFiles } from "./worker/given-source.ts";
