/** What may be said of a question about one row: names that the model has, and nothing of what a caller named otherwise. */
import type { Decision, ModelIr } from "@wardline/core";
import type { Ended, Work } from "./telemetry.ts";

export function decideWork(model: ModelIr, action: string, type: string): Work {
  const known = model.actions.some(({ name }) => name === action);
  const entity = model.entities.some(({ name }) => name === type);
  return { kind: "decide", action: known ? action : null, entity: entity ? type : null };
}

export function getWork(model: ModelIr, type: string): Work {
  const table = model.entities.find(({ name }) => name === type)?.storage?.table;
  return { kind: "query", operation: "get", tables: table === undefined ? [] : [table] };
}

export function decisionEnded({ outcome }: Decision): Ended {
  switch (outcome) {
    case "permit":
      return { outcome: "ok" };
    case "deny":
      return { outcome: "denied" };
    case "challenge":
      return { outcome: "challenged" };
  }
}
