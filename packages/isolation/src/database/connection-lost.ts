/** The connection ended, or was ended, before the answer came. What was sent may have been done or not. */
export class ConnectionLost extends Error {
  override readonly name = "ConnectionLost";
  /** `unavailable`: there was none to send on, so nothing was sent. `limit`: the driver's own clock ended it. */
  readonly reason: "closed" | "limit" | "unavailable";

  constructor(reason: ConnectionLost["reason"], options?: ErrorOptions) {
    super(words[reason], options);
    this.reason = reason;
  }
}

const words = {
  closed: "the connection to the database was lost",
  limit: "the answer took longer than the driver waits",
  unavailable: "no connection to the database could be had",
};
