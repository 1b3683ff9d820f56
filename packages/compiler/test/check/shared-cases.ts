import type { FindingCase } from "./case.ts";
import { libraryModel } from "./library.ts";

const model = (text: string) => ({ file: "model", text }) as const;
const withRates = `${libraryModel}\nentity Rate shared stored in rates { per_day: Decimal(8, 2) note: String #secret }\naction look reads Rate\n`;

/** Entities that all tenants share, and where rows are kept. */
export const sharedCases: readonly FindingCase[] = [
  {
    code: "model/shared",
    ...model("entity Rate shared stored in rates { book: ⟪Book⟫ }"),
    says: "leads to `Book`, which belongs to a tenant",
  },
  { code: "model/shared", ...model("entity Rate shared stored in rates { who: ⟪Member⟫? }") },
  {
    code: "model/shared",
    ...model("entity Rate shared stored in rates { of: Set<⟪Book⟫> via rate_books(rate_id, book_id) }"),
  },
  {
    code: "model/shared",
    ...model("entity Rate shared in ⟪Branch⟫ via branch_id stored in rates { a: Int }"),
  },
  { code: "model/shared", ...model("principal ⟪Robot⟫ shared { a: Int }"), says: "cannot be shared" },
  { code: "model/shared", ...model("principal ⟪Robot⟫ shared stored in robots { a: Int }") },
  {
    code: "model/shared",
    ...model("entity Rate shared stored in rates { a: Int }\naction set updates ⟪Rate⟫"),
    says: "`Rate` is shared, and `set` would write it",
  },
  {
    code: "model/shared",
    ...model(
      "entity Rate shared stored in rates { a: Int }\naction set, make creates ⟪Rate⟫, Book\naction drop deletes ⟪Rate⟫",
    ),
  },
  { code: "model/shared", ...model("entity Rate shared stored in rates { ⟪a⟫: String searchable }") },
  { code: "model/needs-storage", ...model("entity ⟪Rate⟫ shared { a: Int }") },
  {
    code: "type/missing-attribute",
    file: "policy",
    text: 'permit a: reader to look Rate when resource.⟪tenant⟫ == "x"',
    model: withRates,
  },
  {
    code: "type/missing-attribute",
    file: "policy",
    text: "permit a: reader to act on anything when resource.⟪tenant⟫ == principal.tenant",
    model: withRates,
  },
  {
    code: "obligation/shared",
    file: "policy",
    text: "require a: encrypt(⟪#secret⟫)",
    model: withRates,
    says: "`Rate.note`",
  },
  {
    code: "name/unknown",
    file: "policy",
    text: "require a: encrypt(⟪per_day⟫)",
    model: withRates,
    says: "unknown field",
  },
  { code: "name/unknown", file: "policy", text: "settings { retention: { ⟪Rate⟫: 6y } }", model: withRates },

  {
    code: "model/storage-columns",
    ...model("entity Shelf stored in shelves(⟪a, b, c⟫) { x: Int }"),
    says: "the column of the key, and another of the tenant",
    help: "write `stored in shelves(KEY, TENANT)`",
  },
  { code: "model/storage-columns", ...model("entity Shelf stored in shelves(⟪a, a⟫) { x: Int }") },
  {
    code: "model/storage-columns",
    ...model("entity Rate shared stored in rates(⟪a, b⟫) { x: Int }"),
    help: "write `stored in rates(KEY)`",
  },
  {
    code: "model/column-taken",
    ...model("entity Shelf stored in shelves(shelf, org) { ⟪shelf⟫: Int }"),
    says: "the key",
  },
  {
    code: "model/column-taken",
    ...model("entity Shelf stored in shelves(shelf, org) { ⟪org⟫: Int }"),
    says: "the tenant",
  },
  {
    code: "model/column-taken",
    ...model("entity Shelf stored in shelves { a: Int via shelves(x) b: Int via shelves(⟪x⟫) }"),
  },
  {
    code: "model/column-taken",
    ...model("entity Shelf stored in shelves { a: Int via shelves(⟪tenant_id⟫) }"),
  },
  {
    code: "model/column-taken",
    ...model("entity Shelf stored in shelves { a: Int via shelves(x) ⟪x⟫: Int }"),
  },
  {
    code: "model/needless-via",
    ...model("entity Shelf stored in shelves { a: Int via ⟪others(x)⟫ }"),
    help: "the column is that of its name; another one is named by `via shelves(COLUMN)`",
  },
  { code: "model/needless-via", ...model("entity Shelf stored in shelves { a: Int via ⟪shelves(x, y)⟫ }") },
  { code: "model/long-name", ...model(`entity Shelf stored in shelves(⟪${"a".repeat(64)}⟫) { x: Int }`) },
  {
    code: "model/long-name",
    ...model(`entity Shelf stored in shelves { x: Int via shelves(⟪${"a".repeat(64)}⟫) }`),
  },
];
