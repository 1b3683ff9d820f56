/** TLS with a verified certificate for every host but this machine's own; anything less only by a word that says so. */
import { isIP } from "node:net";
import { checkServerIdentity, type ConnectionOptions, type PeerCertificate } from "node:tls";
import { ConnectionRefused } from "./connection-refused.ts";

/** How the server's certificate is checked, and who we are. Without `ca` the authorities that Node trusts. */
export interface TlsOptions {
  readonly ca?: string | Buffer | readonly (string | Buffer)[];
  /** The name that the certificate must have; the host if left out. */
  readonly servername?: string;
  /** Our own certificate and its key, for a login by certificate. */
  readonly cert?: string | Buffer;
  readonly key?: string | Buffer;
}

/** `unverified-development`: TLS with whomever answers. `plaintext-development`: no TLS. Neither is for tenants' data. */
export type Tls = TlsOptions | "unverified-development" | "plaintext-development";

const known = new Set(["ca", "servername", "cert", "key"]);

/** What pg takes as `ssl`. Throws {@link ConnectionRefused}. */
export function tlsFor(host: string, tls: Tls | undefined): ConnectionOptions | false {
  if (tls === "plaintext-development") return false;
  if (tls === "unverified-development") return { rejectUnauthorized: false };
  if (tls === undefined) return isLoopback(host) ? false : verified(host, {});
  if (typeof tls !== "object" || tls === null)
    throw new ConnectionRefused(
      "connection/unverified",
      "tls is an object with ca, servername, cert or key; to do without is plaintext-development or unverified-development",
    );
  for (const name of Object.keys(tls))
    if (!known.has(name))
      throw new ConnectionRefused(
        name === "rejectUnauthorized" || name === "checkServerIdentity"
          ? "connection/unverified"
          : "connection/bad-option",
        `tls has no option ${name}: it has ${[...known].join(", ")}`,
      );
  return verified(host, tls);
}

function verified(host: string, { ca, servername, cert, key }: TlsOptions): ConnectionOptions {
  const name = servername ?? host;
  return {
    rejectUnauthorized: true,
    minVersion: "TLSv1.2",
    // Invariant: it is this name that the certificate is for, whatever name the driver under us would compare it with.
    checkServerIdentity: (_: string, certificate: PeerCertificate) => checkServerIdentity(name, certificate),
    ...(isIP(name) === 0 ? { servername: name } : {}),
    ...(ca === undefined ? {} : { ca: Array.isArray(ca) ? [...(ca as readonly string[])] : (ca as string) }),
    ...(cert === undefined ? {} : { cert }),
    ...(key === undefined ? {} : { key }),
  };
}

/** This machine: a name or an address of its loopback, or a socket in its file system. */
export function isLoopback(host: string): boolean {
  return (
    host.startsWith("/") ||
    host === "localhost" ||
    host === "::1" ||
    (isIP(host) === 4 && host.startsWith("127."))
  );
}
