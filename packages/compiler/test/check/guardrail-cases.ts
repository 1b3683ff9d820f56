import type { FindingCase } from "./case.ts";
import { libraryModel } from "./library.ts";

const noEvidence = libraryModel.replaceAll(/^evidence .*$/gm, "");

/** Reach, obligations, guardrails and lints. */
export const guardrailCases: readonly FindingCase[] = [
  {
    code: "reach/no-action",
    file: "policy",
    text: "permit a: reader to ⟪lend⟫ Book",
    says: "`lend` is not an action on `Book`",
  },
  { code: "reach/no-action", file: "policy", text: "permit a: reader to create Book, ⟪Branch⟫" },
  { code: "reach/no-action", file: "policy", text: "permit a: reader to ⟪lend⟫, remove Book" },
  { code: "reach/no-action", file: "policy", text: "permit a: reader to act on Book, ⟪Branch⟫" },
  {
    code: "reach/nobody",
    file: "platform",
    model: "model library\nentity Book stored in books { }\naction read reads Book\nrole reader\n",
    text: "platform for library\nceiling a: ⟪anyone⟫ to read Book",
    policy: "policy north for library\n",
  },
  { code: "obligation/none-here", file: "policy", text: "forbid a: reader to read Book ⟪with hide(price)⟫" },
  {
    code: "obligation/none-here",
    file: "platform",
    text: "ceiling a: anyone to read Book ⟪with hide(price)⟫",
  },
  {
    code: "obligation/none-here",
    file: "policy",
    text: "require a: hide(price) for anyone to read Book ⟪with hide(title)⟫",
    help: "write them after the rule's name",
  },
  {
    code: "obligation/arguments",
    file: "policy",
    text: "permit a: reader to read Book with ⟪mask(title)⟫",
    help: "write `mask(NAME, redact)`",
  },
  { code: "obligation/arguments", file: "policy", text: "permit a: reader to read Book with ⟪hide⟫" },
  {
    code: "obligation/arguments",
    file: "policy",
    text: "permit a: reader to read Book with mask(title, ⟪partial⟫)",
  },
  {
    code: "obligation/arguments",
    file: "policy",
    text: "permit a: reader to read Book with mask(title, ⟪partial(4)⟫)",
  },
  {
    code: "obligation/arguments",
    file: "policy",
    text: "permit a: reader to read Book with mask(title, ⟪partial(last: 0)⟫)",
  },
  {
    code: "obligation/arguments",
    file: "policy",
    text: "permit a: reader to read Book with mask(title, ⟪partial(last: 65)⟫)",
  },
  {
    code: "obligation/arguments",
    file: "policy",
    text: "permit a: reader to read Book with mask(title, ⟪initials(3)⟫)",
  },
  { code: "obligation/arguments", file: "policy", text: "require a: ⟪encrypt⟫" },
  { code: "obligation/arguments", file: "policy", text: 'require a: encrypt(⟪"title"⟫)' },
  { code: "obligation/arguments", file: "policy", text: "require a: ⟪step_up⟫ for anyone to read Book" },
  {
    code: "obligation/arguments",
    file: "policy",
    text: "require a: ⟪step_up(mfa, 5m)⟫ for anyone to read Book",
  },
  {
    code: "obligation/arguments",
    file: "policy",
    text: "require a: ⟪step_up(mfa, within: 5)⟫ for anyone to read Book",
  },
  { code: "obligation/arguments", file: "policy", text: "require a: ⟪reason(mfa)⟫ for anyone to read Book" },
  {
    code: "obligation/not-text",
    file: "policy",
    text: "permit a: reader to read Book with mask(⟪price⟫, redact)",
    says: "`redact` takes a String, and `price` is of type Decimal(8, 2)",
    help: "write `hide(price)`",
  },
  { code: "obligation/not-text", file: "policy", text: "require a: encrypt(⟪pages⟫)" },
  { code: "obligation/reach", file: "policy", text: "require a: ⟪hide(title)⟫" },
  {
    code: "obligation/static",
    file: "policy",
    text: "require a: encrypt(#secret) for ⟪anyone to read Book⟫",
    says: "takes no reach",
  },
  {
    code: "obligation/static",
    file: "policy",
    text: "require a: encrypt(#secret) ⟪when resource.lost⟫",
    says: "takes no condition",
  },
  {
    code: "obligation/no-evidence",
    file: "policy",
    model: noEvidence,
    text: "require a: ⟪reason⟫ for anyone to read Book",
  },
  {
    code: "obligation/evidence",
    file: "policy",
    text: "require a: step_up(badge, within: ⟪5m⟫) for anyone to read Book",
  },

  {
    code: "guardrail/delegated",
    file: "platform",
    text: "forbid a: ⟪reader⟫ to read Book",
    says: "the rule reads `reader`, which tenants set",
  },
  { code: "guardrail/delegated", file: "platform", text: "forbid a: anyone except ⟪cashier⟫ to read Book" },
  {
    code: "guardrail/delegated",
    file: "platform",
    text: "permit a: Member to read Book when principal.⟪tier⟫ > 2",
    says: "`tier`",
  },
  {
    code: "guardrail/delegated",
    file: "platform",
    text: "ceiling a: Member to read Book when principal.roles.contains(⟪reader⟫)",
  },
  {
    code: "guardrail/delegated",
    file: "platform",
    text: "forbid a: reader, ⟪cashier⟫ to read Book trusting reader",
    help: "if that is meant, end the rule with `trusting reader, cashier`",
  },
  {
    code: "guardrail/delegated",
    file: "platform",
    model: `${libraryModel}\nrole clerk extends director\ndelegate clerk to tenants\n`,
    text: "forbid a: anyone except ⟪director⟫ to read Book",
    says: "the rule reads `clerk`",
  },
  {
    code: "guardrail/delegated",
    file: "platform",
    model: `${libraryModel}\nprincipal Guest { pin: Bool tenant }\nevidence pin from principal.pin\n`,
    text: "require ⟪a⟫: step_up(pin) for Guest to read Book",
    says: "the rule reads `pin`",
  },
  {
    code: "guardrail/trusting-unused",
    file: "platform",
    text: "forbid a: reader to read Book trusting reader, ⟪cashier⟫",
  },
  {
    code: "guardrail/trusting-here",
    file: "policy",
    text: "permit a: reader to read Book ⟪trusting reader⟫",
  },
  {
    code: "guardrail/role-extends",
    file: "policy",
    text: "role desk extends reader, ⟪director⟫",
    says: "a tenant's role cannot extend `director`",
  },
  { code: "guardrail/role-extends", file: "policy", text: "role desk extends ⟪auditor⟫" },
  { code: "guardrail/role-modifier", file: "policy", text: "role ⟪desk⟫ platform" },
  { code: "guardrail/no-ceiling", file: "platform", text: "⟪platform for library⟫" },
  {
    code: "guardrail/beyond-ceiling",
    file: "policy",
    platform: "platform for library\nceiling c: anyone to read Book\n",
    text: "permit a: reader to read, ⟪list⟫ Book",
    says: "no ceiling allows `list` of `Book`",
  },
  {
    code: "guardrail/beyond-ceiling",
    file: "policy",
    platform: "platform for library\nceiling c: auditor to read Book when false\n",
    text: "permit a: reader to ⟪read⟫ Book",
  },
  {
    code: "guardrail/mask-weaker",
    file: "policy",
    platform:
      "platform for library\nceiling c: anyone to act on anything\nrequire r: mask(title, redact) for anyone to read Book\n",
    text: "permit a: reader to read Book with ⟪mask(title, initials)⟫",
    says: "`platform/r` masks `title` more strictly",
  },
  { code: "lint/unconditional-permit", file: "policy", text: "permit ⟪a⟫: anyone to read Book" },
  {
    code: "lint/unused-let",
    file: "policy",
    text: "let ⟪x⟫ = resource.lost\nlet y = resource.lost\nlet ⟪z⟫ = x\npermit a: reader to read Book when y",
  },
  {
    code: "lint/redundant-has",
    file: "policy",
    text: "permit a: reader to read Book when has ⟪resource.title⟫ and resource.lost",
  },
  {
    code: "lint/redundant-fallback",
    file: "policy",
    text: 'permit a: reader to read Book when ⟪resource.title⟫ ?? "x" == "y"',
  },
];
