/** The connection ended, or was ended, before the answer came. What was sent may have been done or not. */
export class ConnectionLost extends Error {
  override readonly name = "ConnectionLost";
  /** `limit`: the driver's own clock ended it. */
  readonly reason: "closed" | "limit";

  constructor(reason: "closed" | "limit", options?: ErrorOptions) {
    super(
      reason === "limit"
        ? "the answer took longer than the driver waits"
        : "the connection to the database was lost",
      options,
    );
    this.reason = reason;
  }
}
