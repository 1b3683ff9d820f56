/** What a person would see of each field of a row: the row's own values under the masks of a permit. */
import {
  maskValue,
  valueAt,
  type Decision,
  type Mask,
  type Program,
  type RequestDocument,
  type ValueType,
  type WireScalar,
} from "@wardline/core";
import type { SeenField } from "./answer.ts";
import { entityNamed } from "./complete-request.ts";
import { capital, plain } from "../plain-words.ts";
import { maskWords, shownText } from "./words.ts";

/** In model order; empty unless it is permitted. */
export function seenFields(
  program: Program,
  request: RequestDocument,
  decision: Decision,
): readonly SeenField[] {
  if (decision.outcome !== "permit") return [];
  const row = (["next", "prior", "resource"] as const).find(
    (root) => valueAt(request, [root, "attributes"]) !== undefined,
  );
  const effects = new Map<string, Mask>();
  for (const obligation of decision.obligations) {
    if (obligation.type === "mask") effects.set(obligation.field, obligation.mask);
    if (obligation.type === "hide") effects.set(obligation.field, { kind: "hide" });
  }
  return (entityNamed(program, request.resource.type)?.fields ?? []).map(({ name, type, classes }) => {
    const value = valueAt(request, [row ?? "resource", "attributes", name]) ?? null;
    const mask: Mask = effects.get(name) ?? { kind: "show" };
    const isShown = mask.kind === "show";
    return {
      field: name,
      label: capital(plain(name)),
      classes,
      value: shownText(value, type),
      shown:
        mask.kind === "hide"
          ? null
          : isShown || value === null
            ? shownText(value, type)
            : masked(mask, value, type),
      effect: mask.kind === "hide" ? "hidden" : isShown ? "shown" : "masked",
      how: isShown ? null : maskWords(mask),
    };
  });
}

function masked(mask: Mask, value: unknown, type: ValueType): string | null {
  if (type.kind === "set") return null;
  // Their value is known to who holds the tenant's key alone.
  if (mask.kind === "token" || mask.kind === "hash") return `(a ${mask.kind})`;
  const shown = maskValue(mask, value as WireScalar, type);
  return shown === null ? null : shownText(shown, type);
}
