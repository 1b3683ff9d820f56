/** What two versions of a project differ in, but for access: texts, findings, and what stands in the way of comparing more. */
import { errorsText } from "../access/program-of.ts";
import type { Snapshot } from "../workspace/snapshot.ts";
import { findingChanges, type FindingChanges } from "./finding-changes.ts";
import { lineDiff, type LineDiff } from "./line-diff.ts";
import { changedFiles, concernedTenants, versionOf, type Versions } from "./versions.ts";

export interface Review {
  readonly files: readonly ({ readonly file: string } & LineDiff)[];
  readonly findings: FindingChanges;
  /** Tenants whose access may differ, in the order of the project. */
  readonly tenants: readonly string[];
  /** Versions of policies that do not compile, a sentence each; access cannot be compared there. */
  readonly broken: readonly {
    readonly tenant: string;
    readonly version: "before" | "after";
    readonly problem: string;
  }[];
}

export function review(snapshot: Snapshot, { before, after }: Versions): Review {
  const [one, other] = [versionOf(snapshot, before), versionOf(snapshot, after)];
  const tenants = concernedTenants(one, other);
  return {
    files: changedFiles(one, other).map((file) => ({
      file,
      ...lineDiff(one.text(file) ?? "", other.text(file) ?? ""),
    })),
    findings: findingChanges(one, other),
    tenants,
    broken: tenants.flatMap((tenant) => [
      ...brokenIn(one, tenant, "before"),
      ...brokenIn(other, tenant, "after"),
    ]),
  };
}

function brokenIn(snapshot: Snapshot, tenant: string, version: "before" | "after"): Review["broken"] {
  const compiled = snapshot.compiled(tenant);
  if (compiled === undefined || compiled.program !== null) return [];
  return [{ tenant, version, problem: errorsText(tenant, compiled) }];
}
