/** The answers of `who-can` and `what-can`, a line each. */
import type { Access } from "@wardline/core/search";

/** `Member as librarian  sometimes, by north/desk`; `labelOf` says what the line is about. */
export function accessLines(all: readonly Access[], labelOf: (access: Access) => string): readonly string[] {
  const labels = all.map(labelOf);
  const width = Math.max(0, ...labels.map((label) => label.length));
  return all.map((access, i) => `${(labels[i] ?? "").padEnd(width)}  ${answerText(access)}`);
}

/** Who: the type, the roles, and whether from another tenant. */
export function whoText({ principal, roles, home }: Access): string {
  const as = roles.length === 0 ? `${principal} without a role` : `${principal} as ${roles.join(", ")}`;
  return home ? as : `${as}, of another tenant`;
}

/** What: the action and the type, and whether it is asked from another tenant. */
export function whatText({ action, resource, home }: Access): string {
  return home ? `${action} ${resource}` : `${action} ${resource}, from another tenant`;
}

function answerText({ access, certain, tries, rules }: Access): string {
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
