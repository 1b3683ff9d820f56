import type { syntaxDiagnostics } from "../syntax.ts";
import type { typeDiagnostics } from "../types.ts";
import type { PagesOf } from "./page.ts";

type LimitDiagnostics = typeof syntaxDiagnostics & typeof typeDiagnostics;
type Limits = Pick<LimitDiagnostics, Extract<keyof LimitDiagnostics, `limit/${string}`>>;

const times = (count: number, one: (index: number) => string, between = "") =>
  Array.from({ length: count }, (_, index) => one(index)).join(between);
const rules = (count: number) => times(count, (n) => `permit rule_${n}: librarian to read Loan\n`);
const titles = (count: number) => times(count, (n) => `resource.title == "t${n}"`, " or ");

/** `let`s that each say the one before twice. */
const doubling = (count: number) =>
  `let l0 = resource.lost or context.mfa\n${times(count, (n) => `let l${n + 1} = l${n} or not l${n}\n`)}`;

/** Pages about the limits of a tenant's text. */
export const limitPages = {
  "limit/text": {
    summary: "The text is longer than 64 KiB.",
    why: "Tenants' texts are compiled beside one another; one that is endless would take the time of all.",
    wrong: {
      text: `⟪⟫policy north for library\n\n// ${"x".repeat(65_536)}\npermit desk: librarian to read Loan`,
      shown: "policy north for library\n\n// xxxxxxxx… (65,536 more)\npermit desk: librarian to read Loan",
    },
    right: "permit desk: librarian to read Loan",
  },
  "limit/depth": {
    summary: "Parentheses, brackets or `not`s are nested too deep.",
    why: "The limit bounds what the parser needs, so that no text can make it fail. No person reads sixteen levels.",
    wrong: `permit desk: librarian to read Loan\n  when ${"(".repeat(16)}⟪(⟫resource.lost${")".repeat(17)}`,
    right: "permit desk: librarian to read Loan\n  when resource.lost",
  },
  "limit/findings": {
    summary: "There are more findings than a report holds.",
    why: "The first ones say what to do; many of the rest often follow from them.",
    wrong: {
      text: `${times(99, (n) => `permit rule_${n}: raeder to read Loan\n`)}permit rule_99: ⟪raeder⟫ to read Loan\npermit rule_100: raeder to read Loan\n`,
      shown: "permit rule_0: raeder to read Loan\n… (100 more)",
      also: ["name/unknown"],
    },
    right: "permit desk: reader to read Loan",
  },
  "limit/warnings": {
    summary: "There are more findings than a report holds; those that are left out are warnings.",
    why: "The first ones say what to do. The policy itself is accepted.",
    wrong: {
      text: `${times(99, (n) => `permit rule_${n}: anyone to read Loan\n`)}permit ⟪rule_99⟫: anyone to read Loan\npermit rule_100: anyone to read Loan\n`,
      shown: "permit rule_0: anyone to read Loan\n… (100 more)",
      also: ["lint/unconditional-permit"],
    },
    right: "permit desk: reader to read Loan",
  },
  "limit/statements": {
    summary: "The text has more than 500 statements.",
    why: "Each statement is checked against each type and action that it reaches; the limit keeps that quick.",
    wrong: {
      text: `${rules(500)}⟪permit⟫ rule_500: librarian to read Loan\n`,
      shown: "permit rule_0: librarian to read Loan\n… (500 more)",
    },
    right: "permit desk: librarian to read Loan",
  },
  "limit/expansion": {
    summary: "The lets of the policy expand to more than a rule may hold.",
    why: "A let stands for its whole condition. Lets that say one another several times double with each step.",
    wrong: {
      text: `${doubling(14)}permit ⟪desk⟫: librarian to read Loan\n  when l14\n`,
      shown:
        "let l0 = resource.lost or context.mfa\nlet l1 = l0 or not l0\nlet l2 = l1 or not l1\n… (12 more)\npermit desk: librarian to read Loan\n  when l14",
    },
    right: "let quiet = resource.lost or context.mfa\npermit desk: librarian to read Loan\n  when quiet",
  },
  "limit/expansion-total": {
    summary: "The rules of the policy expand to more than all of them together may hold.",
    why: "A rule is checked once for each principal type, action and entity that it reaches; a large condition that reaches everything counts each time.",
    wrong: {
      text: `${doubling(11).replace("resource.lost or ", "")}permit ⟪desk⟫: anyone to act on anything\n  when l11 and l10\n`,
      shown:
        "let l0 = context.mfa\nlet l1 = l0 or not l0\nlet l2 = l1 or not l1\n… (9 more)\npermit desk: anyone to act on anything\n  when l11 and l10",
    },
    right: "let quiet = context.mfa\npermit desk: librarian to read Loan\n  when quiet",
  },
  "limit/nesting": {
    summary: "Lets stand more than 200 deep in one another.",
    why: "The depth bounds what the checker needs, so that no policy can make it fail.",
    wrong: {
      text: `let l0 = resource.lost\n${times(200, (n) => `let l${n + 1} = not l${n}\n`)}permit ⟪desk⟫: librarian to read Loan\n  when l200\n`,
      shown:
        "let l0 = resource.lost\nlet l1 = not l0\nlet l2 = not l1\n… (198 more)\npermit desk: librarian to read Loan\n  when l200",
    },
    right: "let found = not resource.lost\npermit desk: librarian to read Loan\n  when found",
  },
  "limit/atoms": {
    summary: "The rules for one action and type ask more than 64 different questions.",
    why: "Each question is part of every query on that type. A database answers a long list of them slowly.",
    wrong: {
      text: `permit ⟪desk⟫: librarian to read Loan\n  when ${titles(64)}\n`,
      shown:
        'permit desk: librarian to read Loan\n  when resource.title == "t0" or resource.title == "t1" or … (62 more)',
    },
    right: 'permit desk: librarian to read Loan\n  when resource.title in ["t0", "t1", "t2"]',
  },
  "limit/exists": {
    summary: "The rules for one action and type look into other tables more than 24 times.",
    why: "Each of these is a search in another table for every row of a list.",
    wrong: {
      text: `permit ⟪desk⟫: librarian to read Loan\n  when ${times(25, (n) => `resource.marks.contains("m${n}")`, " or ")}\n`,
      shown:
        'permit desk: librarian to read Loan\n  when resource.marks.contains("m0") or resource.marks.contains("m1") or … (23 more)',
    },
    right: 'permit desk: librarian to read Loan\n  when resource.marks.contains("m0")',
  },
} as const satisfies PagesOf<Limits>;
