/** A signer that signs and delivers without a pause, until it is killed. Its end of the talk: a line once it has the folder. */
import { connect } from "@wardline/database-testing";
import { deliver } from "../src/audit/anchors/deliver.ts";
import { fileAnchor } from "../src/audit/anchors/file-anchor.ts";
import { httpAnchor } from "../src/audit/anchors/http-anchor.ts";
import { readNoteSigner } from "../src/audit/checkpoint/note-key-file.ts";
import { AuditSigner } from "../src/audit/signer/audit-signer.ts";
import type { SqlSession } from "../src/contracts.ts";

export interface ChildOptions {
  readonly server: Parameters<typeof connect>[0];
  readonly folder: string;
  readonly key: string;
  readonly file: string;
  readonly url: string;
}

const { server, folder, key: keyFile, file, url } = JSON.parse(process.argv[2] as string) as ChildOptions;
const key = readNoteSigner(keyFile);
const connection = await connect(server);
const session: SqlSession = {
  query: async (sql, parameters) => ({
    rows: (await connection.query(sql, [...parameters])).rows,
    affected: 0,
  }),
};
// All that takes long is done: what is killed from here on is the work.
await new Promise((go) => process.stdin.once("data", go));
const anchors = [fileAnchor(file), httpAnchor({ url })];
const signer = await AuditSigner.open({ folder, key, recheck: 3 });
process.stdout.write("signing\n");
for (;;) {
  await signer.sign(session, Date.now());
  for (const anchor of anchors) {
    const { error } = await deliver({ folder, log: key.name, anchor, tries: 1 });
    if (error !== null) throw error;
  }
}
