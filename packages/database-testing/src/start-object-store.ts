/**
 * A loopback server that speaks as much of S3 as putting and getting an object takes. It checks each request's signature by the written
 * rules, on its own, and can be told to throttle, to fail, to stay silent or to cut.
 */
import { createHmac, createHash } from "node:crypto";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

export interface StoredObject {
  readonly body: Buffer;
  readonly headers: Readonly<Record<string, string>>;
}

/**
 * What the next requests meet, one each: an answer of this status, with seconds to wait if they are given; silence; a cut before the
 * request is carried out; or one after that, before its answer.
 */
export type Trouble =
  | { readonly status: number; readonly retryAfter?: number }
  | "silence"
  | "cut-before"
  | "cut-after";

export interface ObjectStore {
  readonly url: string;
  readonly objects: Map<string, StoredObject>;
  readonly troubles: Trouble[];
  /** One line a request: its method, its path and the answer's status. */
  readonly requests: string[];
  readonly stop: () => Promise<void>;
}

export async function startObjectStore(
  credentials: { readonly accessKeyId: string; readonly secretAccessKey: string },
  region: string,
): Promise<ObjectStore> {
  const objects = new Map<string, StoredObject>();
  const troubles: Trouble[] = [];
  const requests: string[] = [];

  function carryOut(request: IncomingMessage, body: Buffer): readonly [status: number, body: Buffer] {
    const path = request.url ?? "";
    if (!isSigned(request, body, credentials, region)) return [403, Buffer.from("SignatureDoesNotMatch")];
    const there = objects.get(path);
    if (request.method === "GET") return there === undefined ? [404, Buffer.alloc(0)] : [200, there.body];
    if (request.method !== "PUT") return [405, Buffer.alloc(0)];
    if (request.headers["if-none-match"] === "*" && there !== undefined) return [412, Buffer.alloc(0)];
    const checksum = request.headers["x-amz-checksum-sha256"];
    if (checksum !== undefined && checksum !== createHash("sha256").update(body).digest("base64"))
      return [400, Buffer.from("BadDigest")];
    // A lock without a checksum is refused, as S3 does.
    if (request.headers["x-amz-object-lock-mode"] !== undefined && checksum === undefined)
      return [400, Buffer.from("InvalidRequest")];
    const headers = Object.fromEntries(
      Object.entries(request.headers).map(([name, value]) => [name, String(value)]),
    );
    objects.set(path, { body, headers });
    return [200, Buffer.alloc(0)];
  }

  function answer(request: IncomingMessage, response: ServerResponse, body: Buffer): void {
    const trouble = troubles.shift();
    const say = (status: number, text: Buffer, headers: Record<string, string> = {}): void => {
      requests.push(`${request.method} ${request.url} ${status}`);
      response.writeHead(status, headers);
      response.end(text);
    };
    if (trouble === "silence") return;
    if (trouble === "cut-before") {
      request.socket.destroy();
      return;
    }
    if (typeof trouble === "object") {
      const { status, retryAfter } = trouble;
      say(status, Buffer.alloc(0), retryAfter === undefined ? {} : { "retry-after": String(retryAfter) });
      return;
    }
    const [status, text] = carryOut(request, body);
    if (trouble === "cut-after") request.socket.destroy();
    else say(status, text);
  }

  const server: Server = createServer((request, response) => {
    const parts: Buffer[] = [];
    request.on("data", (part: Buffer) => parts.push(part));
    request.once("end", () => answer(request, response, Buffer.concat(parts)));
    request.once("error", () => undefined);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    objects,
    troubles,
    requests,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** Whether the request is signed by these credentials, for this region, within a quarter of an hour, over all that must be. */
function isSigned(
  request: IncomingMessage,
  body: Buffer,
  { accessKeyId, secretAccessKey }: { readonly accessKeyId: string; readonly secretAccessKey: string },
  region: string,
): boolean {
  const header = request.headers.authorization ?? "";
  const [, id, day, where, service, list, signature] =
    /^AWS4-HMAC-SHA256 Credential=([^/]+)\/(\d{8})\/([^/]+)\/([^/]+)\/aws4_request,\s*SignedHeaders=([^,]+),\s*Signature=([0-9a-f]{64})$/.exec(
      header,
    ) ?? [];
  if (id !== accessKeyId || where !== region || service !== "s3" || list === undefined) return false;
  const value = (name: string): string => String(request.headers[name] ?? "");
  const time = value("x-amz-date");
  const sent = Date.parse(time.replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/, "$1-$2-$3T$4:$5:$6Z"));
  if (!(Math.abs(Date.now() - sent) < 900_000) || !time.startsWith(String(day))) return false;
  const signed = list.split(";");
  const must = Object.keys(request.headers).filter((name) => name === "host" || name.startsWith("x-amz-"));
  if (must.some((name) => !signed.includes(name))) return false;
  const digest = createHash("sha256").update(body).digest("hex");
  if (value("x-amz-content-sha256") !== digest) return false;
  const [path = "", query = ""] = (request.url ?? "").split("?");
  const lines = [
    request.method ?? "",
    path,
    query.split("&").filter(Boolean).toSorted().join("&"),
    ...signed.map((name) => `${name}:${value(name).trim()}`),
    "",
    list,
    digest,
  ];
  const scope = [day, region, "s3", "aws4_request"].join("/");
  const text = [
    "AWS4-HMAC-SHA256",
    time,
    scope,
    createHash("sha256").update(lines.join("\n")).digest("hex"),
  ].join("\n");
  const mac = (key: Buffer | string, data: string): Buffer =>
    createHmac("sha256", key).update(data, "utf8").digest();
  const key = mac(mac(mac(mac(`AWS4${secretAccessKey}`, String(day)), region), "s3"), "aws4_request");
  return mac(key, text).toString("hex") === signature;
}
