/** What a statement is made of: the node kinds of its tree, and the shapes of its writes. */
import type { OperationNode } from "kysely";
import { buildStatement, elsewhere } from "../statement/build-statement.ts";
import type { Statement, Write } from "../statement/language.ts";
import { rawShapes } from "./raw-shapes.ts";

/** Each shape with whether it must often succeed; those that are not carried yet need only occur. */
export function shapesOf(statement: Statement): readonly string[] {
  switch (statement.kind) {
    case "select":
    case "stream": {
      const raw = rawShapes(statement);
      return raw.length === 0 ? [statement.kind] : raw;
    }
    case "text":
    case "text of":
      return rawShapes(statement);
    case "transaction":
      return [
        `transaction to ${statement.end}`,
        ...(statement.savepoints ? ["savepoints"] : []),
        ...statement.statements.flatMap(shapesOf).map((shape) => `${shape} in a transaction`),
      ];
    case "insert":
    case "update":
    case "delete":
    case "merge":
      return [...writeShapes(statement), ...rawShapes(statement)];
  }
}

function writeShapes(write: Write): readonly string[] {
  const shapes: string[] = [];
  switch (write.kind) {
    case "insert":
      if (write.from !== null) shapes.push("insert of a select");
      else if (write.rows.length === 0) shapes.push("insert of defaults");
      else shapes.push(write.rows.length > 1 ? "insert of rows" : "insert of a row");
      if (write.conflict === "any" || write.conflict?.set === null) shapes.push("on conflict do nothing");
      else if (write.conflict !== null) shapes.push("on conflict do update");
      break;
    case "update":
      shapes.push(write.from.length > 0 ? "update from" : "update");
      if (Object.values(write.set).some((given) => "of" in given)) shapes.push("update to an expression");
      break;
    case "delete":
      shapes.push(write.using.length > 0 ? "delete using" : "delete");
      break;
    case "merge":
      return ["merge"];
  }
  return write.returning === null ? shapes : [...shapes, `${write.kind} returning`];
}

/** True for what may change rows: a text says whatever it likes. */
export function isWriting(statement: Statement): boolean {
  if (statement.kind === "transaction") return statement.statements.some(isWriting);
  return statement.kind === "text" || hasWrite(statement);
}

/** True if a part of it is a write of the builder. */
export function hasWrite(statement: Statement): boolean {
  switch (statement.kind) {
    case "select":
    case "stream":
    case "text":
    case "text of":
      return false;
    case "insert":
    case "update":
    case "delete":
    case "merge":
      return true;
    case "transaction":
      return statement.statements.some(hasWrite);
  }
}

/** The kinds of nodes in the trees of a statement; none of one that cannot be built, nor of one that is raw in part. */
export function kindsOf(statement: Statement): ReadonlySet<string> {
  const kinds = new Set<string>();
  const visit = (node: unknown): void => {
    if (typeof node !== "object" || node === null) return;
    if (Array.isArray(node)) {
      for (const item of node) visit(item);
      return;
    }
    const { kind } = node as Partial<OperationNode>;
    if (typeof kind === "string") kinds.add(kind);
    for (const child of Object.values(node)) visit(child);
  };
  const add = (one: Statement): void => {
    if (one.kind === "transaction") for (const inner of one.statements) add(inner);
    else if (one.kind !== "text" && one.kind !== "text of" && rawShapes(one).length === 0)
      try {
        visit(buildStatement(elsewhere, one).toOperationNode());
      } catch {
        // Kysely itself refuses it; the observation says so.
      }
  };
  add(statement);
  return kinds;
}
