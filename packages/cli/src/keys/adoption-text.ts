/** How far an adoption is, as people read it. */
import type { AdoptedColumnStatus, AdoptionStatus, Hindrance } from "@wardline/sdk/operator";
import { many } from "../report/finding-report.ts";
import { visible } from "../report/visible.ts";

export function statusText({ columns, hindrances, tenants }: AdoptionStatus): string {
  if (columns.length === 0) return "nothing is in plaintext that the policies seal\n";
  const lines = [
    ...columns.map((column) => `${visible(column.column)}: ${stateText(column)}`),
    `${many(tenants.length, "tenant")} with rows`,
  ];
  return `${lines.map((line) => `${line}\n`).join("")}${
    hindrances.length > 0
      ? `${many(hindrances.length, "thing")} to settle first:\n${hindrances.map(hindranceText).join("")}`
      : `next: ${nextStep(columns)}\n`
  }`;
}

export function hindranceText({ place, reason, cure }: Hindrance): string {
  return `  ${visible(place)}: ${visible(reason)}\n    ${visible(cure)}\n`;
}

function stateText({ state, searchable, left }: AdoptedColumnStatus): string {
  switch (state) {
    case "plaintext":
      return `in plaintext${searchable ? "; will be searched by a blind index" : ""}`;
    case "beside":
      return `sealed beside its plaintext, ${many(left ?? 0, "row")} to be sealed yet`;
    case "switched":
      return "sealed; its plaintext stands aside";
    case "sealed":
      return "sealed";
    case "other":
      return "not text";
  }
}

function nextStep(columns: readonly AdoptedColumnStatus[]): string {
  const states = new Set(columns.map(({ state }) => state));
  if (states.has("plaintext")) return "`wardline keys adopt`, which seals it beside the plaintext";
  if (states.has("beside"))
    return "`wardline keys adopt` to seal what is left, then `--switch` when the application with the new model is ready; or `--abort`";
  return "`wardline keys adopt --drop-plaintext`";
}
