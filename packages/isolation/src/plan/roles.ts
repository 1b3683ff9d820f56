/** The roles: made, and held to what they may be. */
import type { Catalogue, RoleFacts } from "../doctor/catalogue.ts";
import { applicationRole, auditorRole, quoteName } from "../schema/identifier.ts";
import type { Compared } from "./compared.ts";
import type { PlanItem } from "./step.ts";

const attributes: readonly (readonly [keyof RoleFacts, string])[] = [
  ["superuser", "SUPERUSER"],
  ["bypassesRowSecurity", "BYPASSRLS"],
  ["createsDatabases", "CREATEDB"],
  ["createsRoles", "CREATEROLE"],
  ["replication", "REPLICATION"],
  ["inherits", "INHERIT"],
  ["login", "LOGIN"],
];

const word = (role: RoleFacts, [key, name]: (typeof attributes)[number]): string =>
  `${role[key] === true ? "" : "NO"}${name}`;

/** Our roles: those of the wanted catalogue that no empty server has. */
export function ownRoles({ roles, server }: Catalogue): readonly RoleFacts[] {
  return roles.filter(({ name }) => !name.startsWith("pg_") && name !== server.role);
}

export function* planRoles({ there, wanted }: Compared): Generator<PlanItem> {
  for (const right of ownRoles(wanted)) {
    const name = quoteName(right.name);
    const object = { kind: "role", name: right.name } as const;
    const role = there.roles.find((other) => other.name === right.name);
    if (role === undefined) {
      // What a new role does not have needs no word, and some words only a superuser may say.
      const words = attributes.filter(([key]) => right[key] === true || key === "inherits");
      yield {
        object,
        sql: `CREATE ROLE ${[name, ...words.map((attribute) => word(right, attribute))].join(" ")}`,
      };
    } else {
      const different = attributes.filter(([key]) => role[key] !== right[key]);
      if (different.length > 0)
        yield {
          object,
          sql: `ALTER ROLE ${name} ${different.map((attribute) => word(right, attribute)).join(" ")}`,
          ...(different.some(([key]) => key === "superuser") ? { superuser: true } : {}),
        };
    }
    const settings = there.roleSettings.filter((setting) => setting.role === right.name);
    if (settings.some(({ here }) => !here)) yield { object, sql: `ALTER ROLE ${name} RESET ALL` };
    if (settings.some(({ here }) => here))
      yield { object, sql: `ALTER ROLE ${name} IN DATABASE ${quoteName(there.server.database)} RESET ALL` };
    if (
      right.name !== applicationRole &&
      right.name !== auditorRole &&
      !there.server.isSuperuser &&
      !there.server.mayBecome.includes(right.name)
    )
      yield { object, sql: `GRANT ${name} TO ${quoteName(there.server.role)}` };
  }
  for (const { role, member } of there.memberships)
    if (member === applicationRole)
      yield {
        object: { kind: "role", name: applicationRole },
        sql: `REVOKE ${quoteName(role)} FROM ${quoteName(applicationRole)}`,
      };
  for (const { role, what } of there.owned)
    if (role === applicationRole)
      yield {
        object: { kind: "role", name: role },
        reason: `it owns ${what}, and so is not bound by what is granted on it`,
        cure: "ALTER … OWNER TO another role",
      };
}

/** The owner that an object should have: ours by name, or whoever applies the plan. Null where any will do. */
export function wantedOwner(wanted: Catalogue, owner: string): string | null {
  return owner === wanted.server.role ? null : owner;
}
