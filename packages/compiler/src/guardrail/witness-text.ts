/** A request that was tried, in words: who asks, and the facts that decide. */
import {
  sourceText,
  valueAt,
  valueText,
  slotPath,
  type Program,
  type RequestDocument,
  type ScalarType,
  type Slot,
  type WireScalar,
} from "@wardline/core";

/** More facts are left out. */
const mostFacts = 6;

/** `slots`: the facts that decide, the most telling first. */
export function witnessText(program: Program, slots: readonly number[], request: RequestDocument): string {
  const { type, id, roles } = request.principal;
  const who = `${type} ${JSON.stringify(id)}${roles.length === 0 ? "" : ` with ${roles.join(", ")}`}`;
  const facts = slots.flatMap((slot) => factText(program.slots[slot] as Slot, request) ?? []);
  const more = facts.length > mostFacts ? ["…"] : [];
  return [who, ...facts.slice(0, mostFacts), ...more].join(", ");
}

/** Null for what says only whose the request and its rows are, and for lists. */
function factText({ source, type }: Slot, request: RequestDocument): string | null {
  switch (source.from) {
    case "principal":
    case "row":
    case "tenant":
    case "ancestors":
    case "relation":
    case "limit":
      return null;
    case "principal_attribute":
    case "row_attribute":
    case "tenant_attribute":
    case "context":
    case "now":
    case "clock":
    case "reference": {
      const value = valueAt(request, slotPath(source)) ?? null;
      if (value === null) return `${sourceText(source)} absent`;
      if (type.kind === "set") return null;
      return `${sourceText(source)} ${valueText(value as WireScalar, type satisfies ScalarType)}`;
    }
  }
}
