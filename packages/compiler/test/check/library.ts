/** The domain of the checker's tests, and `check`: what is found, with the underlined text. */
import { compile, type CompileInput, type CompileResult } from "../../src/index.ts";
import type { Finding, SourceFile } from "@wardline/core";

export const libraryModel = `model library

enum Genre { fiction, science, law }
enum Plan { free, pro }

tenant {
  plan: Plan
  founded: Instant
  office: Ip
  plans: Set<Plan>
}

context {
  mfa: Bool
  mfa_age: Duration?
  purpose: String?
  address: Ip
  proxy: Ip?
  ticket: String?
  titles: Set<String>
}

entity Branch in Branch via parent_id stored in branches {
  name: String
}

principal Member in Branch via session {
  email: String #pii
  level: Int(0..5)
  favourite: Genre?
  tier: Int(0..3) tenant
  home: Branch?
  groups: Set<String>
  sightings: Set<Instant>
}

principal Scanner {
  label: String
}

role reader, librarian, cashier, director for Member
role auditor platform
role robot for Scanner
delegate reader, librarian, cashier to tenants

evidence mfa from context.mfa, context.mfa_age
evidence badge from context.mfa
evidence reason from context.purpose

entity Book stored in books {
  branch: Branch
  title: String
  shelfmark: String #secret
  note: String?
  genre: Genre
  pages: Int(1..5000)
  price: Decimal(8, 2)
  keeper: Member?
  tags: Set<String> via book_tags(book_id, tag)
  reserved_for: Set<Member> via book_reservations(book_id, member_id)
  acquired: Instant
  lost: Bool
  damaged: Bool?
  loan_time: Duration
  code: Uuid?
  printed: Date?
  shown_from: Time
  seen_at: Set<Ip> via book_seen(book_id, address)
}

entity Loan in Book via book_id stored in loans {
  book: Book
  borrower: Member
  due: Instant
  fee: Decimal(6, 2)
  lost: Bool
}

relation guards(Member, Book) via book_guards(member_id, book_id)

action read, list reads Book, Loan
action create creates Book
action lend creates Loan
action update updates Book, Loan
action remove deletes Book
group change = create, update, remove
`;

export const openPlatform = "platform for library\nceiling all: anyone to act on anything\n";

const open = "⟪";
const close = "⟫";

/** A text without its markers, and the marked places. */
export function unmark(marked: string): {
  readonly text: string;
  readonly marks: readonly (readonly [number, number])[];
} {
  const marks: [number, number][] = [];
  let text = "";
  for (const char of marked)
    if (char === open) marks.push([text.length, -1]);
    else if (char === close) (marks.findLast((mark) => mark[1] < 0) ?? [0, 0])[1] = text.length;
    else text += char;
  return { text, marks };
}

export interface Texts {
  readonly model?: string;
  readonly platform?: string;
  /** Statements of north's policy, or a whole file with its header. */
  readonly policy?: string;
  /** Packs at hand, whole: `pack.ward`, `pack-2.ward`, … */
  readonly packs?: readonly string[];
  /** Lints are asked for where it is given. */
  readonly lints?: NonNullable<CompileInput["lints"]>;
}

/** Compiles a library's texts; what is not given is a plain default. */
export function compileLibrary(texts: Texts): CompileResult & { readonly files: readonly SourceFile[] } {
  const policy = texts.policy ?? "permit basic: reader to read Book\n";
  const model = { name: "library.ward", text: texts.model ?? libraryModel };
  const platform = { name: "platform.ward", text: texts.platform ?? openPlatform };
  const own = {
    name: "north.ward",
    text: /^(?:policy|platform|model|pack) /.test(policy) ? policy : `policy north for library\n${policy}`,
  };
  const packs = (texts.packs ?? []).map((text, i) => ({
    name: i === 0 ? "pack.ward" : `pack-${i + 1}.ward`,
    text,
  }));
  const result = compile({
    model,
    platform: [platform],
    policy: own,
    tenant: "north",
    packs,
    ...(texts.lints === undefined ? {} : { lints: texts.lints }),
  });
  return { ...result, files: [model, platform, own, ...packs] };
}

/** The text under a finding's first label. */
export function underlined(files: readonly SourceFile[], finding: Finding): string {
  const { file, start, end } = finding.labels[0].span;
  return files.find((source) => source.name === file)?.text.slice(start, end) ?? "?";
}

/** A file's text after the first fix of a finding. */
export function fixed(files: readonly SourceFile[], finding: Finding): string | null {
  const [fix] = finding.fixes;
  const file = files.find((source) => source.name === finding.labels[0].span.file);
  if (fix === undefined || file === undefined) return null;
  return fix.edits
    .toSorted((a, b) => b.span.start - a.span.start)
    .reduce(
      (text, edit) => text.slice(0, edit.span.start) + edit.text + text.slice(edit.span.end),
      file.text,
    );
}
