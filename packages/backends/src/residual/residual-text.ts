/** A residual in plain words, for people. */
import { maskText, obligationText, sourceText, valueText, type ScalarType } from "@wardline/core";
import type { Condition, Obligation, WireScalar } from "@wardline/core";
import type { Residual, ResidualBody, RowAtom, RowOperand } from "./residual.ts";

/** The most lines that are written: conditions that are shared could go on without end. */
const mostLines = 400;
/** The most values of a list that are named. */
const mostNamed = 8;

/** Which rows, how their fields are shown, and what is owed: lines without a line break at the end. */
export function residualText(residual: Residual): string {
  const lines = linesOf(residual);
  const shown = lines.length > mostLines ? [...lines.slice(0, mostLines), "…"] : lines;
  return shown.join("\n");
}

function linesOf(residual: Residual): readonly string[] {
  const asked = `${residual.action} ${residual.type}`;
  switch (residual.kind) {
    case "always":
      return [`${asked}: every row${ofTenant(residual)}`, ...effectLines(residual)];
    case "predicate":
      return [
        `${asked}: the rows${ofTenant(residual)} where`,
        ...conditionLines(residual, residual.permitted, "  "),
        ...effectLines(residual),
      ];
    case "never":
      return [`${asked}: no row${whyNot(residual)}`, ...residual.challenge.map(helpText)];
  }
}

function ofTenant({ tenant }: ResidualBody): string {
  return tenant === null ? "" : ` of ${tenant}`;
}

function whyNot({ decision }: Extract<Residual, { kind: "never" }>): string {
  if (decision === null) return "";
  const rules = decision.rules.length === 0 ? "" : ` by ${decision.rules.join(", ")}`;
  return ` (${decision.reason ?? decision.outcome}${rules})`;
}

function helpText(needs: readonly Obligation[]): string {
  return `  some with ${needs.map(obligationText).join(" and ")}`;
}

function effectLines(residual: Exclude<Residual, { kind: "never" }>): readonly string[] {
  const fields = residual.fields.flatMap(({ field, masks }) =>
    masks.flatMap(({ mask, when }, i) => {
      const first = i === 0 ? "" : "else ";
      const last = i === masks.length - 1;
      const said = `  ${field}: ${first}${mask.kind === "show" ? "shown" : maskText(mask)}`;
      return last ? [said] : [`${said} where`, ...conditionLines(residual, when, "    ")];
    }),
  );
  const owed = residual.obligations.flatMap(({ obligation, when }) => {
    const said = `  ${obligationText(obligation)}`;
    return isConstant(residual, when) ? [said] : [`${said} where`, ...conditionLines(residual, when, "    ")];
  });
  return [...fields, ...owed];
}

function isConstant({ conditions }: ResidualBody, index: number): boolean {
  return conditions[index]?.kind === "constant";
}

function conditionLines(body: ResidualBody, index: number, indent: string): readonly string[] {
  const lines: string[] = [];
  const write = (at: number, before: string): void => {
    // One more than is shown says that there is more.
    if (lines.length > mostLines) return;
    const condition = body.conditions[at] as Condition;
    switch (condition.kind) {
      case "constant":
        lines.push(`${before}${condition.value ? "always" : "never"}`);
        return;
      case "atom": {
        const text = atomText(body, body.atoms[condition.atom] as RowAtom);
        lines.push(`${before}${condition.negated ? `not (${text})` : text}`);
        return;
      }
      case "and":
      case "or":
        lines.push(`${before}${condition.kind === "and" ? "all of" : "one of"}`);
        for (const child of condition.of) write(child, `${before}  `);
    }
  };
  write(index, indent);
  return lines;
}

const signs = { eq: "==", lt: "<", le: "<=", gt: ">", ge: ">=" } as const;

function atomText(body: ResidualBody, atom: RowAtom): string {
  const fact = (index: number) => factText(body, index);
  const operand = (of: RowOperand, type: ScalarType) => operandText(body, of, type);
  const text: ScalarType = { kind: "string" };
  switch (atom.kind) {
    case "compare":
      return `${operand(atom.left, atom.type)} ${signs[atom.op]} ${operand(atom.right, atom.type)}`;
    case "truth":
      return operand(atom.of, { kind: "bool" });
    case "one_of":
      return `${operand(atom.of, atom.type)} in ${listText(atom.values, atom.type)}`;
    case "contains":
      return `${fact(atom.set)}.contains(${operand(atom.of, atom.type)})`;
    case "empty":
      return `${fact(atom.set)}.is_empty`;
    case "text":
      return `${operand(atom.of, text)}.${atom.op}(${operand(atom.part, text)})`;
    case "in_network":
      return `${operand(atom.of, { kind: "ip" })} in [${atom.networks.join(", ")}]`;
    case "has":
      return `has ${fact(atom.fact)}`;
    case "related":
      return `${fact(atom.relation)}(${operand(atom.from, text)}, ${operand(atom.to, text)})`;
  }
}

function factText({ facts }: ResidualBody, index: number): string {
  const fact = facts[index];
  if (fact === undefined) throw new RangeError(`no fact ${index}`);
  return sourceText(fact.source);
}

function operandText(body: ResidualBody, operand: RowOperand, type: ScalarType): string {
  if (operand.kind === "constant") return valueText(operand.value, type);
  const path = factText(body, operand.fact);
  return operand.fallback === null ? path : `${path} ?? ${valueText(operand.fallback, type)}`;
}

function listText(values: readonly WireScalar[], type: ScalarType): string {
  const named = values.slice(0, mostNamed).map((value) => valueText(value, type));
  const more = values.length - named.length;
  return `[${named.join(", ")}${more > 0 ? `, and ${more} more` : ""}]`;
}
