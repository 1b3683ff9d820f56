/** The contract of the data path, kept by each library that docs/adapters.md says is carried; and why another is not. */
import { contract } from "./contract.ts";
import { drizzleCache } from "./drizzle-cache.ts";
import { drizzlePath } from "./drizzle-path.ts";
import { kyselyAdapter } from "./kysely-path.ts";
import { pgClient } from "./pg-client.ts";
import { rawPgAdapter } from "./pg-path.ts";
import { prismaRefused } from "./prisma-path.ts";

contract([kyselyAdapter, rawPgAdapter, drizzlePath], (parts) => {
  pgClient(parts);
  drizzleCache(parts);
  prismaRefused(parts);
});
