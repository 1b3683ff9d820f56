/** What two versions of a program do not have in common, so that no request can compare them there. */
import { findTable, type Program } from "../ir/program.ts";

export type ModelChange =
  /** A combination of principal type, action and resource type: `User read File`. */
  | { readonly kind: "table"; readonly name: string; readonly in: "before" | "after" }
  | { readonly kind: "enum"; readonly name: string; readonly in: "before" | "after" }
  | {
      readonly kind: "enum_value";
      readonly name: string;
      readonly value: string;
      readonly in: "before" | "after";
    }
  /** A fact of which no value is proper for both versions, so that the table is not compared. */
  | { readonly kind: "fact"; readonly name: string; readonly table: string; readonly in: "both" }
  /** The clock is read in another zone: what depends on it is compared in the zone of before. */
  | { readonly kind: "timezone"; readonly name: string; readonly in: "both" };

export function modelChanges(before: Program, after: Program): readonly ModelChange[] {
  const zones = [before, after].map(({ settings }) => settings?.timezone ?? "UTC");
  return [
    ...onlyIn(before, after, "before"),
    ...onlyIn(after, before, "after"),
    ...(zones[0] === zones[1] ? [] : [{ kind: "timezone", name: zones.join(" → "), in: "both" } as const]),
  ];
}

function onlyIn(one: Program, other: Program, side: "before" | "after"): readonly ModelChange[] {
  const tables = one.tables
    .filter((t) => findTable(other, t.principal, t.action, t.resource) === undefined)
    .map((t) => ({ kind: "table", name: `${t.principal} ${t.action} ${t.resource}`, in: side }) as const);
  const enums = one.model.enums.flatMap(({ name, values }): readonly ModelChange[] => {
    const known = other.model.enums.find((e) => e.name === name);
    if (known === undefined) return [{ kind: "enum", name, in: side }];
    return values
      .filter((value) => !known.values.includes(value))
      .map((value) => ({ kind: "enum_value", name, value, in: side }));
  });
  return [...tables, ...enums];
}
