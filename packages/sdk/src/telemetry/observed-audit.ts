/** An audit log whose appends are told of, and how the last of them went is known. */
import type { AuditLog } from "@wardline/isolation";
import { observe } from "./observe.ts";
import type { Recent } from "./recent.ts";
import type { Telemetry } from "./telemetry.ts";

export function observedAudit(log: AuditLog, recent: Recent, telemetry: Telemetry | undefined): AuditLog {
  return {
    append(session, tenant, entries, sealer) {
      if (entries.length === 0) return Promise.resolve();
      return recent.of(
        observe(telemetry, { kind: "append", entries: entries.length }, tenant, () =>
          log.append(session, tenant, entries, sealer),
        ),
      );
    },
  };
}
