/** JSON-RPC over `postMessage`: requests with answers, and notifications, both ways. */

/** What a `Worker` and a `MessagePort` have of it. */
export interface MessageEnd {
  postMessage(message: unknown): void;
  addEventListener(type: "message", listener: (event: { readonly data: unknown }) => void): void;
  /** A worker whose module does not load or that throws tells so. */
  addEventListener(type: "error", listener: (event: { readonly message?: string }) => void): void;
}

export interface Peer {
  /** Rejects with {@link RequestFailed} where the other side answers with an error. */
  request(method: string, params: unknown): Promise<unknown>;
  notify(method: string, params: unknown): void;
  /** What the other side tells. One listener a method. */
  onNotification(method: string, listener: (params: unknown) => void): void;
  /** Rejects what is asked and will be asked: the other side is not there. */
  close(reason: string): void;
  /** What the other side asks. Methods without an answer are told so. */
  onRequest(method: string, answer: (params: unknown) => unknown): void;
}

/** The other side said that it cannot answer. */
class RequestFailed extends Error {
  readonly code: number;
  constructor(method: string, code: number, message: string) {
    super(`${method}: ${message}`);
    this.name = "RequestFailed";
    this.code = code;
  }
}

interface Message {
  readonly id?: number | string | null;
  readonly method?: string;
  readonly params?: unknown;
  readonly result?: unknown;
  readonly error?: { readonly code: number; readonly message: string };
}

const methodNotFound = -32601;
const internalError = -32603;

export function connectPeer(end: MessageEnd): Peer {
  let lastId = 0;
  let closed: string | null = null;
  const waiting = new Map<number | string, { method: string; settle: (answer: Message) => void }>();
  const listeners = new Map<string, (params: unknown) => void>();
  const answers = new Map<string, (params: unknown) => unknown>();
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a worker has no origin to name
  const send = (message: Message) => end.postMessage({ jsonrpc: "2.0", ...message });

  async function answer(id: number | string, method: string, params: unknown): Promise<void> {
    const known = answers.get(method);
    if (known === undefined) {
      send({ id, error: { code: methodNotFound, message: `${method} is not known here` } });
      return;
    }
    try {
      send({ id, result: (await known(params)) ?? null });
    } catch (error) {
      send({ id, error: { code: internalError, message: String(error) } });
    }
  }

  end.addEventListener("message", ({ data }) => {
    const message = data as Message;
    const { id, method, params } = message;
    if (method !== undefined) {
      if (id === undefined || id === null) listeners.get(method)?.(params);
      else void answer(id, method, params);
    } else if (id !== undefined && id !== null) {
      waiting.get(id)?.settle(message);
      waiting.delete(id);
    }
  });

  return {
    request: (method, params) =>
      new Promise((resolve, reject) => {
        if (closed !== null) {
          reject(new RequestFailed(method, internalError, closed));
          return;
        }
        lastId += 1;
        waiting.set(lastId, {
          method,
          settle: ({ error, result }) =>
            error === undefined
              ? resolve(result)
              : reject(new RequestFailed(method, error.code, error.message)),
        });
        send({ id: lastId, method, params });
      }),
    notify: (method, params) => send({ method, params }),
    close: (reason) => {
      closed = reason;
      for (const { settle } of waiting.values()) settle({ error: { code: internalError, message: reason } });
      waiting.clear();
    },
    onNotification: (method, listener) => void listeners.set(method, listener),
    onRequest: (method, respond) => void answers.set(method, respond),
  };
}
