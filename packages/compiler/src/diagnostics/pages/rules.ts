import type { ruleDiagnostics } from "../rules.ts";
import type { PagesOf } from "./page.ts";

/** A small model with something of its own. */
/** A model with rows that all tenants share. */
const rates = (field: string) => `model library

principal Member { }

entity Rate shared stored in rates {
  ${field}
}

action read, list reads Rate
`;

const stamps = (more: string) => `model library

context {
  mfa: Bool
  purpose: String?
}

${more}entity Stamp stored in stamps {
  label: String
}

action read, list reads Stamp
`;

/** Pages about the reach of rules and their obligations. */
export const rulePages = {
  "reach/no-action": {
    summary: "An action is not one of the types that the rule names.",
    why: "The rule would permit, or forbid, something that nobody can do.",
    wrong: "permit desk: librarian to ⟪lend⟫ Letter",
    right: "permit desk: librarian to lend Loan",
  },
  "reach/no-class": {
    summary: "What stands after `touching` is a plain name.",
    why: "A class of fields bears a sign, so that nobody takes it for a field, a role or a condition.",
    wrong: "forbid hidden: anyone to export anything touching ⟪secret⟫",
    right: "forbid hidden: anyone to export anything touching #secret",
  },
  "reach/untouched": {
    summary: "A rule is narrowed to types with a class of fields, and none of its types has one.",
    why: "The rule would hold for nothing.",
    wrong: "forbid hidden: anyone to export Branch touching ⟪#secret⟫",
    right: "forbid hidden: anyone to export Branch, Loan touching #secret",
  },
  "reach/nobody": {
    summary: "The rule is for nobody.",
    why: "A rule that reaches nobody does nothing.",
    wrong: {
      file: "platform",
      text: "platform for library\n\nceiling all: ⟪anyone⟫ to read, list Stamp",
      beside: { model: stamps(""), policy: "policy north for library\n" },
    },
    right: {
      file: "platform",
      text: "platform for library\n\nceiling all: anyone to read, list Stamp",
      beside: { model: stamps("principal Member { }\n\n"), policy: "policy north for library\n" },
    },
  },
  "obligation/none-here": {
    summary: "A rule of this kind carries no obligations.",
    why: "A forbid refuses, and a ceiling bounds: neither gives anything that could be masked or audited.",
    wrong: "forbid lost: reader to read Loan\n  ⟪with hide(card)⟫",
    right: "permit desk: reader to read Loan\n  with hide(card)",
  },
  "obligation/arguments": {
    summary: "An obligation is not given what it takes.",
    why: "What a mask hides, or how old a second factor may be, is never guessed.",
    wrong: "permit desk: reader to read Loan\n  with ⟪mask(card)⟫",
    right: "permit desk: reader to read Loan\n  with mask(card, redact)",
  },
  "obligation/misplaced": {
    summary: "An obligation stands on a rule that cannot carry it.",
    why: "A field is stored sealed always or never: that cannot depend on a permit.",
    wrong: "permit desk: reader to read Loan\n  with ⟪encrypt⟫(card)",
    right: "permit desk: reader to read Loan\n\nrequire seal: encrypt(card)",
  },
  "obligation/second-limit": {
    summary: "A rule has more than one limit.",
    why: "What is left of a limit is counted for the rule. With two of them nobody could say which is meant.",
    wrong: "permit desk: reader to export Loan\n  with limit(5, per: hour), ⟪limit(20, per: day)⟫",
    right:
      "permit desk: reader to export Loan\n  with limit(5, per: hour)\n\nrequire daily: limit(20, per: day) for reader to export Loan",
  },
  "obligation/field-type": {
    summary: "An obligation is given a field of a type that it does not take.",
    why: "A number that is shown as stars would have to be a text, and programs that read it expect a number.",
    wrong: "permit desk: reader to read Loan\n  with mask(⟪fee⟫, redact)",
    right: "permit desk: reader to read Loan\n  with mask(fee, bucket(10))",
  },
  "obligation/reach": {
    summary: "A require does not say for whom and what it holds.",
    why: "Only `encrypt` holds for a field at all times. Everything else is required of someone who does something.",
    wrong: "require proof: ⟪step_up(mfa)⟫",
    right: "require proof: step_up(mfa) for anyone to export Loan",
  },
  "obligation/shared": {
    summary: "A field of rows that all tenants share is to be sealed.",
    why: "A sealed value opens under one tenant's key alone. A row that is shared would be closed to all others.",
    wrong: {
      text: "require seal: encrypt(⟪#rate⟫)",
      beside: { model: rates("rate: String #rate") },
    },
    right: {
      text: 'permit desk: anyone to read Rate\n  when resource.rate == "high"',
      beside: { model: rates("rate: String") },
    },
  },
  "obligation/static": {
    summary: "`encrypt` stands beside a condition, or says for whom.",
    why: "A field is stored sealed always or never, whoever asks.",
    wrong: "require seal: encrypt(card) ⟪when resource.lost⟫",
    right: "require seal: encrypt(card)",
  },
  "obligation/no-evidence": {
    summary: "The model has no evidence that could meet the condition.",
    why: "Evidence says which facts of a request prove something. Without it nobody could ever meet the condition.",
    wrong: {
      text: "require why: ⟪reason⟫ for anyone to read Stamp",
      beside: { model: stamps("principal Member { }\n\n") },
    },
    right: {
      text: "require why: reason for anyone to read Stamp",
      beside: { model: stamps("principal Member { }\n\nevidence reason from context.purpose\n\n") },
    },
  },
  "obligation/evidence": {
    summary: "An age is asked of evidence that has none.",
    why: "Without a fact that says how old it is nobody could meet the condition.",
    wrong: "require proof: step_up(badge, within: ⟪5m⟫) for anyone to export Loan",
    right: "require proof: step_up(mfa, within: 5m) for anyone to export Loan",
  },
} as const satisfies Partial<PagesOf<typeof ruleDiagnostics>>;
