/** An operator's mistake in how a server is to be reached. Nothing was connected. */
export type ConnectionRefusedCode =
  /** An option, or a part of the connection string, that is not understood. */
  | "connection/bad-option"
  /** A host that is not this machine, without TLS or without a check of its certificate, and nobody said so. */
  | "connection/unverified"
  /** The server is older than what is supported. */
  | "connection/old-server";

export class ConnectionRefused extends Error {
  override readonly name = "ConnectionRefused";
  readonly code: ConnectionRefusedCode;

  constructor(code: ConnectionRefusedCode, message: string) {
    super(message);
    this.code = code;
  }
}
