/** A connection to NATS with TLS and a verified certificate, except to this machine or by a word that says so. */
import { connect, credsAuthenticator, type NatsConnection } from "@nats-io/transport-node";
import { isLoopback } from "../postgres/tls.ts";
import { SourceError } from "../sources/source-error.ts";

export interface NatsAddress {
  /** `nats://user:password@host:port`. */
  readonly address: string;
  /** What is in a file `.creds`: a user's JWT and seed. */
  readonly credentials?: Uint8Array;
  /** The authorities that the server's certificate is checked against, instead of those that Node trusts. PEM. */
  readonly ca?: string;
  /** `plaintext-development`: without TLS to another machine. */
  readonly tls?: "plaintext-development";
}

/** Throws {@link SourceError}, which shows nothing of the address but its host. */
export async function connectNats({ address, credentials, ca, tls }: NatsAddress): Promise<NatsConnection> {
  const url = URL.canParse(address) ? new URL(address) : null;
  if (url === null || (url.protocol !== "nats:" && url.protocol !== "tls:") || url.hostname === "")
    throw new SourceError("source/bad-address", "an address of NATS is nats://user:password@host:port");
  if (url.search !== "" || url.hash !== "")
    throw new SourceError("source/bad-address", "an address of NATS has no parameters");
  const plain =
    ca === undefined &&
    url.protocol === "nats:" &&
    (tls === "plaintext-development" || isLoopback(url.hostname.replace(/^\[(.*)\]$/, "$1")));
  const verified = { rejectUnauthorized: true, ...(ca === undefined ? {} : { ca }) };
  try {
    return await connect({
      servers: url.host,
      name: "wardline",
      maxReconnectAttempts: -1,
      pingInterval: 10_000,
      timeout: 10_000,
      // Where it is an object, a server that offers no TLS is refused.
      tls: plain ? null : verified,
      ...(url.username === ""
        ? {}
        : { user: decodeURIComponent(url.username), pass: decodeURIComponent(url.password) }),
      ...(credentials === undefined ? {} : { authenticator: credsAuthenticator(credentials) }),
    });
  } catch (cause) {
    throw new SourceError("source/unavailable", `${url.host} let nobody in`, undefined, { cause });
  }
}
