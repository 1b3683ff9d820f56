/** Comments in files that tenants share: one suppresses what may be found beside some tenants' policies alone. */
import type { Finding } from "@wardline/core";
import type { Project } from "./project.ts";

/**
 * True for a finding that a shared file's comment suppresses nothing, where it does so for another tenant, or where that
 * is not known: a policy with an error says nothing of it. `whole`: all tenants' policies were compiled.
 */
export function isUsedElsewhere(
  { model, platform, packs }: Project,
  results: readonly { readonly findings: readonly Finding[] }[],
  whole: boolean,
): (finding: Finding) => boolean {
  const shared = new Set([model, ...platform, ...packs].map((file) => file?.name));
  const unused = results.map(
    (result) => new Set(result.findings.filter(isUnused).map((finding) => JSON.stringify(finding))),
  );
  return (finding) => {
    if (!isUnused(finding) || !shared.has(finding.labels[0].span.file)) return false;
    const key = JSON.stringify(finding);
    return !whole || !unused.every((set) => set.has(key));
  };
}

function isUnused(finding: Finding): boolean {
  return finding.code === "suppression/unused";
}
