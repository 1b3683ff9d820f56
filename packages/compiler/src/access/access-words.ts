/** Who may do what, in words: what commands print and screens show. */
import type { Access } from "@wardline/core/search";

/** Who: the type, the roles, and whether from another tenant. */
export function whoText({ principal, roles, home }: Pick<Access, "principal" | "roles" | "home">): string {
  const as = roles.length === 0 ? `${principal} without a role` : `${principal} as ${roles.join(", ")}`;
  return home ? as : `${as}, of another tenant`;
}

/** What: the action and the type, and whether it is asked from another tenant. */
export function whatText({ action, resource, home }: Pick<Access, "action" | "resource" | "home">): string {
  return home ? `${action} ${resource}` : `${action} ${resource}, from another tenant`;
}

/** `sometimes, by north/desk`; what was only searched says in how many tries. */
export function answerText({ access, certain, tries, rules }: Access): string {
  const by = rules.length === 0 ? "" : `, by ${rules.join(", ")}`;
  switch (access) {
    case "always":
      return certain ? `always${by}` : `always in ${tries} tries${by}`;
    case "sometimes":
      return `sometimes${by}`;
    case "never":
      return certain ? "never" : `no way found in ${tries} tries`;
  }
}
