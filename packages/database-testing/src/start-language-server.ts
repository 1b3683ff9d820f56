/** A language server as a process, spoken to over standard input and output as an editor does. */
import { spawn, type ChildProcess } from "node:child_process";

export interface LanguageServerProcess {
  readonly process: ChildProcess;
  readonly request: (method: string, params?: unknown) => Promise<unknown>;
  readonly notify: (method: string, params?: unknown) => void;
  /** The first notification that fits, of those that came already and those to come. */
  readonly notified: (method: string, fits: (params: never) => boolean) => Promise<unknown>;
  /** `shutdown` and `exit`; gives the exit code. */
  readonly end: () => Promise<number | null>;
  /** What it wrote to standard error. */
  readonly errors: () => string;
}

interface Message {
  readonly id?: number | string;
  readonly method?: string;
  readonly params?: unknown;
  readonly result?: unknown;
  readonly error?: { readonly message: string };
}

/** Starts it. What the server asks of the client is answered with null. */
export function startLanguageServer(
  command: string,
  args: readonly string[],
  { cwd, env = process.env }: { readonly cwd: string; readonly env?: NodeJS.ProcessEnv },
): LanguageServerProcess {
  const child = spawn(command, args, { cwd, env, stdio: ["pipe", "pipe", "pipe"] });
  const exited = new Promise<number | null>((resolve) => child.once("close", resolve));
  const open = new Map<number, (message: Message) => void>();
  const heard: Message[] = [];
  const listeners = new Set<(message: Message) => void>();
  let [last, errors, unread] = [0, "", Buffer.alloc(0)];
  const send = (message: object): void => {
    const body = Buffer.from(JSON.stringify({ jsonrpc: "2.0", ...message }));
    child.stdin.write(`Content-Length: ${body.length}\r\n\r\n`);
    child.stdin.write(body);
  };
  child.stdin.on("error", () => {});
  child.stderr.on("data", (part: Buffer) => (errors += part.toString()));
  void exited.then((code) => {
    for (const answer of open.values())
      answer({ error: { message: `the server ended with ${code}: ${errors}` } });
  });
  child.stdout.on("data", (part: Buffer) => {
    unread = Buffer.concat([unread, part]);
    for (;;) {
      const head = unread.indexOf("\r\n\r\n");
      const [, length] =
        /Content-Length: (\d+)/i.exec(unread.subarray(0, Math.max(head, 0)).toString()) ?? [];
      if (length === undefined || unread.length < head + 4 + Number(length)) return;
      const message = JSON.parse(unread.subarray(head + 4, head + 4 + Number(length)).toString()) as Message;
      unread = unread.subarray(head + 4 + Number(length));
      hear(message);
    }
  });
  function hear(message: Message): void {
    if (message.method === undefined) {
      open.get(message.id as number)?.(message);
      open.delete(message.id as number);
    } else if (message.id !== undefined) send({ id: message.id, result: null });
    else {
      heard.push(message);
      for (const listener of listeners) listener(message);
    }
  }
  const request: LanguageServerProcess["request"] = (method, params) =>
    new Promise((resolve, reject) => {
      last += 1;
      open.set(last, ({ result, error }) =>
        error === undefined ? resolve(result) : reject(new Error(`${method}: ${error.message}`)),
      );
      send({ id: last, method, params });
    });
  const notify: LanguageServerProcess["notify"] = (method, params) => send({ method, params });
  return {
    process: child,
    request,
    notify,
    notified: (method, fits) =>
      new Promise((resolve, reject) => {
        const listener = (message: Message): void => {
          if (message.method !== method || !fits(message.params as never)) return;
          listeners.delete(listener);
          resolve(message.params);
        };
        listeners.add(listener);
        for (const message of heard) listener(message);
        void exited.then((code) => reject(new Error(`the server ended with ${code}: ${errors}`)));
      }),
    end: async () => {
      await request("shutdown");
      notify("exit");
      return await exited;
    },
    errors: () => errors,
  };
}
