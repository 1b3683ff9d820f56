/** The people of the demonstration: four handles in two tenants. */
import type { Session } from "@wardline/sdk";
import type { Clinic } from "./setup.ts";
import type { Database, Role } from "./tables.ts";

export interface Person {
  readonly title: string;
  readonly session: Session<Database>;
}

export interface People {
  readonly ada: Person;
  readonly bo: Person;
  readonly gil: Person;
  readonly hana: Person;
}

export function signIn({ wardline, hospitals }: Clinic): People {
  const acme = wardline.tenant("acme", { plan: "enterprise", region: "eu" });
  const globex = wardline.tenant("globex", { plan: "pro", region: "us" });
  const context = { mfa: true, mfa_age: 60_000_000, ip: "10.20.0.7" };
  const ward = (tenant: string, name: string): readonly string[] => [
    hospitals.get(tenant)?.departments.get(name) ?? "",
  ];
  const user = (id: string, role: Role, parents: readonly string[]) => ({
    type: "User" as const,
    id,
    roles: [role],
    in: parents,
    attributes: { email: `${id}@example.org`, clearance: 2 },
  });
  return {
    ada: {
      title: "acme · Ada Berg, clinician in Intensive Care",
      session: acme.as(user("ada.berg", "clinician", ward("acme", "Intensive Care")), context),
    },
    bo: {
      title: "acme · Bo Lindqvist, billing",
      session: acme.as(user("bo.lindqvist", "billing", []), context),
    },
    gil: {
      title: "globex · Gil Tanaka, clinician",
      session: globex.as(user("gil.tanaka", "clinician", []), context),
    },
    hana: {
      title: "globex · Hana Weber, front desk",
      session: globex.as(user("hana.weber", "viewer", []), context),
    },
  };
}
