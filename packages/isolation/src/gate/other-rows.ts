/** Whether what the policy says of a row depends on anything beside the row's own columns and the session. */
import { findTable, type Program, type Slot } from "@wardline/core";

/** True if a rule of the table reads relations, ancestors, what a reference leads to, or a set in a table of its own. */
export function readsOtherRows(
  program: Program,
  principal: string,
  action: string,
  entityName: string,
): boolean {
  const entity = program.model.entities.find(({ name }) => name === entityName);
  const slots = findTable(program, principal, action, entityName)?.slots ?? [];
  return slots.some((id) => {
    const { source } = program.slots[id] as Slot;
    switch (source.from) {
      case "relation":
      case "ancestors":
      case "reference":
        return true;
      case "row_attribute":
        return entity?.fields.find(({ name }) => name === source.name)?.storage?.kind === "table";
      case "principal":
      case "principal_attribute":
      case "row":
      case "tenant":
      case "tenant_attribute":
      case "context":
      case "now":
      case "clock":
      case "limit":
        return false;
    }
  });
}
