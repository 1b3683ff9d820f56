/** Pairs of a relation, as a request carries them. */
import { isText, type Pair } from "@wardline/core";
import { ownValue } from "../../closure/own.ts";

/** True for a list of pairs of ids. */
export function isPairList(value: unknown): value is readonly Pair[] {
  if (!Array.isArray(value)) return false;
  // By index, so that a hole is looked at as what it reads as.
  for (let i = 0; i < value.length; i += 1)
    if (!isEnd(ownValue(value[i], "from")) || !isEnd(ownValue(value[i], "to"))) return false;
  return true;
}

function isEnd(value: unknown): boolean {
  return typeof value === "string" && isText(value);
}
