/** Tests that tell values of a type in wire form from all else; they accept exactly what `isWireValue` accepts. */
import { isWireScalar, type ScalarType, type ValueType } from "@wardline/core";

export type ValueTest = (value: unknown) => boolean;

export function compileValueTest(type: ValueType): ValueTest {
  if (type.kind !== "set") return scalarTest(type);
  const test = scalarTest(type.of);
  return (value) => {
    if (!Array.isArray(value)) return false;
    // By index, so that a hole is looked at as what it reads as.
    for (let i = 0; i < value.length; i += 1) if (!test(value[i])) return false;
    return true;
  };
}

function scalarTest(type: ScalarType): ValueTest {
  switch (type.kind) {
    case "bool":
      return (value) => typeof value === "boolean";
    case "int": {
      const { min, max } = type;
      return (value) => typeof value === "number" && value >= min && value <= max && Number.isInteger(value);
    }
    case "enum": {
      const values = new Set<unknown>(type.values);
      return (value) => values.has(value);
    }
    case "duration":
    case "decimal":
    case "string":
    case "entity":
    case "instant":
    case "uuid":
    case "ip":
    case "date":
    case "time":
      return (value) => isWireScalar(value, type);
  }
}
