/** What a statement does to its session, from its first word and the command tag that answered it. */

export function opensTransaction(sql: string): boolean {
  return /^\s*(begin|start\s+transaction)\b/i.test(sql);
}

/** After these the session is as it was, once the transaction has ended. */
const tracelessText =
  /^\s*(select|with|insert|update|delete|merge|begin|commit|rollback|savepoint|release|declare|fetch|close)\b/i;
const tracelessTag =
  /^(SELECT|INSERT|UPDATE|DELETE|MERGE|BEGIN|COMMIT|ROLLBACK|SAVEPOINT|RELEASE|DECLARE CURSOR|FETCH|CLOSE CURSOR)\b/;

/** True for all others: settings, prepared statements, listening, tables, temporary ones made by a select too. */
export function leavesState(sql: string, tag: string): boolean {
  return !tracelessText.test(sql) || !tracelessTag.test(tag);
}
