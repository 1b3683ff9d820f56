import type { ruleDiagnostics } from "../rules.ts";
import type { PagesOf } from "./page.ts";

/** Pages about what the platform's rules and tenants' rules may do beside each other. */
export const guardrailPages = {
  "guardrail/delegated": {
    summary: "A rule of the platform depends on something that tenants set.",
    why: "A tenant could lift the guardrail by assigning itself the role, or by setting the attribute.",
    wrong: {
      file: "platform",
      text: "require card: mask(card, redact) for anyone except ⟪librarian⟫ to read Loan",
    },
    right: {
      file: "platform",
      text: "require card: mask(card, redact) for anyone except librarian to read Loan\n  trusting librarian",
    },
  },
  "guardrail/trusting-unused": {
    summary: "A rule says that it trusts something that it does not read.",
    why: "A waiver that waives nothing would cover a later change that nobody looks at.",
    wrong: {
      file: "platform",
      text: "forbid lost: librarian to export Loan\n  trusting librarian, ⟪cashier⟫",
    },
    right: { file: "platform", text: "forbid lost: librarian to export Loan\n  trusting librarian" },
  },
  "guardrail/trusting-here": {
    summary: "A tenant's rule ends in `trusting`.",
    why: "`trusting` waives a guardrail of the platform; a tenant's rule is none.",
    wrong: "permit desk: librarian to read Loan\n  ⟪trusting librarian⟫",
    right: "permit desk: librarian to read Loan",
  },
  "guardrail/share-who": {
    summary: "A share names someone whom the platform does not vouch for.",
    why: "A share lets people of another tenant in. A role that tenants assign could be handed to anyone.",
    wrong: { file: "platform", text: "share help: ⟪librarian⟫ to read Loan" },
    right: { file: "platform", text: "share help: inspector to read Loan" },
  },
  "guardrail/role-extends": {
    summary: "A tenant's role extends a role that is not delegated to tenants.",
    why: "Whoever holds the new role would hold the other one too, which only the platform may hand out.",
    wrong: "role desk extends ⟪director⟫\n\npermit desk_work: desk to read Loan",
    right: "role desk extends librarian\n\npermit desk_work: desk to read Loan",
  },
  "guardrail/role-modifier": {
    summary: "A tenant declares a role of the platform.",
    why: "Roles of the platform are assigned by it alone, and declared in the model.",
    wrong: "role ⟪desk⟫ platform\n\npermit desk_work: desk to read Loan",
    right: "role desk for Member\n\npermit desk_work: desk to read Loan",
  },
  "guardrail/no-ceiling": {
    summary: "The platform says nothing about the most that tenants may permit.",
    why: "Without any ceiling a tenant may permit everything to everyone of its own.",
    wrong: { file: "platform", text: "⟪platform for library⟫\n\nrequire seal: encrypt(#secret)" },
    right: {
      file: "platform",
      text: "platform for library\n\nceiling all: anyone to act on Loan, Letter\n\nrequire seal: encrypt(#secret)",
    },
  },
  "guardrail/beyond-ceiling": {
    summary: "A permit names an action that no ceiling of the platform allows.",
    why: "The ceiling clips it: nobody gets what the permit says. This is no error, so that a lower ceiling does not break policies.",
    wrong: {
      text: "permit desk: librarian to read, ⟪export⟫ Loan",
      beside: { platform: "platform for library\n\nceiling looking: anyone to read, list Loan\n" },
    },
    right: {
      text: "permit desk: librarian to read Loan",
      beside: { platform: "platform for library\n\nceiling looking: anyone to read, list Loan\n" },
    },
  },
  "guardrail/stopped-by-floor": {
    summary: "A tenant forbids or requires something of someone whom a floor of the platform covers.",
    why: "What a floor grants no tenant can take away, so that nobody is locked out of a tenant's own data. The rule has no effect there.",
    wrong: {
      text: "forbid lost: ⟪director⟫, librarian to read Loan\n  when resource.lost",
      beside: {
        platform:
          "platform for library\n\nceiling all: anyone to act on anything\n\nfloor heads: director to read Loan\n",
      },
    },
    right: {
      text: "forbid lost: librarian to read Loan\n  when resource.lost",
      beside: {
        platform:
          "platform for library\n\nceiling all: anyone to act on anything\n\nfloor heads: director to read Loan\n",
      },
    },
  },
  "guardrail/writable-data": {
    summary: "A rule of the platform depends on data that a tenant's own permit may update.",
    why: "Whoever may update the row may set the field so that the guardrail does not apply, and then do what it was to prevent.",
    wrong: {
      file: "platform",
      text: "forbid ⟪lost⟫: anyone to read Loan\n  when resource.lost",
      beside: { policy: "policy north for library\n\npermit desk: librarian to read, update Loan\n" },
    },
    right: {
      file: "platform",
      text: "forbid lost: anyone to read Loan\n  when resource.lost\n\nforbid kept: anyone to update Loan\n  unless prior.lost == next.lost",
      beside: { policy: "policy north for library\n\npermit desk: librarian to read, update Loan\n" },
    },
  },
  "guardrail/mask-weaker": {
    summary: "A rule masks a field less than the platform requires.",
    why: "The stricter of the two holds: what is shown is not what the rule says.",
    wrong: {
      text: "permit desk: librarian to read Loan\n  with ⟪mask(card, partial(last: 4))⟫",
      beside: {
        platform:
          "platform for library\n\nceiling all: anyone to act on anything\n\nrequire card: hide(card) for anyone to read Loan\n",
      },
    },
    right: {
      text: "permit desk: librarian to read Loan",
      beside: {
        platform:
          "platform for library\n\nceiling all: anyone to act on anything\n\nrequire card: hide(card) for anyone to read Loan\n",
      },
    },
  },
} as const satisfies Partial<PagesOf<typeof ruleDiagnostics>>;
