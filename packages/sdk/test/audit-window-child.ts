/** An application with a window that reads without a pause until it is killed, and says a line for each result that it got. */
import { writeSync } from "node:fs";
import { localKeys, Wardline, type OpenOptions } from "../src/index.ts";
import { postgres, type PostgresOptions } from "../src/postgres/index.ts";

export interface WindowChildOptions {
  readonly reach: PostgresOptions;
  readonly bundles: string;
  readonly keysFile: string;
  readonly contextKey: { readonly id: number; readonly secret: string };
  readonly auditWindow: NonNullable<OpenOptions["auditWindow"]>;
  readonly branch: string;
}

const given = JSON.parse(process.argv[2] as string) as WindowChildOptions;
const { reach, bundles, keysFile, auditWindow, branch } = given;
const secret = new Uint8Array(Buffer.from(given.contextKey.secret, "hex"));
const wardline = await Wardline.open({
  bundles,
  trust: "unsigned-development",
  database: postgres({ ...reach, pool: { max: 2 } }),
  keys: localKeys(keysFile),
  contextKey: { id: given.contextKey.id, secret },
  auditWindow,
});
const { db } = wardline.tenant("north", { lends: true }).as<{ readonly books: { readonly title: string } }>({
  type: "Member",
  id: `p${process.pid}`,
  roles: ["reader"],
  in: [branch],
});
await new Promise((go) => process.stdin.once("data", go));
for (;;) {
  const rows = await db.selectFrom("books").select("title").execute();
  writeSync(1, `${rows.length}\n`);
}
