import type { ruleDiagnostics } from "../rules.ts";
import type { suppressionDiagnostics } from "../suppressions.ts";
import type { PagesOf } from "./page.ts";

/** Pages about lints: advice that a comment can suppress. */
export const lintPages = {
  "lint/unconditional-permit": {
    summary: "A permit is for anyone and has no condition.",
    why: "Whatever else the policy says, the rows stand open to everyone of the tenant, also to roles that come later.",
    noFix: "A condition, or the roles that are meant, are its author's to name.",
    wrong: "permit ⟪catalogue⟫: anyone to read Loan",
    right: "permit catalogue: reader, librarian to read Loan",
  },
  "lint/exact-time": {
    summary: "The clock is compared with one time of day.",
    why: "The clock shows microseconds, so a rule that asks for `22:00` alone hardly ever holds. A list of two times is no range.",
    noFix: "Before, after, or within how much: its author knows which is meant.",
    wrong: "forbid night: anyone to update Loan\n  when clock.time in [⟪22:00⟫, ⟪06:00⟫]",
    right: "forbid night: anyone to update Loan\n  when clock.time in 22:00..06:00",
  },
  "lint/always-same": {
    summary: "A comparison has the same answer for all values that the fact can have.",
    why: "The rule reads as if it drew a line, and draws none.",
    noFix: "What was meant instead, another number or another attribute, is its author's to say.",
    wrong: "permit desk: librarian to read Loan\n  when ⟪principal.level >= 0⟫",
    right: "permit desk: librarian to read Loan\n  when principal.level >= 1",
  },
  "lint/never-holds": {
    summary: "The conditions of a rule can never be true at the same time.",
    why: "All `when`s of a rule must hold. A permit that never holds gives nothing, and a forbid that never holds protects nothing.",
    noFix: "Which of the two conditions is the wrong one is its author's to say.",
    wrong:
      "permit desk: librarian to read Loan\n  when resource.shelf == open\n  when ⟪resource.shelf == rare⟫",
    right: "permit desk: librarian to read Loan\n  when resource.shelf in [open, rare]",
  },
  "lint/unused-let": {
    summary: "No rule uses a let.",
    why: "Most often a condition was meant to stand in a rule, and was left out of it.",
    wrong: "let ⟪own_branch⟫ = principal in resource.branch\n\npermit desk: librarian to read Loan",
    right:
      "let own_branch = principal in resource.branch\n\npermit desk: librarian to read Loan\n  when own_branch",
  },
  "lint/redundant-has": {
    summary: "`has` asks for a fact that is never absent.",
    why: "The condition always holds. Perhaps another fact was meant.",
    noFix:
      "What it is joined to by `and`, `or` and `not` decides what remains without it; to leave it out by hand takes a moment's look.",
    wrong: 'permit desk: librarian to read Loan\n  when has ⟪resource.title⟫ and resource.title == "Emma"',
    right: 'permit desk: librarian to read Loan\n  when resource.title == "Emma"',
  },
  "lint/redundant-fallback": {
    summary: "A default is given for a fact that is never absent.",
    why: "The default has no effect, and reads as if the fact could be absent.",
    wrong: 'permit desk: librarian to read Loan\n  when ⟪resource.title⟫ ?? "" == "Emma"',
    right: 'permit desk: librarian to read Loan\n  when resource.title == "Emma"',
  },
} as const satisfies Partial<PagesOf<typeof ruleDiagnostics>>;

/** Pages about the comments that suppress lints. */
export const suppressionPages = {
  "suppression/no-reason": {
    summary: "A comment suppresses a lint and does not say why.",
    why: "Whoever reads the rule next must be able to judge whether the reason still holds. The comment has no effect.",
    wrong: {
      text: "⟪// allow lint/unconditional-permit⟫\npermit catalogue: anyone to read Loan",
      also: ["lint/unconditional-permit"],
    },
    right:
      "// allow lint/unconditional-permit: the catalogue is public\npermit catalogue: anyone to read Loan",
  },
  "suppression/not-a-lint": {
    summary: "A comment is to suppress a finding that is no lint.",
    why: "Lints are advice. Every other finding is about what the policy means, and stays.",
    wrong: "// allow ⟪type/unguarded⟫: always set\npermit desk: librarian to read Loan",
    right: "permit desk: librarian to read Loan",
  },
  "suppression/unknown-lint": {
    summary: "A comment names a lint that there is not.",
    why: "The lint that was meant is not suppressed.",
    wrong: {
      text: "// allow ⟪lint/uncondtional-permit⟫: the catalogue is public\npermit catalogue: anyone to read Loan",
      also: ["lint/unconditional-permit"],
    },
    right:
      "// allow lint/unconditional-permit: the catalogue is public\npermit catalogue: anyone to read Loan",
  },
  "suppression/unused": {
    summary: "A comment suppresses a lint that is not found there.",
    why: "It would hide the next mistake of that kind.",
    wrong:
      "// allow ⟪lint/unconditional-permit⟫: the catalogue is public\npermit catalogue: reader to read Loan",
    right: "permit catalogue: reader to read Loan",
  },
} as const satisfies PagesOf<typeof suppressionDiagnostics>;
