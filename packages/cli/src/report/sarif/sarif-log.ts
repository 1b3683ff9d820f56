/** A SARIF 2.1.0 log of one run, with as many results as services take. */
import type { Severity } from "@wardline/core";
import { version } from "../../version.ts";
import type { SarifRule } from "./rules.ts";

/** The most results that services take from one run. */
const maxResults = 25_000;

const schema = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json";

export interface SarifRun<Item> {
  /** What tells this kind of run from others of the same code. */
  readonly automation: string;
  readonly rules: readonly SarifRule[];
  readonly items: readonly Item[];
  readonly result: (item: Item) => object;
}

export function sarifLog<Item extends { readonly severity: Severity }>({
  automation,
  rules,
  items,
  result,
}: SarifRun<Item>): string {
  const kept = mostSevere(items, maxResults);
  const left = items.length - kept.length;
  const run = {
    tool: { driver: { name: "wardline", version, semanticVersion: version, rules } },
    automationDetails: { id: automation },
    columnKind: "unicodeCodePoints",
    invocations: [
      {
        executionSuccessful: true,
        ...(left === 0
          ? {}
          : {
              toolExecutionNotifications: [
                { level: "warning", message: { text: `${left} more findings are left out` } },
              ],
            }),
      },
    ],
    results: kept.map(result),
  };
  return `${JSON.stringify({ $schema: schema, version: "2.1.0", runs: [run] }, null, 2)}\n`;
}

/** As many findings as there is room for: errors before warnings, in their order. */
function mostSevere<Item extends { readonly severity: Severity }>(
  items: readonly Item[],
  room: number,
): readonly Item[] {
  if (items.length <= room) return items;
  const errors = items.filter((item) => item.severity === "error");
  const others = items.filter((item) => item.severity !== "error");
  const kept = new Set([...errors, ...others].slice(0, room));
  return items.filter((item) => kept.has(item));
}
