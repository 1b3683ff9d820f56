import type { assertDiagnostics } from "../asserts.ts";
import type { PagesOf } from "./page.ts";

/** Pages about asserts. */
export const assertPages = {
  "assert/clause": {
    summary: "An assert has a clause that only rules have.",
    why: "An assert changes no decision. What it would ask for is never asked.",
    wrong: "assert apart: never permit reader to export Loan\n  ⟪with audit(full)⟫",
    right: "assert apart: never permit reader to export Loan",
  },
  "assert/always-show": {
    summary: "An assert says that a field is always shown.",
    why: "It could mean that the row may always be read, or that the field is shown where it may. A check must not be guessed.",
    wrong: "assert open: always ⟪show Loan.title to librarian⟫",
    right: "assert open: always permit librarian to read Loan\n  when principal.tenant == resource.tenant",
  },
  "assert/not-read": {
    summary: "An assert is about a field of a type that nothing reads.",
    why: "It would hold whatever the policy says.",
    wrong: "assert silent: never show ⟪Member⟫.level to anyone",
    right: "assert silent: never show Loan.remark to anyone",
  },
  "assert/several": {
    summary: "A name after `except` is that of more than one statement.",
    why: "Statements of the platform and of packs have names of their own, and two of them can be called the same.",
    wrong: {
      text: "use guide 1.2 {\n  secret: #secret\n}\n\nassert apart: never permit reader to export Loan\n  except ⟪export_factor⟫",
      beside: {
        platform:
          "platform for library\n\nceiling all: anyone to act on anything\n\nrequire export_factor: step_up(mfa) for anyone to export anything\n",
      },
    },
    right: {
      text: "use guide 1.2 {\n  secret: #secret\n}\n\nassert apart: never permit reader to export Loan\n  unless context.mfa",
      beside: {
        platform:
          "platform for library\n\nceiling all: anyone to act on anything\n\nrequire export_factor: step_up(mfa) for anyone to export anything\n",
      },
    },
  },
} as const satisfies PagesOf<typeof assertDiagnostics>;
