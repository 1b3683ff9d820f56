/** The way between a page and the studio's server, on which each request arrives and each answer comes back when the test says so. */
import { Agent, request } from "node:http";
import { text } from "node:stream/consumers";

interface Answered {
  readonly status: number;
  readonly tag: string | null;
  readonly text: string;
}

export interface Sent {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | undefined;
  readonly answer: PromiseWithResolvers<Response>;
  /** The server has carried it out, and this is what it says. */
  handled: Answered | undefined;
  /** The page waits no longer, though the request may still arrive. */
  givenUp: boolean;
}

export type Fate = "handle" | "answer" | "pass" | "refuse" | "cut before" | "cut after" | "late";

export interface NetworkOptions {
  readonly origin: string;
  /** Told as the page asks. */
  readonly onSent: (sent: Sent) => void;
  /** Is to be called around what the server does. */
  readonly around: (sent: Sent, carryOut: () => Promise<void>) => Promise<void>;
}

export class Network {
  readonly #options: NetworkOptions;
  #waiting: Sent[] = [];

  constructor(options: NetworkOptions) {
    this.#options = options;
  }

  get waiting(): readonly Sent[] {
    return this.#waiting;
  }

  /** In the place of the page's `fetch`. */
  readonly fetch = (path: string, init: RequestInit = {}): Promise<Response> => {
    const sent: Sent = {
      method: init.method ?? "GET",
      path,
      headers: { ...(init.headers as Record<string, string>) },
      body: init.body as string | undefined,
      answer: Promise.withResolvers<Response>(),
      handled: undefined,
      givenUp: false,
    };
    this.#options.onSent(sent);
    this.#waiting.push(sent);
    return sent.answer.promise;
  };

  async decide(sent: Sent, fate: Fate): Promise<void> {
    switch (fate) {
      case "handle":
        return await this.#handle(sent);
      case "answer":
        if (sent.handled !== undefined) this.#answer(sent);
        return;
      case "pass":
        await this.#handle(sent);
        return this.#answer(sent);
      case "refuse":
        // What a full disk is answered with: the request never takes effect.
        if (sent.handled !== undefined || sent.method !== "PUT") return;
        sent.handled = {
          status: 500,
          tag: null,
          text: JSON.stringify({ code: "studio/cannot-write", message: "the disk is full" }),
        };
        return this.#answer(sent);
      case "cut before":
        if (sent.handled === undefined) this.#cut(sent);
        return;
      case "cut after":
        await this.#handle(sent);
        return this.#cut(sent);
      case "late":
        if (sent.handled !== undefined) return;
        sent.givenUp = true;
        return sent.answer.reject(new TypeError("fetch failed"));
    }
  }

  /** All that is under way arrives and is answered, and what is asked thereupon. */
  async flush(): Promise<void> {
    for (let sent = this.#waiting[0]; sent !== undefined; sent = this.#waiting[0]) {
      await this.decide(sent, "pass");
      await turns();
    }
  }

  /** The page is gone, and with it what had not arrived. */
  drop(): void {
    this.#waiting = [];
  }

  async #handle(sent: Sent): Promise<void> {
    if (sent.handled !== undefined) return;
    await this.#options.around(sent, async () => {
      sent.handled = await ask(this.#options.origin, sent);
    });
    if (sent.givenUp) this.#forget(sent);
  }

  #answer(sent: Sent): void {
    this.#forget(sent);
    if (sent.handled === undefined) return;
    const { status, tag, text } = sent.handled;
    sent.answer.resolve(
      new Response(status === 304 ? null : text, { status, headers: tag === null ? {} : { etag: tag } }),
    );
  }

  #cut(sent: Sent): void {
    this.#forget(sent);
    if (!sent.givenUp) sent.answer.reject(new TypeError("fetch failed"));
  }

  #forget(sent: Sent): void {
    this.#waiting = this.#waiting.filter((one) => one !== sent);
  }
}

const agent = new Agent({ keepAlive: true });

/** Not by `fetch`, whose timers are those of the page. */
function ask(origin: string, { method, path, headers, body = "" }: Sent): Promise<Answered> {
  return new Promise((resolve, reject) => {
    const asking = request(origin + path, { method, headers, agent }, (response) => {
      const { statusCode: status = 0, headers: answered } = response;
      text(response).then((whole) => resolve({ status, tag: answered.etag ?? null, text: whole }), reject);
    });
    asking.on("error", reject);
    asking.end(body);
  });
}

/** Lets everything go on that waits for nothing but what is there. */
export async function turns(): Promise<void> {
  for (let left = 4; left > 0; left -= 1) await new Promise((resolve) => setImmediate(resolve));
}
