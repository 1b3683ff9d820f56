/** Tests as cards: what they say, and what single edits make of the text. */
import { applyEdits } from "@wardline/compiler";
import { projectByHeader, type Project } from "@wardline/compiler/project";
import { describe, expect, test } from "vitest";
import { cardsOf, editCard, snapshotOf, type CardEdit, type CardFile } from "../../src/index.ts";

const model = `model library
enum Shelf { open, rare }
context {
  mfa: Bool
  purpose: String?
}
entity Branch in Branch via parent_id stored in branches {
  name: String
}
principal Member in Branch via session {
  level: Int(0..5)
}
role reader, librarian for Member
delegate reader, librarian to tenants
entity Loan stored in loans {
  branch: Branch
  title: String
  shelf: Shelf
  fee: Decimal(8, 2)
}
relation guards(Member, Loan) via loan_guards(member_id, loan_id)
action read, list reads Loan
action update updates Loan
`;

const written = `policy north for library

permit desk: librarian to read, list Loan
  with mask(title, initials)

test "the desk sees initials" {
  let ada = Member { roles: [librarian], in: [Branch "main"], level: 2 }
  let loan = Loan { branch: Branch "main", shelf: open } // on the shelf
  given context { mfa: true }
  given guards(ada, loan)
  expect permit ada to read loan by desk with mask(title, initials)
  expect deny Member { roles: [reader] } to update loan to { shelf: rare } as not_granted
  expect list ada to list Loan over [loan] gives [loan]
}
`;

function open(text = written) {
  const files = [
    { name: "library.ward", text: model },
    { name: "north.ward", text },
  ];
  const snapshot = snapshotOf(projectByHeader(files, "wardline.config.json") as Project);
  const { cards, lists } = cardsOf(snapshot, "north.ward") as CardFile;
  const card = cards.find(({ kind }) => kind === "test");
  const id = card?.id ?? "";
  type Change = Omit<Extract<CardEdit, { kind: "set" | "add" | "remove" }>, "card">;
  const edit = (change: Change) => {
    const result = editCard(snapshot, "north.ward", { ...change, card: id } as CardEdit);
    return "refused" in result ? result.refused : applyEdits(text, result.edits);
  };
  return { card, lists, snapshot, edit };
}

test("a test reads as sentences, of whom each is", () => {
  expect(open().card?.summary).toBe(
    "It is tested that “the desk sees initials”; ada is a Member (whose roles are librarian; who belongs to the Branch “main”; whose level is 2); " +
      "loan is a Loan (whose branch is the Branch “main”; whose shelf is open); given that of the request this is known: (its mfa is yes); " +
      "given that ada guards loan; ada may read loan, decided by desk (but sees title as initials); " +
      "a Member may not update loan, decided by any rule, since nothing grants it (of the one who asks, whose roles are reader; so that its shelf becomes rare); " +
      "ada asks to list Loan among loan and gets loan",
  );
});

describe("an edit of a test changes what it is about alone", () => {
  const set = (slot: string, value: string | readonly string[]) => ({ kind: "set", slot, value }) as const;
  const add = (addition: string, choice: string) => ({ kind: "add", addition, choice }) as const;
  const remove = (part: string) => ({ kind: "remove", part }) as const;
  test.each([
    ["who asks", set("step-4.who", "=eve"), "permit ada to read", 'permit Member "eve" to read'],
    ["the action", set("step-4.action", "list"), "permit ada to read", "permit ada to list"],
    ["a role", set("step-0.0", ["reader", "librarian"]), "[librarian]", "[reader, librarian]"],
    ["a number", set("step-0.2", "5"), "level: 2", "level: 5"],
    ["a value of an enum", set("step-1.1", "rare"), "shelf: open", "shelf: rare"],
    ["what somebody belongs to", set("step-0.1.0", "=east"), 'in: [Branch "main"]', 'in: [Branch "east"]'],
    ["a fact of the request", set("step-2.0", "false"), "mfa: true", "mfa: false"],
    ["what is shown", set("step-4.with-0.how", "redact"), "initials)\n  expect", "redact)\n  expect"],
    ["who decides", set("step-4.by", []), " by desk", ""],
    ["the reason", set("step-5.as", "forbidden"), "as not_granted", "as forbidden"],
    ["which rows are given", set("step-6.gives", []), "gives [loan]", "gives []"],
    ["what an update makes", set("step-5.to.0", "open"), "to { shelf: rare }", "to { shelf: open }"],
    [
      "the outcome, with what is of a permit alone",
      set("step-4.outcome", "deny"),
      "permit ada to read loan by desk with mask(title, initials)",
      "deny ada to read loan by desk",
    ],
    ["one fact more of a row", add("step-1.say", "fee"), "shelf: open }", "shelf: open, fee: 0 }"],
    [
      "a fact of the request more",
      add("step-5.given", "context.purpose"),
      "  expect deny",
      '  given context { mfa: true, purpose: "" }\n  expect deny',
    ],
    ["a time", add("step-4.given", "time"), "  expect permit", "  given now 22:30\n  expect permit"],
    [
      "a case",
      add("expect", "update Loan"),
      "gives [loan]\n",
      "gives [loan]\n  expect deny ada to update loan\n",
    ],
    ["a case less", remove("step-6"), "  expect list ada to list Loan over [loan] gives [loan]\n", ""],
    ["a fact less", remove("step-0.2"), ", level: 2", ""],
    ["an update less", remove("step-5.to.0"), " to { shelf: rare }", ""],
    [
      "somebody more",
      add("let", "Member"),
      "  given context",
      "  let member = Member { roles: [reader] }\n  given context",
    ],
  ])("%s", (_, change, before, after) => {
    const [whole, times] = [written.replace(before, after), written.split(before).length - 1];
    expect(times).toBeGreaterThan(0);
    expect(open().edit(change)).toBe(whole);
  });

  test("a comment stays where its line goes", () => {
    expect(open().edit(remove("step-1.0"))).toBe(written.replace('branch: Branch "main", shelf', "shelf"));
    expect(open().edit(remove("step-3"))).toBe(written.replace("  given guards(ada, loan)\n", ""));
  });

  test("what does not fit is refused with the reason", () => {
    expect(open().edit(set("step-0.2", "9"))).toBe("The number must be at most 5.");
    expect(open().edit(set("step-4.who", "loan"))).toBe("Choose one, or give an id.");
    expect(open().edit(remove("step-0"))).toMatch(/`ada`/);
    expect(open().edit(set("step-4.outcome", "maybe"))).toBe("Choose one of them.");
  });
});
