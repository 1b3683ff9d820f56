/** Rows of the library as the tests make them, as the database holds them, and as request documents say them. */
import type { PGlite } from "@electric-sql/pglite";
import type { KnownFacts, Pair, RequestDocument, WireValue } from "@wardline/core";
import fc from "fast-check";
import { bookFields } from "./library-model.ts";

export interface Book {
  readonly id: string;
  readonly tenant: string;
  readonly fields: Readonly<Record<string, WireValue | null>>;
}

interface Node {
  readonly id: string;
  readonly tenant: string;
}

export interface LibraryData {
  readonly books: readonly Book[];
  readonly shelves: readonly (Node & { readonly above: string | null; readonly branch: string | null })[];
  readonly branches: readonly (Node & { readonly region: string | null })[];
  readonly branchTree: readonly (Node & { readonly parent: string })[];
  readonly homes: readonly (Node & { readonly branch: string })[];
  readonly lends: readonly (Pair & { readonly tenant: string })[];
}

const uuid = (digit: string) => `${digit.repeat(8)}-0000-4000-8000-${digit.repeat(12)}`;
export const bookIds = ["1", "2", "3", "4", "5", "6"].map(uuid);
export const shelfIds = ["a", "b", "c"].map(uuid);
/** The last is also a book's and a shelf's id: ids of different types may be equal. */
export const branchIds = [uuid("d"), uuid("e"), shelfIds[0] as string, bookIds[0] as string];
/** One region is called as a branch is. */
export const regionIds = ["east", "East", branchIds[0] as string, "a:b", ""];
export const memberIds = [
  "ada",
  "Ada",
  "a'; drop table library.books; --",
  "",
  "\u{1F4DA}",
  bookIds[0] as string,
];
export const tenants = ["north", "south"];
export const texts = [
  "",
  " ",
  "a",
  "A",
  "ab cd",
  "  x  yz ",
  "%",
  "_",
  "\\",
  "\\1",
  "'",
  '"',
  "é",
  "e\u0301",
  "\u{1F4DA}",
  "\u{1F4DA}\u{1F4D6} \u{1F600}x",
  "null",
  "a\nb c",
  "***",
  "abcdefgh",
];
export const instants = [
  "0001-01-01T00:00:00.000000Z",
  "1969-12-31T23:59:59.999999Z",
  "2026-01-05T12:00:00.000000Z",
  "2026-01-05T12:00:00.000001Z",
  "9999-12-31T23:59:59.999999Z",
];
export const wholes = [0, 1, -1, 7, Number.MAX_SAFE_INTEGER, -Number.MAX_SAFE_INTEGER];
export const prices = ["0.00", "-0.01", "0.01", "10.00", "999999.99", "-999999.99"];
export const uuids = [uuid("7"), uuid("8")];

const of = <T>(values: readonly T[]) => fc.constantFrom(...values);
const maybe = <T>(values: readonly T[]) => fc.option(of(values), { nil: null, freq: 3 });
const some = <T>(values: readonly T[]) => fc.uniqueArray(of(values), { maxLength: 3 });

const fieldValues = fc.record<Record<string, WireValue | null>>({
  title: fc.option(of(texts), { nil: null, freq: 12 }),
  subtitle: maybe(texts),
  author: maybe(texts),
  pages: fc.option(of(wholes), { nil: null, freq: 12 }),
  copies: maybe(wholes),
  price: maybe(prices),
  fee: fc.option(of(prices), { nil: null, freq: 12 }),
  printed: maybe(instants),
  bought: fc.option(of(instants), { nil: null, freq: 12 }),
  lent_for: maybe(wholes),
  status: maybe(["lost", "open", "Open"]),
  rare: maybe([true, false]),
  isbn: maybe(uuids),
  owner: maybe(memberIds),
  second_owner: maybe(memberIds),
  shelf: maybe(shelfIds),
  branch: maybe(branchIds),
  notes: maybe(["00", "57ff", "3a3a"]),
  arrived: maybe(["2026-01-05"]),
  labels: some(texts),
  grades: some(wholes),
  fans: some(memberIds),
  places: some(branchIds),
});

const unique = <T>(item: fc.Arbitrary<T>, maxLength: number, key: (value: T) => unknown) =>
  fc.uniqueArray(item, {
    minLength: maxLength / 2,
    maxLength,
    selector: (value) => JSON.stringify(key(value)),
  });

/** Ids repeat across tenants, references dangle, shelves and branches stand in cycles and above themselves. */
export const libraryData: fc.Arbitrary<LibraryData> = fc.record({
  books: unique(fc.record({ id: of(bookIds), tenant: of(tenants), fields: fieldValues }), 10, (b) => [
    b.tenant,
    b.id,
  ]),
  shelves: unique(
    fc.record({ id: of(shelfIds), tenant: of(tenants), above: maybe(shelfIds), branch: maybe(branchIds) }),
    6,
    (s) => [s.tenant, s.id],
  ),
  branches: unique(
    fc.record({ id: of(branchIds), tenant: of(tenants), region: maybe(regionIds) }),
    8,
    (b) => [b.tenant, b.id],
  ),
  branchTree: unique(
    fc.record({ id: of(branchIds), tenant: of(tenants), parent: of(branchIds) }),
    8,
    (e) => e,
  ),
  homes: unique(fc.record({ id: of(bookIds), tenant: of(tenants), branch: of(branchIds) }), 8, (h) => h),
  lends: unique(fc.record({ tenant: of(tenants), from: of(memberIds), to: of(bookIds) }), 10, (l) => l),
});

/** Fills the emptied tables. */
export async function store(database: PGlite, data: LibraryData): Promise<void> {
  await database.exec(`truncate library.books, library.shelves, library.branches, library.regions, library.branch_tree,
    library.book_homes, library.lends, library.book_labels, library.book_grades, library.book_fans, library.book_places`);
  const insert = (table: string, rows: readonly unknown[]) =>
    database.query(
      `insert into library.${table} select * from jsonb_populate_recordset(null::library.${table}, $1::jsonb)`,
      [JSON.stringify(rows)],
    );
  const rowsOf = (book: Book) => {
    const row: Record<string, unknown> = { tenant_id: book.tenant, id: book.id };
    for (const field of bookFields)
      if (field.storage?.kind === "column") {
        const value = book.fields[field.name] ?? null;
        row[field.storage.column] = field.name === "notes" && value !== null ? `\\x${String(value)}` : value;
      }
    return row;
  };
  await insert("books", data.books.map(rowsOf));
  for (const { name, storage } of bookFields)
    if (storage?.kind === "table")
      await insert(
        storage.table,
        data.books.flatMap((b) =>
          [...new Set(b.fields[name] as readonly unknown[])].map((value) => ({
            tenant_id: b.tenant,
            book_id: b.id,
            value,
          })),
        ),
      );
  await insert(
    "shelves",
    data.shelves.map((s) => ({ tenant_id: s.tenant, id: s.id, above_id: s.above, branch_id: s.branch })),
  );
  await insert(
    "branches",
    data.branches.map((b) => ({ tenant_id: b.tenant, id: b.id, region_id: b.region })),
  );
  await insert(
    "branch_tree",
    data.branchTree.map((e) => ({ tenant_id: e.tenant, child: e.id, parent: e.parent })),
  );
  await insert(
    "book_homes",
    data.homes.map((h) => ({ tenant_id: h.tenant, book_id: h.id, branch_id: h.branch })),
  );
  await insert(
    "lends",
    data.lends.map((l) => ({ tenant_id: l.tenant, member_id: l.from, book_id: l.to })),
  );
}

/** What a gate would ask about a row: with its ancestors, and the pairs of the tenant. */
export function requestFor(
  data: LibraryData,
  facts: KnownFacts,
  action: string,
  book: Book,
): RequestDocument {
  const { notes: _, ...attributes } = book.fields;
  const tenant = facts.tenant.id;
  const shelf = book.fields["shelf"] as string | null;
  const branch = book.fields["branch"] as string | null;
  return {
    ...facts,
    action: { name: action },
    resource: { type: "Book", id: book.id, tenant: book.tenant, attributes },
    ancestors: {
      ...facts.ancestors,
      resource: ancestors(data, tenant, [
        ...(shelf === null ? [] : [`Shelf/${shelf}`]),
        ...data.homes.filter((h) => h.tenant === tenant && h.id === book.id).map((h) => `Branch/${h.branch}`),
      ]),
      ...(shelf === null
        ? {}
        : { "resource.shelf": ancestors(data, tenant, parents(data, tenant, `Shelf/${shelf}`)) }),
      ...(branch === null
        ? {}
        : { "resource.branch": ancestors(data, tenant, parents(data, tenant, `Branch/${branch}`)) }),
    },
    relations: { lends: data.lends.filter((l) => l.tenant === tenant).map(({ from, to }) => ({ from, to })) },
  };
}

function parents(data: LibraryData, tenant: string, node: string): readonly string[] {
  const id = node.slice(node.indexOf("/") + 1);
  const mine = <T extends Node>(rows: readonly T[]) => rows.filter((r) => r.tenant === tenant && r.id === id);
  const named = (type: string, ids: readonly (string | null)[]) =>
    ids.filter((i) => i !== null).map((i) => `${type}/${i}`);
  if (node.startsWith("Shelf/"))
    return [
      ...named(
        "Shelf",
        mine(data.shelves).map((s) => s.above),
      ),
      ...named(
        "Branch",
        mine(data.shelves).map((s) => s.branch),
      ),
    ];
  if (node.startsWith("Branch/"))
    return [
      ...named(
        "Branch",
        mine(data.branchTree).map((e) => e.parent),
      ),
      ...named(
        "Region",
        mine(data.branches).map((b) => b.region),
      ),
    ];
  return [];
}

function ancestors(
  data: LibraryData,
  tenant: string,
  first: readonly string[],
): Record<string, readonly string[]> {
  const found = new Set(first);
  for (const node of found) for (const parent of parents(data, tenant, node)) found.add(parent);
  const ids = (type: string) =>
    [...found].filter((n) => n.startsWith(`${type}/`)).map((n) => n.slice(type.length + 1));
  return { Shelf: ids("Shelf"), Branch: ids("Branch"), Region: ids("Region") };
}

/** Who asks: often proper, sometimes abroad, sometimes with a fact missing or malformed. */
export const knownFacts: fc.Arbitrary<KnownFacts> = fc
  .record({
    id: of(memberIds),
    tenant: of(tenants),
    home: fc.option(of(tenants), { nil: null, freq: 1 }),
    roles: some(["clerk", "Clerk", "guest"]),
    nick: maybe(texts),
    age: maybe(wholes),
    tags: fc.option(some(texts), { nil: null, freq: 20 }),
    branches: some([...branchIds, "no uuid"]),
    answers: fc.option(some([true, false]), { nil: null }),
    seat: maybe([...branchIds, branchIds[0]?.toUpperCase() as string]),
    within: some([...branchIds, "no uuid"]),
    reason: maybe(texts),
    desk: fc.option(of<unknown>([...wholes, "7", 1.5]), { nil: null }),
    sure: maybe([true, false]),
    plan: maybe(texts),
    now: fc.option(of<unknown>([...instants, "2026-01-05"]), { nil: null, freq: 8 }),
  })
  .map((f) => ({
    tenant: { id: f.tenant, attributes: { plan: f.plan } },
    principal: {
      type: "Member",
      id: f.id,
      tenant: f.home ?? f.tenant,
      roles: f.roles,
      attributes: {
        nick: f.nick,
        age: f.age,
        tags: f.tags,
        branches: f.branches,
        answers: f.answers,
        seat: f.seat,
      },
    },
    context: { reason: f.reason, desk: f.desk, sure: f.sure },
    ancestors: { principal: { Branch: f.within }, "principal.seat": { Branch: f.within } },
    ...(f.now === null ? {} : { now: f.now as string }),
  }));
