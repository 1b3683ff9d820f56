/** The finding for a class that no field carries, written as classes are. */
import type { Finding } from "@wardline/core";
import type { Name } from "../ast/expression.ts";
import { unknownName } from "./suggest.ts";
import { classesOf, type Model } from "./symbols.ts";

/** `name`: without the `#`; its place has it. */
export function unknownClass(model: Model, { text, span }: Name): Finding {
  const written = [...classesOf(model)].map((known) => `#${known}`);
  return unknownName("class", { text: `#${text}`, span }, written);
}
