/** How Vault is reached. */
import { outsideAddress } from "../outside/outside-address.ts";

export interface VaultTransitOptions {
  /** `https://vault.example:8200`. */
  readonly address: string;
  /**
   * Asked at every request, so whoever renews a token gives the new one. After a token was refused it is asked with `true`, once; another
   * one is then tried.
   */
  readonly token: (refused: boolean) => string | Promise<string>;
  /** Where the transit engine is mounted; `transit` without it. */
  readonly mount?: string;
  /** Of Vault Enterprise, or of OpenBao. */
  readonly namespace?: string;
  /** The authorities that the server's certificate is checked against, in PEM, instead of those that Node trusts. */
  readonly ca?: string;
  /** Permits another machine without TLS. The token and keys then go over the network in clear. */
  readonly insecure?: boolean;
  /** Milliseconds for one try; 1500 without it. */
  readonly timeout?: number;
  /** How often an outage, a time limit or a throttled request is tried in all; 3 without it. What is refused is not tried again. */
  readonly attempts?: number;
}

export interface VaultPlace {
  /** With the mount's path; it ends in `/`. */
  readonly url: URL;
  readonly timeout: number;
  readonly attempts: number;
}

/** Throws `TypeError` or `RangeError`. */
export function checkVaultTransitOptions(options: VaultTransitOptions): VaultPlace {
  const { address, mount = "transit", namespace, insecure = false, timeout = 1500, attempts = 3 } = options;
  const path = /^[\w-]+(?:\/[\w-]+)*$/;
  if (!path.test(mount)) throw new TypeError("mount is the path of a mount, without slashes at its ends");
  if (namespace !== undefined && !path.test(namespace))
    throw new TypeError("namespace is the path of a namespace, without slashes at its ends");
  if (!(timeout > 0) || !Number.isInteger(attempts) || attempts < 1)
    throw new RangeError("a timeout is more than 0 ms, and attempts are 1 or more");
  const url = outsideAddress(address, "address", insecure);
  url.pathname = `${url.pathname.replace(/\/$/, "")}/v1/${mount}/`;
  return { url, timeout, attempts };
}
