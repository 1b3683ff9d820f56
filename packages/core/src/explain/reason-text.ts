/** The reasons of a decision in plain words. */
import type { Program } from "../ir/program.ts";
import type { Row } from "../ir/slot.ts";
import { placeText } from "./condition-tree.ts";
import type { Reason } from "./explanation.ts";
import { obligationText } from "./obligation-text.ts";

/** A reason as one sentence without a full stop. Rules are named with their places and what they are for. */
export function reasonText(program: Program, reason: Reason): string {
  switch (reason.kind) {
    case "invalid_input":
      return `the request is improper: ${reason.problems.map((p) => `${p.path}: ${p.problem}`).join("; ")}`;
    case "other_tenant":
      return "the request is another tenant's";
    case "foreign_row":
      return `${rowText(reason.row)} is another tenant's`;
    case "forbidden":
      return `${rulesText(program, reason.rules, "forbids it", "forbid it")}${ofRow(reason.row)}`;
    case "no_permit":
      return reason.rules.length === 0
        ? `there is no permit for this${ofRow(reason.row)}`
        : `no permit matches${ofRow(reason.row)}: ${listText(program, reason.rules)}`;
    case "abroad":
      return reason.rules.length === 0
        ? `the principal is of another tenant, and there is no share for this${ofRow(reason.row)}`
        : `the principal is of another tenant, and no share matches${ofRow(reason.row)}: ${listText(program, reason.rules)}`;
    case "ceiling": {
      const what =
        reason.rules.length === 0
          ? "the platform has no ceiling for this"
          : `no ceiling holds: ${listText(program, reason.rules)}`;
      const but =
        reason.clipped.length === 0
          ? ""
          : `, though ${rulesText(program, reason.clipped, "grants it", "grant it")}`;
      return `${what}${but}${ofRow(reason.row)}`;
    }
    case "limit":
      return `${rulesText(program, reason.rules, "has nothing left of its limit", "have nothing left of their limits")}${ofRow(reason.row)}`;
    case "unmet":
      return `${rulesText(program, reason.rules, "asks", "ask")} for ${reason.obligations.map(obligationText).join(" and ")}${ofRow(reason.row)}`;
    case "granted":
      return `${rulesText(program, reason.rules, "grants it", "grant it")}${ofRow(reason.row)}`;
  }
}

/** `the row`, as it is or as it would be. */
export function rowText(row: Row): string {
  switch (row) {
    case "resource":
      return "the row";
    case "prior":
      return "the row as it is";
    case "next":
      return "the row as it would be";
  }
}

function ofRow(row: Row): string {
  return row === "resource" ? "" : `, of ${rowText(row)}`;
}

function rulesText(program: Program, rules: readonly string[], one: string, many: string): string {
  return `${listText(program, rules)} ${rules.length === 1 ? one : many}`;
}

/** `north/x (north.ward:33)`, with why it is so where the rule says it. */
function listText(program: Program, rules: readonly string[]): string {
  return rules
    .map((id) => {
      const rule = program.rules.find((r) => r.id === id);
      if (rule === undefined) return id;
      const because = rule.because === null ? "" : `, because “${rule.because}”`;
      return `${id} (${placeText(rule, null)}${because})`;
    })
    .join(", ");
}
