/** Which facts a row brings with it, and which are known before any row is. */
import type { SlotSource } from "@wardline/core";

/** Whether a fact comes with the row. Pairs of a relation do where they are not among what is known. */
export function comesWithRow(source: SlotSource): boolean {
  switch (source.from) {
    case "row":
    case "row_attribute":
      return true;
    case "reference":
    case "ancestors":
      return source.of.root !== "principal";
    case "relation":
    case "principal":
    case "principal_attribute":
    case "tenant":
    case "tenant_attribute":
    case "context":
    case "now":
    case "clock":
    case "limit":
      return false;
  }
}
