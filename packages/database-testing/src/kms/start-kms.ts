/**
 * A loopback server that speaks as much of KMS (JSON 1.1) as a provider of keys takes. It checks each request's signature on its own,
 * moves its own time, refuses what it is told to refuse, and can keep its keys in a file over a restart.
 */
import { randomUUID } from "node:crypto";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { checkSignature, type AwsLogin } from "./check-signature.ts";
import { KmsError } from "./kms-error.ts";
import { kmsOperations } from "./kms-operations.ts";
import { KmsStore } from "./kms-store.ts";

/**
 * What the next requests meet, one each: an error; silence; a cut before the request is carried out, or after it and before its
 * answer; a success whose body is this text.
 */
export type KmsTrouble =
  | { readonly type: string; readonly status?: number }
  | "silence"
  | "cut-before"
  | "cut-after"
  | { readonly body: string };

export interface KmsOptions {
  readonly logins: readonly AwsLogin[];
  readonly region: string;
  /** Keys are kept here. */
  readonly file?: string;
  /** 0 or nothing: a free one. */
  readonly port?: number;
}

export interface Kms {
  readonly url: string;
  readonly port: number;
  readonly troubles: KmsTrouble[];
  /** Operations that nobody is permitted. */
  readonly denied: Set<string>;
  /** One line a request: its operation, and the error's type if it has one. */
  readonly requests: string[];
  readonly store: KmsStore;
  /** Milliseconds that the clock for signatures is before the machine's. */
  skew: number;
  /** Lets this many milliseconds pass for keys that wait for their deletion. */
  readonly advance: (ms: number) => void;
  readonly stop: () => Promise<void>;
}

export async function startKms(options: KmsOptions): Promise<Kms> {
  const { region } = options;
  const store = new KmsStore(region, options.file);
  const rules = { logins: options.logins, region, service: "kms", now: () => Date.now() + kms.skew };

  function carryOut(request: IncomingMessage, operation: string, body: Buffer): object {
    checkSignature(request, body, rules);
    if (request.headers["content-type"] !== "application/x-amz-json-1.1" || request.method !== "POST")
      throw new KmsError("UnknownOperationException", "this is not JSON 1.1");
    const run = kmsOperations.get(operation);
    if (run === undefined) throw new KmsError("UnknownOperationException", operation);
    if (kms.denied.has(operation))
      throw new KmsError(
        "AccessDeniedException",
        `User: arn:aws:iam::111122223333:user/app is not authorized to perform: kms:${operation} because no identity-based policy allows the kms:${operation} action`,
      );
    const result = run(store, JSON.parse(body.toString("utf8")) as Record<string, unknown>);
    store.save();
    return result;
  }

  function answer(request: IncomingMessage, response: ServerResponse, body: Buffer): void {
    const operation = String(request.headers["x-amz-target"] ?? "").replace(/^TrentService\./, "");
    const trouble = kms.troubles.shift();
    const say = (status: number, text: string, type?: string): void => {
      kms.requests.push(type === undefined ? operation : `${operation} ${type}`);
      response.writeHead(status, {
        "content-type": "application/x-amz-json-1.1",
        "x-amzn-requestid": randomUUID(),
        date: new Date(rules.now()).toUTCString(),
      });
      response.end(text);
    };
    const fail = ({ status, type, message }: KmsError): void =>
      say(status, JSON.stringify({ __type: type, message }), type);
    if (trouble === "silence" || trouble === "cut-before") {
      kms.requests.push(`${operation} ${trouble}`);
      if (trouble === "cut-before") request.socket.destroy();
      return;
    }
    if (typeof trouble === "object" && "type" in trouble) {
      fail(new KmsError(trouble.type, "as the test says", trouble.status));
      return;
    }
    try {
      const result = carryOut(request, operation, body);
      if (trouble === "cut-after") request.socket.destroy();
      else say(200, trouble === undefined ? JSON.stringify(result) : trouble.body);
    } catch (error) {
      fail(error instanceof KmsError ? error : new KmsError("KMSInternalException", String(error), 500));
    }
  }

  const server = createServer((request, response) => {
    const parts: Buffer[] = [];
    request.on("data", (part: Buffer) => parts.push(part));
    request.once("end", () => answer(request, response, Buffer.concat(parts)));
    request.once("error", () => undefined);
  });
  await new Promise<void>((resolve) => server.listen(options.port ?? 0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  const kms: Kms = {
    url: `http://127.0.0.1:${port}`,
    port,
    troubles: [],
    denied: new Set(),
    requests: [],
    store,
    skew: 0,
    advance(ms) {
      store.ahead += ms;
      store.save();
    },
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
  return kms;
}
