export * from "./cards/card.ts";
export * from "./workspace/snapshot.ts";
