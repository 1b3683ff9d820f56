/** A model with one of each kind of column, and two tenants who mask, hide and seal what the other shows. */
export const model = `model shelves

enum Genre { novel, poetry }
enum Model { small, large }
enum Role { early, late }
enum Feature { printing }

tenant {
  size: Model
  since: Role?
}

context {
  mfa: Bool
  ip: Ip
  scopes: Set<Genre>
  purpose: String?
}

entity Hall stored in halls {
  title: String
}

principal Member in Hall via session {
  level: Int(0..5)
  nick: String?
}

principal Robot {
  label: String?
}

role reader, librarian for Member

entity Book in Hall via hall_id stored in books(book_no, owner) {
  title: String
  author: String
  genre: Genre
  pages: Int
  weight: Int?
  lent: Duration
  price: Decimal(8, 2)
  bought: Instant
  printed: Date
  blurb: String? #quiet
  secret: String #quiet
  keeper: Member?
  rare: Bool
  sold: Weekday
  labels: Set<String> via book_labels(book_id, label)
}

entity Note stored in notes {
  text: String
}

action read, list, lend reads Book, Hall, Note
action create creates Book
action update updates Book
action delete deletes Book
`;

export const platform = `platform for shelves

ceiling all: anyone to read, list, lend, create, update, delete Book
ceiling halls: anyone to read, list Hall, Note

require quiet: encrypt(#quiet)
require price_range: mask(price, bucket(10)) for anyone to read, list Book
`;

export const north = `policy north for shelves

permit desk: librarian to read, list, create, update, delete Book
  with mask(title, initials), hide(weight)

permit halls: librarian to read, list Hall, Note
`;

export const south = `policy south for shelves

permit all: reader to read, list Book
  with mask(pages, bucket(100)), hide(rare), mask(secret, redact), mask(printed, year)

permit lending: librarian to lend Book
  with mask(author, initials)
`;

/** Uses of the types. A line that must not compile ends in `// ✗`; every other one must. */
export const usage = `import { asShown, revealRow, Sealed, shown, type AnyTables, type Masked, type Wardline } from "@wardline/sdk";
import type { Insertable, Selectable, Updateable } from "kysely";
import type { BookTable, Database } from "./shelves.ts";

declare const wardline: Wardline<Database>;
declare const loose: Wardline;
type Same<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
const holds = <T extends true>(): T | void => {};

type Book = Selectable<BookTable>;
holds<Same<Book["title"], Masked<string>>>();
holds<Same<Book["title"], string>>(); // ✗
holds<Same<Book["author"], Masked<string>>>();
holds<Same<Book["genre"], "novel" | "poetry">>();
holds<Same<Book["pages"], Masked<number>>>();
holds<Same<Book["weight"], number | null>>();
holds<Same<Book["lent"], number>>();
holds<Same<Book["price"], Masked<string>>>();
holds<Same<Book["printed"], Masked<string>>>();
holds<Same<Book["blurb"], Sealed | null>>();
holds<Same<Book["secret"], Sealed | Masked<string>>>();
holds<Same<Book["keeper_id"], string | null>>();
holds<Same<Book["rare"], boolean | null>>();
holds<Same<Book["hall_id"], string | null>>();
holds<Same<keyof Book & "labels", never>>();
holds<Same<keyof Book & "owner", never>>();

const book = {
  title: "a", author: "b", genre: "novel" as const, pages: 1n, lent: 1, price: 2, bought: new Date(0), printed: "2026-01-05",
  secret: "s", rare: false, sold: "monday" as const,
};
const whole: Insertable<BookTable> = book;
const withKey: Insertable<BookTable> = { ...book, book_no: "k", weight: null, blurb: new Sealed("b") };
const lacking: Insertable<BookTable> = { title: "a" }; // ✗
const otherGenre: Insertable<BookTable> = { ...book, genre: "prose" }; // ✗
const emptied: Insertable<BookTable> = { ...book, author: null }; // ✗
const newKey: Updateable<BookTable> = { book_no: "k" }; // ✗
const change: Updateable<BookTable> = { title: "c", weight: null, secret: new Sealed("t") };
export const all = [whole, withKey, lacking, otherGenre, emptied, newKey, change];

export async function work(): Promise<void> {
  const tenant = wardline.tenant("north", { size: "small" });
  wardline.tenant("north", { size: "huge" }); // ✗
  wardline.tenant("north", {}); // ✗
  const context = { mfa: true, ip: "10.0.0.1", scopes: ["novel"] as const };
  const ada = tenant.as({ type: "Member", id: "ada", roles: ["reader"], in: ["h"], attributes: { level: 2 } }, context);
  tenant.as({ type: "Robot", id: "r" }, context);
  tenant.as({ type: "Member", id: "ada", roles: ["owner"], attributes: { level: 2 } }, context); // ✗
  tenant.as({ type: "Person", id: "ada" }, context); // ✗
  tenant.as({ type: "Member", id: "ada" }, context); // ✗
  tenant.as({ type: "Robot", id: "r", in: ["h"] }, context); // ✗
  tenant.as({ type: "Robot", id: "r" }, { mfa: true }); // ✗
  tenant.as({ type: "Robot", id: "r" }, { ...context, rank: 1 }); // ✗
  tenant.as<AnyTables>({ type: "Anybody", id: "ada" }, {});
  loose.tenant("north", { any: 1 }).as<Database>({ type: "Robot", id: "r" }, context);
  await loose.tenant("north").as({ type: "Any", id: "x" }).decide("any", { type: "Any", id: "x" });

  await ada.decide("read", { type: "Book", id: "k" });
  await ada.decide("update", { type: "Hall", id: "k" }); // ✗
  await ada.decide("burn", { type: "Book", id: "k" }); // ✗
  await ada.decide("create", { type: "Book", id: "k" }); // ✗
  await ada.filter("list", "Note");
  await ada.filter("update", "Book"); // ✗
  await ada.filter("list", "Member"); // ✗

  tenant.feature("printing");
  tenant.feature("flying"); // ✗
  const one = await ada.get("Book", "k");
  if (one !== null) console.log(one.id, one.keeper, one.genre, shown(one.title), one.blurb);
  if (one !== null) console.log(one.book_no); // ✗
  if (one?.title === "Ann Bee") return; // ✗
  await ada.get("Member", "k"); // ✗
  console.log((await loose.tenant("north").as({ type: "Any", id: "x" }).get("Any", "k"))?.["anything"]);
  await ada.explain("read", { type: "Book", id: "k" });
  await ada.explain("burn", { type: "Book", id: "k" }); // ✗
  ada.reading("lend").selectFrom("books").select("author");
  ada.reading("update"); // ✗
  const rows = await ada.db.selectFrom("books").selectAll().where("title", "=", asShown("A. B.")).execute();
  ada.db.selectFrom("books").selectAll().where("title", "=", "Ann Bee"); // ✗
  ada.db.selectFrom("books").selectAll().where("secret", "=", new Sealed("s"));
  ada.db.selectFrom("books").selectAll().where("genre", "=", "prose"); // ✗
  ada.db.selectFrom("members").selectAll(); // ✗
  ada.db.selectFrom("book_labels").selectAll(); // ✗
  const [row] = rows;
  if (row === undefined) return;
  console.log(\`\${String(row.title)}\`, row.title.toString(), row.pages.valueOf() + 1);
  if (row.title === "Ann Bee") return; // ✗
  if (shown(row.title) === "Ann Bee") return;
  const text: string = row.title; // ✗
  const plain: string = shown(row.title);
  const number: number | null = shown(row.weight);
  const secret: string = revealRow(row).secret;
  console.log(text, plain, number, secret);
  ada.db.updateTable("books").set({ title: row.title }); // ✗
  ada.db.updateTable("books").set({ title: shown(row.title) });
  ada.db.updateTable("books").set({ blurb: row.blurb });
  ada.db.updateTable("notes").set({ text: "t" }); // ✗
  ada.db.insertInto("books").values({ ...book, price: row.price }); // ✗
  await wardline.run({ tenant: "north", principal: { type: "Robot", id: "r" }, context }, async ({ db }) => {
    await db.selectFrom("halls").select(["id", "title"]).execute();
    await db.selectFrom("halls").select("book_no").execute(); // ✗
  });
  wardline.current().db.selectFrom("notes").select("text");
}
`;
