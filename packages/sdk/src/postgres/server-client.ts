/**
 * One connection to a server. Exchanges follow each other; each has a limit of our own, because a server or a network that
 * has gone silent keeps to no timeout. A connection that was cut, or whose state is not known, answers nothing ever again.
 */
import { ConnectionLost, type SqlResult, type SqlStatement } from "@wardline/isolation";
import pg, { type Connection } from "pg";
import { meetDeadline, setDeadline } from "./deadlines.ts";
import { Exchange } from "./exchange.ts";
import { PreparedStatements } from "./prepared-statements.ts";

interface Running {
  readonly exchange: Exchange;
  readonly resolve: (results: readonly SqlResult[]) => void;
  readonly reject: (error: unknown) => void;
}

/** What one exchange is like. */
export interface ExchangeOptions {
  /** Milliseconds until the connection is cut. */
  readonly within: number;
  /** Statements get names and are kept prepared; never behind a pooler, where the next one may go to another backend. */
  readonly named: boolean;
}

export class ServerClient extends pg.Client {
  readonly #prepared = new PreparedStatements();
  #running: Running | null = null;
  #last: Promise<unknown> = Promise.resolve();
  #lost: ConnectionLost | null = null;
  #status = "";
  #major = 0;

  constructor(config?: string | pg.ClientConfig) {
    super(config);
    // Nobody else may be listening when a connection breaks; whoever waits for an answer is told there.
    this.on("error", (error) => this.#lose(new ConnectionLost("closed", { cause: error })));
    this.on("end", () => this.#lose(new ConnectionLost("closed")));
    const connection = this.#connection;
    connection.on("parseComplete", () => this.#running?.exchange.handleParseComplete());
    connection.on("readyForQuery", ({ status }: { status: string }) => this.#ready(status));
    connection.on("parameterStatus", (parameter: { parameterName: string; parameterValue: string }) => {
      if (parameter.parameterName === "server_version")
        this.#major = Number.parseInt(parameter.parameterValue, 10);
    });
  }

  /** The server's major version, as it said. */
  get major(): number {
    return this.#major;
  }

  /** The process id of the backend, as the server or the pooler says. */
  get backend(): number {
    return (this as unknown as { readonly processID: number | null }).processID ?? 0;
  }

  /** Ready, with nothing running and no transaction open. */
  get isIdle(): boolean {
    return this.#lost === null && this.#running === null && this.#status === "I";
  }

  get isLost(): boolean {
    return this.#lost !== null;
  }

  /** Sends the statements before one Sync, after every exchange that was asked for before. */
  exchange(statements: readonly SqlStatement[], options: ExchangeOptions): Promise<Exchanged> {
    const next = this.#last.then(() => this.#send(statements, options));
    this.#last = next.catch(() => undefined);
    return next;
  }

  /** Cuts the connection. Whoever waits for an answer is told that it is lost. */
  cut(reason: ConnectionLost["reason"]): void {
    this.#lose(new ConnectionLost(reason));
    this.#connection.stream.destroy();
  }

  /** The server was told to forget all prepared statements. */
  forgetPrepared(): void {
    this.#prepared.clear();
  }

  #send(statements: readonly SqlStatement[], { within, named }: ExchangeOptions): Promise<Exchanged> {
    return new Promise((resolve, reject) => {
      if (this.#lost !== null) throw this.#lost;
      const exchange = new Exchange(statements, named ? this.#prepared : null);
      this.#running = {
        exchange,
        resolve: (results) => resolve({ results, tags: exchange.tags }),
        reject,
      };
      setDeadline(this, within, () => this.cut("limit"));
      this.query(exchange);
    });
  }

  #ready(status: string): void {
    this.#status = status;
    const running = this.#end();
    if (running === null) return;
    try {
      running.resolve(running.exchange.results());
    } catch (error) {
      running.reject(error);
    }
  }

  #lose(lost: ConnectionLost): void {
    this.#lost ??= lost;
    this.#end()?.reject(this.#lost);
  }

  #end(): Running | null {
    const running = this.#running;
    this.#running = null;
    if (running !== null) meetDeadline(this);
    return running;
  }

  get #connection(): Connection {
    return (this as unknown as { readonly connection: Connection }).connection;
  }
}

export interface Exchanged {
  readonly results: readonly SqlResult[];
  /** The command tags that came. */
  readonly tags: readonly string[];
}
