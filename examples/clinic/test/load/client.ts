/** Speaks HTTP to the service as a browser without scripts does: a host of its own name, one cookie, forms. */
import { Agent, request, type IncomingHttpHeaders } from "node:http";
import { Secret, TOTP } from "otpauth";
import type { Credentials } from "../../src/service/sign-in/accounts.ts";

export interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
}

export interface Sent {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

export class Client {
  readonly #port: number;
  readonly #agent: Agent;
  readonly host: string;
  cookie: string | undefined;

  constructor(port: number, tenant: string, agent = new Agent({ keepAlive: true, maxSockets: 1 })) {
    this.#port = port;
    this.#agent = agent;
    this.host = `${tenant}.localhost:${port}`;
  }

  send(path: string, { method = "GET", headers = {}, body }: Sent = {}): Promise<Answer> {
    const { promise, resolve, reject } = Promise.withResolvers<Answer>();
    const all = {
      host: this.host,
      ...(this.cookie === undefined ? {} : { cookie: this.cookie }),
      ...(body === undefined ? {} : { "content-length": String(Buffer.byteLength(body)) }),
      ...headers,
    };
    const sent = request(
      { host: "127.0.0.1", port: this.#port, agent: this.#agent, method, path, headers: all },
      (response) => {
        let text = "";
        response.setEncoding("utf8");
        response.on("data", (part: string) => {
          text += part;
        });
        response.on("error", reject);
        response.on("end", () => {
          for (const given of response.headers["set-cookie"] ?? []) {
            const [pair = ""] = given.split(";");
            this.cookie = /Max-Age=0/.test(given) ? undefined : pair;
          }
          resolve({ status: response.statusCode ?? 0, headers: response.headers, text });
        });
      },
    );
    sent.on("error", reject);
    sent.end(body);
    return promise;
  }

  get(path: string): Promise<Answer> {
    return this.send(path);
  }

  /** As the form of a page of this host. */
  post(
    path: string,
    fields: Readonly<Record<string, string>>,
    headers: Sent["headers"] = {},
  ): Promise<Answer> {
    return this.send(path, {
      method: "POST",
      body: new URLSearchParams(fields).toString(),
      headers: {
        "content-type": "application/x-www-form-urlencoded",
        origin: `http://${this.host}`,
        "sec-fetch-site": "same-origin",
        ...headers,
      },
    });
  }

  /** As a program, which sends the token in a header of its own. */
  patch(path: string, change: unknown): Promise<Answer> {
    return this.ask("PATCH", path, change);
  }

  ask(method: string, path: string, body: unknown): Promise<Answer> {
    const [, token = ""] = this.cookie?.split("=") ?? [];
    const headers = { "content-type": "application/json", authorization: `Bearer ${token}` };
    return this.send(path, { method, body: JSON.stringify(body), headers });
  }

  /** As an owner, from the page of the policy as it is now. */
  async publish(text: string): Promise<Answer> {
    return this.post("/policy", { text, do: "publish", before: beforeIn((await this.get("/policy")).text) });
  }

  async signIn({ id, password }: Credentials): Promise<Answer> {
    return this.post("/sign-in", { account: id, password });
  }
}

/** What a page of the policy says of the text that was in force when it was opened. */
export const beforeIn = (page: string): string =>
  /name="before" value="([0-9a-f]{64})"/.exec(page)?.[1] ?? "";

/** The code of a person's authenticator at a time. */
export function codeOf({ secret }: Credentials, at: Date): string {
  return new TOTP({ secret: Secret.fromBase32(secret) }).generate({ timestamp: at.getTime() });
}
