/**
 * Writes down what an operator should know, in the conventions of `pino`. Invariant: of errors and alarms codes alone go out, a tenant only where it
 * was asked for, and a log that fails changes nothing.
 */
import type { ModelIr } from "@wardline/core";
import type { PolicyAlarm } from "../policy-alarms.ts";
import type { Reloaded } from "../reload-line.ts";
import type { Logger } from "./logger.ts";
import { redactedError } from "./redacted-error.ts";

/** Null where there is no logger. */
export function operatorLogOf(given: {
  readonly log?: Logger;
  readonly logTenants?: boolean;
}): OperatorLog | null {
  const { log, logTenants } = given;
  return log === undefined ? null : new OperatorLog(log, logTenants === true);
}

export class OperatorLog {
  readonly #logger: Logger;
  readonly #namesTenants: boolean;

  constructor(logger: Logger, namesTenants: boolean) {
    this.#logger = logger;
    this.#namesTenants = namesTenants;
  }

  alarm({ code, tenant, inForceUntil }: PolicyAlarm): void {
    const fields = {
      event: "wardline.alarm",
      code,
      scope: tenant === null ? "all" : "tenant",
      ...(tenant !== null && this.#namesTenants ? { tenant } : {}),
      ...(inForceUntil === null ? {} : { inForceUntil: inForceUntil.toISOString() }),
    };
    this.#write("error", fields, "policies need a look");
  }

  reloaded(result: Reloaded): void {
    // A refusal is an alarm.
    if ("loaded" in result)
      this.#write("info", { event: "wardline.reload", tenants: result.loaded.length }, "policies loaded");
  }

  /** `error`: an original. */
  failed(model: ModelIr, error: unknown): void {
    this.#write("error", { event: "wardline.error", ...redactedError(model, error) }, "an operation failed");
  }

  opened(tenants: number): void {
    this.#write("info", { event: "wardline.open", tenants }, "open");
  }

  closed(): void {
    this.#write("info", { event: "wardline.close" }, "closed");
  }

  #write(level: "info" | "error", fields: object, message: string): void {
    try {
      this.#logger[level](fields, message);
    } catch {
      // Who cannot be told decides nothing.
    }
  }
}
