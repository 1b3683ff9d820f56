/** Another process of the same application: goes on with a continuation once it is told to, and says how that ended. */
import { writeSync } from "node:fs";
import { localKeys, Wardline } from "@wardline/sdk";
import { postgres, type PostgresOptions } from "@wardline/sdk/postgres";

export interface ChallengeChildOptions {
  readonly reach: PostgresOptions;
  readonly bundles: string;
  readonly keysFile: string;
  readonly contextKey: { readonly id: number; readonly secret: string };
  readonly principal: { readonly type: string; readonly id: string; readonly roles: readonly string[] };
  readonly context: Readonly<Record<string, boolean | number>>;
  readonly continuation: string;
}

const given = JSON.parse(process.argv[2] as string) as ChallengeChildOptions;
const { reach, bundles, keysFile, contextKey, principal, context, continuation } = given;
const database = postgres({ ...reach, pool: { max: 2 } });
const wardline = await Wardline.open({
  bundles,
  trust: "unsigned-development",
  database,
  keys: localKeys(keysFile),
  contextKey: { id: contextKey.id, secret: new Uint8Array(Buffer.from(contextKey.secret, "hex")) },
});
const session = wardline.tenant("north").as({ ...principal, attributes: { level: 1 } }, context);
writeSync(1, "ready\n");
await new Promise((go) => process.stdin.once("data", go));
const ended = await session.resume(continuation).then(
  () => "done",
  (error: unknown) => String((error as { code?: string }).code ?? error),
);
writeSync(1, `${ended}\n`);
process.stdin.destroy();
await wardline.close();
await database.close();
