/** What CASL's conditions of a user come to as a WHERE; the translation is ours, since it has none for plain SQL. */
import { createMongoAbility, type MongoAbility } from "@casl/ability";
import { rulesToCondition } from "@casl/ability/extra";
import type { User } from "../documents/documents.ts";

const abilities = new Map<User, MongoAbility>();

export function caslWhere(user: User): { readonly text: string; readonly values: readonly unknown[] } {
  const { tenant, level, id, dept } = user;
  const below = { tenant_id: tenant, level: { $lte: level } };
  const ability =
    abilities.get(user) ??
    createMongoAbility([
      { action: "list", subject: "Doc", conditions: { ...below, owner_id: id } },
      { action: "list", subject: "Doc", conditions: { ...below, dept, status: "published" } },
    ]);
  abilities.set(user, ability);
  const values: unknown[] = [];
  const convert = (rule: { readonly conditions?: unknown }): string => {
    const parts = Object.entries(rule.conditions as Record<string, unknown>).map(([column, wanted]) => {
      const isOrder = typeof wanted === "object" && wanted !== null;
      const value = isOrder ? (wanted as { readonly $lte: unknown }).$lte : wanted;
      return `${column} ${isOrder ? "<=" : "="} $${values.push(value)}`;
    });
    return `(${parts.join(" and ")})`;
  };
  const text = rulesToCondition(ability.rulesFor("list", "Doc"), convert, {
    and: (parts) => `(${parts.join(" and ")})`,
    or: (parts) => `(${parts.join(" or ")})`,
    empty: () => "true",
  });
  return { text: text ?? "false", values };
}
