/** A decision in a word and a sentence. Forbidden and not granted are two things: the one has a rule against it, the other none for it. */
import type { Decision, Program, Reason, RequestDocument } from "@wardline/core";
import { andText, plain, withArticle } from "../plain-words.ts";
import { obligationWords, ruleName, whoText } from "./words.ts";

export function verdictOf({ outcome, reason, rules }: Decision): string {
  switch (outcome) {
    case "permit":
      return "Allowed";
    case "challenge":
      return "Allowed after a further step";
    case "deny":
      if (reason === "forbidden") return "Forbidden";
      if (reason === "not_granted" && rules.length > 0) return "Not allowed now: a limit is used up";
      return reason === "not_granted" ? "Not allowed: nothing grants it" : "Not allowed";
  }
}

/** `ada (billing) may list a Loan.` */
export function verdictSentence(program: Program, request: RequestDocument, decision: Decision): string {
  const what = `${plain(request.action.name)} ${request.action.name === "create" ? withArticle(`new ${request.resource.type}`) : `this ${request.resource.type}`}`;
  const who = whoText(request);
  switch (decision.outcome) {
    case "permit":
      return `${who} may ${what}.`;
    case "challenge":
      return `${who} may ${what} after ${andText(decision.obligations.map(obligationWords))}.`;
    case "deny":
      switch (decision.reason) {
        case "forbidden":
          return `${who} may not ${what}: ${andText(decision.rules.map((id) => ruleWords(program, id)))}.`;
        case "out_of_scope":
          return `${who} may not ${what}: it belongs to another tenant.`;
        case "invalid_input":
          return `The question is not complete.`;
        case "not_granted":
        case null:
          return `${who} may not ${what}.`;
      }
  }
}

function ruleWords(program: Program, id: string): string {
  const because = program.rules.find((rule) => rule.id === id)?.because ?? null;
  return because === null ? `the rule ${ruleName(id)} forbids it` : `“${because}” (${ruleName(id)})`;
}

/** A reason of a decision as a sentence. */
export function reasonWords(program: Program, reason: Reason): string {
  const rules = (ids: readonly string[], one: string, many: string) =>
    `${ids.length === 1 ? "The rule" : "The rules"} ${andText(ids.map(ruleName))} ${ids.length === 1 ? one : many}`;
  switch (reason.kind) {
    case "invalid_input":
      return `The question is not complete: ${reason.problems.map(({ path, problem }) => `${path}: ${problem}`).join("; ")}.`;
    case "other_tenant":
      return "The question is another tenant's.";
    case "foreign_row":
      return "The row belongs to another tenant. No policy can allow that.";
    case "forbidden": {
      const why = reason.rules.flatMap((id) => program.rules.find((rule) => rule.id === id)?.because ?? []);
      const said = why.length === 0 ? "" : `: ${why.join("; ")}`;
      return `${rules(reason.rules, "forbids it", "forbid it")}${said}. Whatever else is allowed, this stops it.`;
    }
    case "no_permit":
      return reason.rules.length === 0
        ? "No rule is about this: what nobody grants is not allowed."
        : `Nothing forbids it, but no rule grants it: ${rules(reason.rules, "is about this and does not apply here", "are about this and do not apply here").replace(/^The/, "the")}.`;
    case "abroad":
      return "The person belongs to another tenant, and the platform shares nothing with them here.";
    case "ceiling":
      return reason.clipped.length === 0
        ? "The platform does not let any policy grant this."
        : `${rules(reason.clipped, "would allow it, but the platform does not let it", "would allow it, but the platform does not let them")}.`;
    case "limit":
      return `${rules(reason.rules, "has nothing left of its limit", "have nothing left of their limits")}.`;
    case "unmet":
      return `${rules(reason.rules, "asks for", "ask for")} ${andText(reason.obligations.map(obligationWords))}.`;
    case "granted":
      return reason.floors.length > 0
        ? `${rules(reason.rules, "allows it", "allow it")}; the platform guarantees it.`
        : `${rules(reason.rules, "allows it", "allow it")}.`;
  }
}
