/** Who works at the two hospitals. A service of one's own has an identity provider instead: `oidc` of `@wardline/sdk/oidc`. */

export interface Person {
  readonly tenant: string;
  readonly id: string;
  readonly title: string;
  readonly roles: readonly string[];
  /** By its name. */
  readonly department?: string;
  readonly clearance: number;
}

export const people: readonly Person[] = [
  {
    tenant: "acme",
    id: "ada.berg",
    title: "Ada Berg, clinician in Intensive Care",
    roles: ["clinician"],
    department: "Intensive Care",
    clearance: 2,
  },
  { tenant: "acme", id: "bo.lindqvist", title: "Bo Lindqvist, billing", roles: ["billing"], clearance: 1 },
  { tenant: "acme", id: "eve.adler", title: "Eve Adler, auditor", roles: ["auditor"], clearance: 3 },
  { tenant: "acme", id: "omar.said", title: "Omar Said, owner", roles: ["owner"], clearance: 2 },
  { tenant: "globex", id: "gil.tanaka", title: "Gil Tanaka, clinician", roles: ["clinician"], clearance: 2 },
  { tenant: "globex", id: "hana.weber", title: "Hana Weber, front desk", roles: ["viewer"], clearance: 0 },
  { tenant: "globex", id: "pia.lund", title: "Pia Lund, billing", roles: ["billing"], clearance: 1 },
  { tenant: "globex", id: "nora.diaz", title: "Nora Diaz, owner", roles: ["owner"], clearance: 2 },
];
