/** What access changes for one tenant between two versions, in slices: an editor answers between them. The whole is that of `wardline diff`. */
import {
  changeWords,
  diffTenant,
  gates,
  modelWords,
  onlyInOneWords,
  passGate,
  type ChangeWords,
  type GateResult,
  type TenantDiff,
} from "@wardline/compiler/access";
import { findTable, type Program, type RequestDocument } from "@wardline/core";
import type { AccessChange } from "@wardline/core/search";
import { isRefused, programOf } from "../access/program-of.ts";
import type { Refused } from "../protocol/requests.ts";
import type { Snapshot } from "../workspace/snapshot.ts";
import { changeSentence } from "./change-sentence.ts";
import { settingChanges } from "./setting-changes.ts";
import { versionOf, type Versions } from "./versions.ts";

export interface ReviewedChange extends ChangeWords {
  /** `Member as librarian may now read Loan.` */
  readonly sentence: string;
  readonly principal: string;
  readonly roles: readonly string[];
  readonly action: string;
  readonly resource: string;
  /** Of requests that are permitted both times: fields of which more, or less, is shown. */
  readonly shown: AccessChange["shown"];
  /** How many of the requests that were tried are of this kind; 1 of what only one version has. */
  readonly seen: number;
  readonly request: RequestDocument;
}

export interface AccessReview {
  readonly tenant: string;
  readonly changes: readonly ReviewedChange[];
  /** What else of the model and of the settings differs, a sentence each. */
  readonly model: readonly string[];
  /** How many requests were tried where the rules differ; 0: they are the same. */
  readonly tried: number;
  readonly gates: readonly GateResult[];
  /** From where to go on; null: this was the last slice. */
  readonly next: number | null;
}

/** A slice takes the combinations of who, what and which from `from` on, and stops after the first that took this long (ms). */
const sliceTime = 40;

export function reviewAccess(
  snapshot: Snapshot,
  tenant: string,
  { before, after }: Versions,
  from = 0,
  now: () => number = () => performance.now(),
): AccessReview | Refused {
  const one = programOf(versionOf(snapshot, before), tenant);
  const other = programOf(versionOf(snapshot, after), tenant);
  if (isRefused(one)) return one;
  if (isRefused(other)) return other;
  const start = now();
  const { length } = one.program.tables;
  const diffs: TenantDiff[] = [];
  let at = Math.max(0, Math.trunc(from));
  while (at <= length && (diffs.length === 0 || now() - start < sliceTime)) {
    diffs.push(sliceAt(tenant, one.program, other.program, at));
    at += 1;
  }
  if (at <= length) return joined(tenant, diffs, at);
  const whole = joined(tenant, diffs, null);
  return { ...whole, model: [...whole.model, ...settingChanges(one.program, other.program)] };
}

/** What differs in one table that both have; past the last one, what only one of the programs has. */
function sliceAt(tenant: string, before: Program, after: Program, at: number): TenantDiff {
  const table = before.tables[at];
  const isIn = (program: Program, { principal, action, resource }: Program["tables"][number]) =>
    findTable(program, principal, action, resource) !== undefined;
  const keep = (program: Program, other: Program): Program => ({
    ...program,
    tables: program.tables.filter((one) =>
      table === undefined
        ? !isIn(other, one)
        : one.principal === table.principal && one.action === table.action && one.resource === table.resource,
    ),
  });
  const found = diffTenant(tenant, keep(before, after), keep(after, before));
  const own = { ...found, before, after };
  // What the models differ in is said once, with what only one of them has; here only what keeps this table from being compared.
  const isPart = table === undefined || isIn(after, table);
  return {
    ...own,
    onlyInOne: table === undefined ? found.onlyInOne : [],
    model: found.model.filter(({ kind }) => (table === undefined ? true : isPart && kind === "fact")),
  };
}

function joined(tenant: string, diffs: readonly TenantDiff[], next: number | null): AccessReview {
  return {
    tenant,
    changes: diffs.flatMap((diff) => changesOf(diff)),
    model: diffs.flatMap(({ model }) => model.map(modelWords)),
    tried: diffs.reduce((sum, { tried }) => sum + tried, 0),
    gates: gates.map((gate) => {
      const results = diffs.map((diff) => passGate(gate, { tenants: [diff], added: [], removed: [] }));
      const reasons = results.flatMap((result) => result.reasons);
      return { gate, passed: reasons.length === 0, reasons };
    }),
    next,
  };
}

function changesOf(diff: TenantDiff): readonly ReviewedChange[] {
  const { tenant, differences, onlyInOne } = diff;
  return [
    ...differences.map((one) => ({
      ...changeWords(diff, one),
      ...what(one.witness),
      sentence: changeSentence(tenant, one),
      shown: one.shown,
      seen: one.seen,
    })),
    ...onlyInOne.map((one) => ({
      ...onlyInOneWords(diff, one),
      ...what(one.witness),
      sentence: changeSentence(tenant, {
        kind: one.kind,
        shown: nothing,
        witness: one.witness,
        before: one.kind === "gained" ? null : one.decision,
        after: one.kind === "gained" ? one.decision : null,
      }),
      shown: nothing,
      seen: 1,
    })),
  ];
}

const nothing: AccessChange["shown"] = { more: [], less: [] };

function what(request: RequestDocument) {
  const { principal, action, resource } = request;
  return {
    request,
    principal: principal.type,
    roles: principal.roles,
    action: action.name,
    resource: resource.type,
  };
}
