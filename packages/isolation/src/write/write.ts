/** One write, whatever its kind. What fails on the way leaves nothing behind: the driver undoes it. */
import type { ActionKind } from "@wardline/core";
import type { OperationNode } from "kysely";
import { actionOf } from "../gate/catalogue.ts";
import { deleteRows } from "./delete.ts";
import type { WriteFrame, Written } from "./frame.ts";
import { insertRows } from "./insert.ts";
import { planDelete, planUpdate } from "./plan-change.ts";
import { planInsert } from "./plan-insert.ts";
import { writeFailure } from "./refusal.ts";
import { updateRows } from "./update.ts";

export async function executeWrite(
  frame: WriteFrame,
  verdict: "insert" | "update" | "delete",
  node: OperationNode,
): Promise<Written> {
  const { model } = frame.source.program;
  switch (verdict) {
    case "insert": {
      const plan = planInsert(model, node);
      return translated(frame, "creates", plan.entity.name, () => insertRows(frame, plan));
    }
    case "update": {
      const plan = planUpdate(model, node);
      return translated(frame, "updates", plan.entity.name, () => updateRows(frame, plan));
    }
    case "delete": {
      const plan = planDelete(model, node);
      return translated(frame, "deletes", plan.entity.name, () => deleteRows(frame, plan));
    }
  }
}

/** Runs a write; what the database refused it with is told as it may be. */
export async function translated<T>(
  frame: WriteFrame,
  kind: ActionKind,
  entity: string,
  write: () => Promise<T>,
): Promise<T> {
  try {
    return await write();
  } catch (error) {
    const meaning = writeFailure(error, actionOf(frame.source.program.model, entity, kind), entity, []);
    if (meaning === undefined) throw error;
    frame.report(error);
    throw meaning;
  }
}
