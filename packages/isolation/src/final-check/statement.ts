/** One statement: what it may be, and what is known only when all of it has been read. */
import type { Node } from "libpg-query";
import { checkDelete, checkUpdate } from "./change.ts";
import { checkSelect, expected, noNames, opened, type Checking } from "./checking.ts";
import { checkControlCall, isControlCall } from "./control-call.ts";
import { checkInsert } from "./insert.ts";
import { Refused } from "./rules.ts";

/** The statement with every name resolved. Throws {@link Refused}. */
export function checkStatement(checking: Checking, statement: Node | undefined): Node {
  const checked = checkKind(checking, statement);
  const { demand, found } = checking;
  demand("parameter/tenant", found.tenants === 0 || found.firsts === 0);
  // A parameter takes its type where it stands first; elsewhere it is converted, or the column is.
  const converts = [...found.uses].some(([number, uses]) => number !== 1 && uses > 1);
  demand("fence/open", !(found.leaks || converts) || !found.opens);
  for (const target of found.targets) demand("target/alias", found.aliases.get(target) === 1);
  return checked;
}

function checkKind(checking: Checking, statement: Node | undefined): Node {
  const [kind] = opened(statement);
  switch (kind) {
    case "SelectStmt": {
      const select = expected(statement, kind);
      if (isControlCall(select)) return { SelectStmt: checkControlCall(checking, select) };
      return { SelectStmt: checkSelect(checking, select, noNames, "statement").node };
    }
    case "InsertStmt":
      return { InsertStmt: checkInsert(checking, expected(statement, kind), noNames) };
    case "UpdateStmt":
      return { UpdateStmt: checkUpdate(checking, expected(statement, kind), noNames) };
    case "DeleteStmt":
      return { DeleteStmt: checkDelete(checking, expected(statement, kind), noNames) };
    default:
      throw new Refused("statement/kind");
  }
}
