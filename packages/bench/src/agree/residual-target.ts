/** Residuals as a target: each request is taken apart into what is known before its row, and the row. */
import { bindResidual, prepareFilters, type Residual } from "@wardline/backends";
import { valueAt, type ActionKind, type KnownFacts, type Program } from "@wardline/core";
import type { TargetMaker } from "./target.ts";

type Json = Readonly<Record<string, unknown>>;

/** The document of the list, after a journey through JSON, bound and asked for the one row. */
export const residualTarget: TargetMaker = (program) => {
  const filters = prepareFilters(program);
  return {
    name: "residual",
    cannotAsk: (request) => {
      const { action, type, kind } = askedOf(program, request);
      if (action === undefined || type === undefined) return "a list names an action and a type";
      return kind === "updates" ? "a list is asked of one row, an update of two" : undefined;
    },
    decide: (request) => {
      const { action = "", type = "", kind } = askedOf(program, request);
      const { residual } = filters.filter(action, type, request as KnownFacts);
      return bindResidual(JSON.parse(JSON.stringify(residual)) as Residual).decide(
        rowOf(request as Json, kind),
      );
    },
  };
};

function askedOf(program: Program, request: unknown) {
  const [action, type] = [
    ["action", "name"],
    ["resource", "type"],
  ].map((path) => {
    const value = valueAt(request, path);
    return typeof value === "string" ? value : undefined;
  });
  return { action, type, kind: program.model.actions.find(({ name }) => name === action)?.kind };
}

/** The row, with what comes with it. */
function rowOf(request: Json, kind: ActionKind | undefined): unknown {
  const name = kind === "deletes" ? "prior" : kind === "creates" ? "next" : "resource";
  const row = Object.hasOwn(request, name) ? request[name] : undefined;
  if (typeof row !== "object" || row === null || Array.isArray(row)) return row;
  return { ...row, ancestors: request["ancestors"], references: request["references"] };
}
