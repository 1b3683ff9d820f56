/**
 * B6: sealing and opening a cell of 32 bytes and of 1 KB, beside raw AES-256-GCM written by hand, `@47ng/cloak`, and the AWS
 * Encryption SDK with a key in memory and its cache of materials.
 */
import { createCipheriv, createDecipheriv, createSecretKey, randomBytes, randomFillSync } from "node:crypto";
import {
  buildClient,
  CommitmentPolicy,
  getLocalCryptographicMaterialsCache,
  NodeCachingMaterialsManager,
  RawAesKeyringNode,
  RawAesWrappingSuiteIdentifier,
} from "@aws-crypto/client-node";
import cloak from "@47ng/cloak";
import { createSealer, deriveTenantKeys, type KekVersions } from "@wardline/isolation";
import { measureWaiting } from "../measure-waiting.ts";
import { measure, type Alternative } from "../measure.ts";
import { timedReport, type Report } from "../report.ts";

/** One way to make a message of a text, and a text of a message. */
interface Way<Message> {
  readonly name: string;
  readonly seal: (text: string) => Message;
  readonly open: (message: Message) => string;
  readonly bytes: (message: Message) => number;
}

const sizes = [32, 1024];

/** What of a way can be timed, whatever its messages are. */
interface Timed {
  readonly name: string;
  readonly added: number;
  readonly sealing: Alternative;
  readonly opening: Alternative;
}

export async function runB6(): Promise<readonly Report[]> {
  const reports: Report[] = [];
  const added: string[][] = [];
  for (const size of sizes) {
    const text = randomBytes(size / 2).toString("hex");
    const raw = rawWay();
    const ways = [timed(raw, text), timed(ourWay(), text), timed(cloakWay(), text)];
    const aws = awsWay();
    const message = await aws.seal(text);
    if ((await aws.open(message)) !== text)
      throw new Error("the AWS Encryption SDK does not open what it sealed");
    added.push([String(size), ...ways.map((way) => String(way.added)), String(message.length - size)]);
    reports.push(
      timedReport(`B6: seal ${size} bytes`, measure(ways.map((way) => way.sealing))),
      timedReport(`B6: open ${size} bytes`, measure(ways.map((way) => way.opening))),
    );
    const rounds = { rounds: 21, questions: 40 };
    const made = raw.seal(text);
    reports.push(
      timedReport(
        `B6: seal ${size} bytes, with a promise`,
        await measureWaiting(
          [
            { name: raw.name, ask: async () => raw.seal(text) },
            { name: aws.name, ask: () => aws.seal(text) },
          ],
          rounds,
        ),
      ),
      timedReport(
        `B6: open ${size} bytes, with a promise`,
        await measureWaiting(
          [
            { name: raw.name, ask: async () => raw.open(made) },
            { name: aws.name, ask: () => aws.open(message) },
          ],
          rounds,
        ),
      ),
    );
  }
  const heads = ["bytes of text", "raw AES-256-GCM", "wardline", "cloak", "AWS Encryption SDK"];
  return [...reports, { title: "B6: bytes added", heads, rows: added, leftOut: [], figures: added }];
}

/** Throws where a message does not open to its text. */
function timed<Message>(way: Way<Message>, text: string): Timed {
  const message = way.seal(text);
  if (way.open(message) !== text) throw new Error(`${way.name} does not open what it sealed`);
  return {
    name: way.name,
    added: way.bytes(message) - Buffer.byteLength(text),
    sealing: sealing(way, text),
    opening: opening(way, text),
  };
}

function sealing<Message>({ name, seal, bytes }: Way<Message>, text: string): Alternative {
  return {
    name,
    run: (_: number, count: number): number => {
      let kept = 0;
      for (let n = 0; n < count; n += 1) kept += bytes(seal(text));
      return kept;
    },
  };
}

function opening<Message>({ name, seal, open }: Way<Message>, text: string): Alternative {
  const messages = Array.from({ length: 64 }, () => seal(text));
  return {
    name,
    run: (start: number, count: number): number => {
      let kept = 0;
      for (let n = 0; n < count; n += 1) kept += open(messages[(start + n) % 64] as Message).length;
      return kept;
    },
  };
}

/** What one would write by hand: a random nonce of a pool, no context, no commitment; bytes out. */
function rawWay(): Way<Buffer> {
  const key = createSecretKey(randomBytes(32));
  const pool = Buffer.alloc(8184);
  let used = pool.length;
  return {
    name: "raw AES-256-GCM",
    seal(text) {
      if (used === pool.length) {
        randomFillSync(pool);
        used = 0;
      }
      const nonce = pool.subarray(used, (used += 12));
      const cipher = createCipheriv("aes-256-gcm", key, nonce);
      return Buffer.concat([nonce, cipher.update(text, "utf8"), cipher.final(), cipher.getAuthTag()]);
    },
    open(message) {
      const decipher = createDecipheriv("aes-256-gcm", key, message.subarray(0, 12), { authTagLength: 16 });
      decipher.setAuthTag(message.subarray(-16));
      return decipher.update(message.subarray(12, -16), undefined, "utf8") + decipher.final("utf8");
    },
    bytes: (message) => message.length,
  };
}

/** As the driver does it: hex, the place bound, the salt hedged, the key committed to. */
function ourWay(): Way<string> {
  const one = (): KekVersions => ({ current: 1, keks: new Map([[1, createSecretKey(randomBytes(32))]]) });
  const keys = deriveTenantKeys({ seal: one(), index: one(), mask: one() });
  const sealer = createSealer("north", () => keys);
  const cell = { table: "records", column: "remark", row: "0190a0b0-0000-7000-8000-000000000001" };
  return {
    name: "wardline",
    seal: (text) => sealer.seal(cell, text),
    open: (message) => sealer.open(cell, message),
    bytes: (message) => message.length / 2,
  };
}

function cloakWay(): Way<string> {
  const key = cloak.parseKeySync(cloak.generateKey());
  return {
    name: "@47ng/cloak",
    seal: (text) => cloak.encryptStringSync(text, key),
    open: (message) => cloak.decryptStringSync(message, key),
    bytes: (message) => message.length,
  };
}

function awsWay() {
  const { encrypt, decrypt } = buildClient(CommitmentPolicy.REQUIRE_ENCRYPT_REQUIRE_DECRYPT);
  const keyring = new RawAesKeyringNode({
    keyName: "north",
    keyNamespace: "bench",
    unencryptedMasterKey: new Uint8Array(randomBytes(32)),
    wrappingSuite: RawAesWrappingSuiteIdentifier.AES256_GCM_IV12_TAG16_NO_PADDING,
  });
  const manager = new NodeCachingMaterialsManager({
    backingMaterials: keyring,
    cache: getLocalCryptographicMaterialsCache(100),
    maxAge: 600_000,
  });
  const encryptionContext = {
    tenant: "north",
    place: "records.remark",
    row: "0190a0b0-0000-7000-8000-000000000001",
  };
  return {
    name: "AWS Encryption SDK, cached materials",
    seal: async (text: string): Promise<Buffer> =>
      (await encrypt(manager, text, { encryptionContext, plaintextLength: Buffer.byteLength(text) })).result,
    open: async (message: Buffer): Promise<string> =>
      (await decrypt(manager, message)).plaintext.toString("utf8"),
  };
}
