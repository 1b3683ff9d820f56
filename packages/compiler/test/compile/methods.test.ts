/** What is asked of texts and sets, through the oracle. */
import { describe, expect, test } from "vitest";
import { libraryModel } from "../check/library.ts";
import { ask, outcome, type Asked } from "./asking.ts";

const when = (condition: string) => `permit a: reader to read Book when ${condition}`;
const holds = (condition: string, asked: Asked = {}) => outcome(when(condition), asked) === "permit";

describe("texts", () => {
  const title = (condition: string, text: string) => holds(condition, { row: { title: text } });

  test("begin, end and hold, by code point and without folding case", () => {
    expect(title('resource.title.starts_with("Ada")', "Ada Lovelace")).toBe(true);
    expect(title('resource.title.starts_with("ada")', "Ada Lovelace")).toBe(false);
    expect(title('resource.title.starts_with("Lovelace")', "Ada Lovelace")).toBe(false);
    expect(title('resource.title.ends_with("lace")', "Ada Lovelace")).toBe(true);
    expect(title('resource.title.ends_with("Ada")', "Ada Lovelace")).toBe(false);
    expect(title('resource.title.contains("a L")', "Ada Lovelace")).toBe(true);
    expect(title('not resource.title.contains("x")', "Ada Lovelace")).toBe(true);
    expect(title('resource.title.contains("𝒳")', "a 𝒳 b")).toBe(true);
    expect(title('resource.title.starts_with("é")', "e\u0301")).toBe(false);
  });

  test("signs of patterns mean themselves", () => {
    for (const sign of ["%", "_", "\\\\", "[", "*", ".", "?"]) {
      expect(title(`resource.title.contains("${sign}")`, "plain")).toBe(false);
      expect(title(`resource.title.contains("${sign}")`, `a${sign.slice(-1)}b`)).toBe(true);
    }
  });

  test("the argument may be a fact that is known before the rows", () => {
    const email = { attributes: { email: "Ada" } };
    expect(holds("resource.title.starts_with(principal.email)", email)).toBe(true);
    expect(holds("resource.title.ends_with(principal.email)", email)).toBe(false);
    expect(holds("principal.email.contains(tenant.id)", { attributes: { email: "x@north.example" } })).toBe(
      true,
    );
    expect(
      holds("has context.purpose and resource.title.contains(context.purpose)", {
        context: { purpose: "Love" },
      }),
    ).toBe(true);
    expect(holds('resource.title.contains(context.purpose ?? "Ada")')).toBe(true);
    expect(holds('resource.title.contains(context.purpose ?? "Ada")', { context: { purpose: "Eve" } })).toBe(
      false,
    );
  });

  test("of what is absent nothing is held", () => {
    const guarded = 'has resource.note and resource.note.contains("x")';
    expect(holds(guarded)).toBe(false);
    expect(holds(guarded, { row: { note: "axb" } })).toBe(true);
    expect(holds('not has resource.note or not resource.note.contains("x")')).toBe(true);
  });
});

describe("sets", () => {
  const tags = (condition: string, ...values: readonly string[]) =>
    holds(condition, { row: { tags: values } });

  test("are empty or not", () => {
    expect(tags("resource.tags.is_empty")).toBe(true);
    expect(tags("resource.tags.is_empty", "a")).toBe(false);
    expect(tags("not resource.tags.is_empty", "a")).toBe(true);
    expect(holds("principal.groups.is_empty")).toBe(true);
  });

  test("hold one, any or all of several", () => {
    expect(tags('resource.tags.contains_any(["a", "b"])', "b", "c")).toBe(true);
    expect(tags('resource.tags.contains_all(["a", "b"])', "b", "c")).toBe(false);
    expect(tags('resource.tags.contains_all(["a", principal.email])', "a", "a@b")).toBe(true);
    expect(tags("resource.tags.contains(principal.email)", "a@b")).toBe(true);
    expect(tags('resource.tags.contains(resource.note ?? "none")', "none")).toBe(true);
  });

  test("of the principal, the context and the tenant hold what a row has", () => {
    const asked = (title: string) => ({
      row: { title },
      attributes: { groups: ["x"] },
      context: { titles: ["y"] },
    });
    expect(holds("principal.groups.contains(resource.title)", asked("x"))).toBe(true);
    expect(holds("principal.groups.contains(resource.title)", asked("y"))).toBe(false);
    expect(holds("context.titles.contains(resource.title)", asked("y"))).toBe(true);
    expect(holds("context.titles.is_empty", asked("y"))).toBe(false);
    expect(holds("tenant.plans.contains(tenant.plan)", { tenant: { plans: ["free", "pro"] } })).toBe(true);
    expect(holds("tenant.plans.contains_any([free])", { tenant: { plans: ["pro"] } })).toBe(false);
  });

  test("a set that a request leaves out, or that holds what it cannot, is no input", () => {
    const policy = when("context.titles.is_empty");
    expect(ask({ policy }).reason).toBe("invalid_input");
    for (const titles of ["x", [1], [["x"]], {}])
      expect(ask({ policy }, { context: { titles } }).reason).toBe("invalid_input");
  });

  test("a field called `is_empty` is a field", () => {
    const model = libraryModel.replace("  lost: Bool\n", "  lost: Bool\n  is_empty: Bool\n");
    expect(ask({ model, policy: when("resource.is_empty") }, { row: { is_empty: true } }).outcome).toBe(
      "permit",
    );
  });
});
