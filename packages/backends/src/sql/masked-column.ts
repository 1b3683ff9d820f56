/** A column as a mask shows it, exactly as core's `maskValue` has it. NULL stays NULL. */
import { type Mask, maskSign, type SqlExpression, type SqlFunction, type SqlType } from "@wardline/core";

export function maskedColumn(mask: Mask, column: SqlExpression, type: SqlType): SqlExpression {
  const sign: SqlExpression = { kind: "text", value: maskSign };
  switch (mask.kind) {
    case "show":
      return column;
    case "initials":
      return call("regexp_replace", column, text("([^ ])[^ ]*"), text("\\1."), text("g"));
    case "partial":
      return inPart(column, mask.last, join(sign, call("right", column, whole(mask.last))));
    case "partial_first":
      return inPart(column, mask.first, join(call("left", column, whole(mask.first)), sign));
    case "bucket":
      return bucket(column, mask.size, type);
    case "month":
    case "year":
      return firstDay(mask.kind, column, type);
    case "redact":
      return {
        kind: "case",
        when: [
          { condition: { kind: "is_null", of: column, negated: false }, result: { kind: "null", type } },
        ],
        otherwise: sign,
      };
    case "hide":
      return { kind: "null", type };
    case "token":
    case "hash":
      // Invariant: a field under a mask that needs a key leaves as a marked cell.
      throw new TypeError(`${mask.kind} needs a key, and no database has one`);
  }
}

/** The sign alone where the text is shorter than twice what would be shown. */
function inPart(column: SqlExpression, count: number, shown: SqlExpression): SqlExpression {
  const isShort: SqlExpression = {
    kind: "binary",
    op: "<",
    left: call("char_length", column),
    right: whole(2 * count),
  };
  return {
    kind: "case",
    when: [{ condition: isShort, result: text(maskSign) }],
    otherwise: shown,
  };
}

/** Rounded towards minus infinity without a division, which of numerics is not exact: `c - mod(mod(c, n) + n, n)`. */
function bucket(column: SqlExpression, size: number, type: SqlType): SqlExpression {
  const by: SqlExpression = { kind: "cast", of: whole(size), type };
  const rest = call("mod", column, by);
  const above = call("mod", { kind: "binary", op: "+", left: rest, right: by }, by);
  return { kind: "binary", op: "-", left: column, right: above };
}

function firstDay(unit: "month" | "year", column: SqlExpression, type: SqlType): SqlExpression {
  if (type === "timestamptz") return call("date_trunc", text(unit), column, text("UTC"));
  // By way of a timestamp: a date alone would become an instant in the session's time zone.
  const day: SqlExpression = { kind: "cast", of: column, type: "timestamp" };
  return { kind: "cast", of: call("date_trunc", text(unit), day), type };
}

function call(name: SqlFunction, ...args: readonly SqlExpression[]): SqlExpression {
  return { kind: "call", name, args };
}

function text(value: string): SqlExpression {
  return { kind: "text", value };
}

function whole(value: number): SqlExpression {
  return { kind: "integer", value };
}

function join(left: SqlExpression, right: SqlExpression): SqlExpression {
  return { kind: "binary", op: "||", left, right };
}
