/** Whom a share may name: it is the only grant to principals of other tenants. */
import type { Who } from "../ast/statement.ts";
import { finding } from "../diagnostics/table.ts";
import type { Setting, Use } from "./scope.ts";

/** Reports all but roles of the platform and principal types. Names that stand for nothing are reported elsewhere. */
export function checkShareWho({ report, roles }: Setting, use: Use, who: Who): void {
  // A role that tenants assign is refused here, and nothing that a waiver could let in.
  for (const [fact, { start, end }] of use.delegated)
    if (start >= who.span.start && end <= who.span.end) use.delegated.delete(fact);
  if (who.kind === "anyone") {
    report.add(finding("guardrail/share-who", who.span, { who: "`anyone`", why: "nobody says who that is" }));
    return;
  }
  for (const { text, span } of who.names) {
    const role = roles.get(text);
    if (role === undefined || role.platform) continue;
    const why = role.delegated
      ? "tenants assign it, each to its own people"
      : "it is not declared as a role of the platform";
    report.add(finding("guardrail/share-who", span, { who: `the role \`${text}\``, why }));
  }
}
