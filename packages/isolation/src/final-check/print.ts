/**
 * A checked statement as text. It prints the nodes that the check builds and no others; every operand stands in parentheses
 * unless nothing can tear it apart, and every name is quoted. The text is parsed again and compared with the tree.
 */
import type { DeleteStmt, InsertStmt, Node, SelectStmt, UpdateStmt, WithClause } from "libpg-query";
import { expected, opened } from "./checking.ts";
import { printExpression } from "./print-expression.ts";
import { list, name, type Print } from "./print-text.ts";
import { Refused } from "./rules.ts";

export function printStatement(node: Node): string {
  const [kind] = opened(node);
  switch (kind) {
    case "SelectStmt":
      return printSelect(expected(node, kind));
    case "InsertStmt":
      return printInsert(expected(node, kind));
    case "UpdateStmt":
      return printUpdate(expected(node, kind));
    case "DeleteStmt":
      return printDelete(expected(node, kind));
    default:
      throw new Refused("deparse/different");
  }
}

const print: Print = (node) => printExpression(node, printSelect);

function printSelect(select: SelectStmt): string {
  const parts: string[] = [];
  if (select.withClause !== undefined) parts.push(printWith(select.withClause));
  const { op = "SETOP_NONE", larg, rarg } = select;
  if (op !== "SETOP_NONE" && larg !== undefined && rarg !== undefined)
    parts.push(
      `(${printSelect(larg)}) ${setWords(op)}${select.all === true ? " ALL" : ""} (${printSelect(rarg)})`,
    );
  else if (select.valuesLists !== undefined)
    parts.push(
      `VALUES ${list(select.valuesLists, (row) => `(${list(expected(row, "List").items, print)})`)}`,
    );
  else parts.push(printPlain(select));
  if (select.sortClause !== undefined) parts.push(`ORDER BY ${list(select.sortClause, print)}`);
  if (select.limitCount !== undefined)
    parts.push(
      select.limitOption === "LIMIT_OPTION_WITH_TIES"
        ? `FETCH FIRST (${print(select.limitCount)}) ROWS WITH TIES`
        : `LIMIT ${print(select.limitCount)}`,
    );
  if (select.limitOffset !== undefined) parts.push(`OFFSET ${print(select.limitOffset)}`);
  for (const lock of select.lockingClause ?? [])
    parts.push(lockWords(expected(lock, "LockingClause").strength));
  return parts.join(" ");
}

function printPlain(select: SelectStmt): string {
  const parts = ["SELECT"];
  if (select.distinctClause !== undefined) {
    const on = select.distinctClause.filter((node) => opened(node)[0] !== "");
    parts.push(on.length === 0 ? "DISTINCT" : `DISTINCT ON (${list(on, print)})`);
  }
  if (select.targetList !== undefined) parts.push(list(select.targetList, printOutput));
  if (select.fromClause !== undefined) parts.push(`FROM ${list(select.fromClause, printItem)}`);
  if (select.whereClause !== undefined) parts.push(`WHERE ${print(select.whereClause)}`);
  if (select.groupClause !== undefined) parts.push(`GROUP BY ${list(select.groupClause, print)}`);
  if (select.havingClause !== undefined) parts.push(`HAVING ${print(select.havingClause)}`);
  return parts.join(" ");
}

function printOutput(node: Node): string {
  const { val, name: as } = expected(node, "ResTarget");
  return `${print(val)}${as === undefined ? "" : ` AS ${name(as)}`}`;
}

function printItem(node: Node): string {
  const [kind] = opened(node);
  switch (kind) {
    case "RangeVar": {
      const { schemaname, relname = "", alias } = expected(node, kind);
      const table = schemaname === undefined ? name(relname) : `${name(schemaname)}.${name(relname)}`;
      return `${table} AS ${name(alias?.aliasname ?? "")}`;
    }
    case "RangeSubselect": {
      const { lateral, subquery, alias } = expected(node, kind);
      const columns = alias?.colnames === undefined ? "" : ` (${list(alias.colnames, printName)})`;
      const select = printSelect(expected(subquery, "SelectStmt"));
      return `${lateral === true ? "LATERAL " : ""}(${select}) AS ${name(alias?.aliasname ?? "")}${columns}`;
    }
    case "JoinExpr": {
      const { jointype, larg, rarg, quals } = expected(node, kind);
      const words = quals === undefined ? "CROSS JOIN" : joinWords(jointype);
      const right =
        rarg !== undefined && "JoinExpr" in rarg ? `(${printItem(rarg)})` : printItem(rarg as Node);
      return `${printItem(larg as Node)} ${words} ${right}${quals === undefined ? "" : ` ON ${print(quals)}`}`;
    }
    default:
      throw new Refused("deparse/different");
  }
}

function printName(node: Node): string {
  return name(expected(node, "String").sval ?? "");
}

function printWith({ recursive, ctes }: WithClause): string {
  const expressions = list(ctes, (node) => {
    const { ctename = "", aliascolnames, ctematerialized, ctequery } = expected(node, "CommonTableExpr");
    const columns = aliascolnames === undefined ? "" : ` (${list(aliascolnames, printName)})`;
    const words = {
      CTEMaterializeDefault: "",
      CTEMaterializeAlways: "MATERIALIZED ",
      CTEMaterializeNever: "NOT MATERIALIZED ",
    };
    const kept = words[ctematerialized ?? "CTEMaterializeDefault"];
    return `${name(ctename)}${columns} AS ${kept}(${printSelect(expected(ctequery, "SelectStmt"))})`;
  });
  return `WITH ${recursive === true ? "RECURSIVE " : ""}${expressions}`;
}

function printInsert(insert: InsertStmt): string {
  const columns = list(insert.cols, (node) => name(expected(node, "ResTarget").name ?? ""));
  const rows = printSelect(expected(insert.selectStmt, "SelectStmt"));
  const parts = [`INSERT INTO ${printItem({ RangeVar: insert.relation ?? {} })} (${columns}) ${rows}`];
  const conflict = insert.onConflictClause;
  if (conflict !== undefined) {
    const target = list(conflict.infer?.indexElems, (node) => name(expected(node, "IndexElem").name ?? ""));
    const update = conflict.action === "ONCONFLICT_UPDATE";
    parts.push(
      `ON CONFLICT (${target}) DO ${update ? `UPDATE SET ${printSets(conflict.targetList)}` : "NOTHING"}`,
    );
    if (conflict.whereClause !== undefined) parts.push(`WHERE ${print(conflict.whereClause)}`);
  }
  return [...parts, ...returning(insert)].join(" ");
}

function printUpdate(update: UpdateStmt): string {
  const parts = [
    `UPDATE ${printItem({ RangeVar: update.relation ?? {} })} SET ${printSets(update.targetList)}`,
  ];
  if (update.fromClause !== undefined) parts.push(`FROM ${list(update.fromClause, printItem)}`);
  if (update.whereClause !== undefined) parts.push(`WHERE ${print(update.whereClause)}`);
  return [...parts, ...returning(update)].join(" ");
}

function printDelete(remove: DeleteStmt): string {
  const parts = [`DELETE FROM ${printItem({ RangeVar: remove.relation ?? {} })}`];
  if (remove.usingClause !== undefined) parts.push(`USING ${list(remove.usingClause, printItem)}`);
  if (remove.whereClause !== undefined) parts.push(`WHERE ${print(remove.whereClause)}`);
  return [...parts, ...returning(remove)].join(" ");
}

function printSets(targets: readonly Node[] | undefined): string {
  return list(targets, (node) => {
    const { name: column = "", val } = expected(node, "ResTarget");
    return `${name(column)} = ${print(val)}`;
  });
}

function returning({ returningClause }: InsertStmt | UpdateStmt | DeleteStmt): readonly string[] {
  return returningClause === undefined ? [] : [`RETURNING ${list(returningClause.exprs, printOutput)}`];
}

function setWords(op: string): string {
  if (op === "SETOP_UNION") return "UNION";
  return op === "SETOP_INTERSECT" ? "INTERSECT" : "EXCEPT";
}

function joinWords(type: string | undefined): string {
  if (type === "JOIN_LEFT") return "LEFT JOIN";
  if (type === "JOIN_RIGHT") return "RIGHT JOIN";
  return type === "JOIN_FULL" ? "FULL JOIN" : "JOIN";
}

function lockWords(strength: string | undefined): string {
  if (strength === "LCS_FORKEYSHARE") return "FOR KEY SHARE";
  if (strength === "LCS_FORSHARE") return "FOR SHARE";
  return strength === "LCS_FORNOKEYUPDATE" ? "FOR NO KEY UPDATE" : "FOR UPDATE";
}
