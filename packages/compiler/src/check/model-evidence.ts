/** What meets a precondition: `evidence mfa from context.mfa, context.mfa_age`. */
import type { ScalarType, Span, ValueType } from "@wardline/core";
import type { EvidenceStatement } from "../ast/statement.ts";
import { finding } from "../diagnostics/table.ts";
import { declare } from "./declare.ts";
import type { Report } from "./report.ts";
import { unknownName } from "./suggest.ts";
import type { EntitySymbol, EvidenceSymbol, FactSymbol } from "./symbols.ts";

/** The evidence that meets the precondition `reason`. */
export const reasonEvidence = "reason";

/** The evidence that meets `approval` without a name. All but these two is a factor of `step_up`. */
export const approvalEvidence = "approval";

export function checkEvidence(
  report: Report,
  context: ReadonlyMap<string, FactSymbol>,
  principals: readonly EntitySymbol[],
  statements: readonly EvidenceStatement[],
): ReadonlyMap<string, EvidenceSymbol> {
  const evidence = new Map<string, EvidenceSymbol>();
  const seen = new Map<string, Span>();
  for (const statement of statements) {
    if (!declare(report, seen, "evidence", statement.name)) continue;
    const name = statement.name.text;
    const most = name === reasonEvidence ? 1 : 2;
    statement.facts.forEach((fact, place) => {
      const types = factTypes(context, principals, fact.root, fact.name.text);
      if (types.length === 0) {
        const known =
          fact.root === "context" ? context.keys() : principals.flatMap((p) => [...p.fields.keys()]);
        report.add(unknownName(fact.root === "context" ? "context fact" : "attribute", fact.name, known));
        return;
      }
      for (const found of types) {
        const problem =
          place < most
            ? misfit(name, place, found)
            : `\`${name}\` has at most ${most === 1 ? "one fact" : "two facts"}`;
        if (problem !== null) report.add(finding("model/evidence", fact.span, { problem }));
      }
    });
    evidence.set(name, {
      name,
      facts: statement.facts.map((fact) => ({ root: fact.root, name: fact.name.text })),
    });
  }
  return evidence;
}

interface FactType {
  readonly type: ValueType;
  readonly optional: boolean;
}

function factTypes(
  context: ReadonlyMap<string, FactSymbol>,
  principals: readonly EntitySymbol[],
  root: "context" | "principal",
  name: string,
): readonly FactType[] {
  if (root === "context") {
    const fact = context.get(name);
    return fact === undefined ? [] : [fact];
  }
  return principals.flatMap((principal) => principal.fields.get(name)?.model ?? []);
}

function misfit(name: string, place: number, { type, optional }: FactType): string | null {
  if (name === reasonEvidence)
    return optional ? null : "the evidence for `reason` is a fact that may be absent: declare it with `?`";
  const wanted: ScalarType["kind"] = place === 0 ? "bool" : "duration";
  if (type.kind === wanted) return null;
  return place === 0
    ? `the first fact of \`${name}\` says whether it is there: a Bool`
    : `the second fact of \`${name}\` says how long ago: a Duration`;
}
