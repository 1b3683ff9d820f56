import type { testDiagnostics } from "../tests.ts";
import type { PagesOf } from "./page.ts";

const subject = "let ada = Member { roles: [reader] }";

/** A test around some parts. */
const inTest = (parts: string) => `test "a reader reads" {\n  ${parts}\n}`;

/** Pages about tests. */
export const testPages = {
  "test/subject": {
    summary: "A value stands where a test needs somebody or something.",
    why: "A test asks as a principal, about a row.",
    wrong: inTest(`${subject}\n  let loan = 5\n  expect deny ada to read ⟪loan⟫`),
    right: inTest(`${subject}\n  let loan = Loan { }\n  expect deny ada to update loan as not_granted`),
  },
  "test/value": {
    summary: "A value does not fit the attribute that it is for.",
    why: "A test with a value that no row could have would show nothing.",
    wrong: inTest(`${subject}\n  expect deny ada to read Loan { lost: ⟪5⟫ }`),
    right: inTest(`${subject}\n  expect deny ada to update Loan { lost: true } as not_granted`),
  },
  "test/circular": {
    summary: "A thing in a test refers to itself.",
    why: "No row is part of itself before it is there.",
    wrong: inTest(
      `${subject}\n  let house = ⟪Branch { in: [house] }⟫\n  expect deny ada to read Loan { branch: house }`,
    ),
    right: inTest(
      `${subject}\n  let house = Branch { in: [Branch "top"] }\n  expect deny ada to update Loan { branch: house }`,
    ),
  },
  "test/deny-with": {
    summary: "A test expects obligations of a deny.",
    why: "What is denied is not done, so that nothing can be asked for beside it.",
    wrong: inTest(`${subject}\n  expect deny ada to update Loan { } with ⟪hide(title)⟫`),
    right: inTest(`${subject}\n  expect deny ada to update Loan { } as not_granted`),
  },
  "test/reason": {
    summary: "A test expects a reason of something that is not denied.",
    why: "Only a deny says why.",
    wrong: inTest(`${subject}\n  expect permit ada to update Loan { } as ⟪not_granted⟫`),
    right: inTest(`${subject}\n  expect deny ada to update Loan { } as not_granted`),
  },
  "test/becomes": {
    summary: "A test says what a row becomes, of an action that updates nothing.",
    why: "Only an update has a row as it is and a row as it would be.",
    wrong: inTest(
      `${subject}\n  expect deny ada to ⟪read⟫ Loan { lost: false } to { lost: true } as not_granted`,
    ),
    right: inTest(
      `${subject}\n  expect deny ada to update Loan { lost: false } to { lost: true } as not_granted`,
    ),
  },
  "test/challenge-shows": {
    summary: "A test expects a challenge to show a field.",
    why: "What is shown is known once the challenge is met.",
    wrong: inTest(`${subject}\n  expect challenge ada to read Loan { } with step_up(mfa), ⟪show(title)⟫`),
    right: inTest(`${subject}\n  expect challenge ada to read Loan { } with step_up(mfa)`),
  },
  "test/list": {
    summary: "A list is asked for by an action that does not read.",
    why: "Only what reads gives rows.",
    wrong: inTest(
      `${subject}\n  let loan = Loan { }\n  expect list ada to ⟪update⟫ Loan over [loan] gives []`,
    ),
    right: inTest(`${subject}\n  let loan = Loan { }\n  expect list ada to list Loan over [loan] gives []`),
  },
  "test/list-gives": {
    summary: "A list is expected to give a row that it is not asked over.",
    why: "Such an expectation could never hold.",
    wrong: inTest(
      `${subject}\n  let a = Loan { }\n  let b = Loan { }\n  expect list ada to list ⟪Loan⟫ over [a] gives [a, b]`,
    ),
    right: inTest(`${subject}\n  let a = Loan { }\n  expect list ada to list Loan over [a] gives [a]`),
  },
} as const satisfies PagesOf<typeof testDiagnostics>;
