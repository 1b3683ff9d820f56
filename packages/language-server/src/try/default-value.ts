/** What a fact is where nobody said: as the language's tests have it, and an ordinary value where they would ask for one. */
import type { ScalarType, ValueType, WireScalar, WireValue } from "@wardline/core";
import { plain } from "../plain-words.ts";

/** Monday noon, as in a test that says no time. */
export const ordinaryDay = "2026-01-05";
export const ordinaryTime = "12:00:00.000000";

/** `name` of the fact is for texts, so that a mask of it can be seen. */
export function defaultValue(type: ValueType, name: string): WireValue {
  return type.kind === "set" ? [] : defaultScalar(type, name);
}

function defaultScalar(type: ScalarType, name: string): WireScalar {
  switch (type.kind) {
    case "bool":
      return false;
    case "int":
      return Math.min(Math.max(0, type.min), type.max);
    case "decimal":
      return type.scale === 0 ? "0" : `0.${"0".repeat(type.scale)}`;
    case "string":
      return `Some ${plain(name)}`;
    case "entity":
      return ordinaryId(type.entity, 1);
    case "instant":
      return `${ordinaryDay}T${ordinaryTime}Z`;
    case "duration":
      return 0;
    case "enum":
      return type.values[0] ?? "";
    case "uuid":
      return "00000000-0000-4000-8000-000000000001";
    case "ip":
      return "192.0.2.1";
    case "date":
      return ordinaryDay;
    case "time":
      return ordinaryTime;
  }
}

/** `branch_1`: an id that nobody takes for a real one. */
export function ordinaryId(entity: string, count: number): string {
  return `${entity.replaceAll(/(?<=[a-z0-9])(?=[A-Z])/g, "_").toLowerCase()}_${count}`;
}
