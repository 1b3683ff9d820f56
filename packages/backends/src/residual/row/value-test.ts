/** Tests that tell values of a type in wire form from all else; they accept exactly what `isWireValue` accepts. */
import type { ValueType } from "@wardline/core";
import { compileScalarCheck, type ValueCheck } from "../../closure/value-check.ts";

export function compileValueTest(type: ValueType): ValueCheck {
  if (type.kind !== "set") return compileScalarCheck(type);
  const test = compileScalarCheck(type.of);
  return (value) => {
    if (!Array.isArray(value)) return false;
    // By index, so that a hole is looked at as what it reads as.
    for (let i = 0; i < value.length; i += 1) if (!test(value[i])) return false;
    return true;
  };
}
