/** What access changes between two versions of a project, tenant by tenant. */
import { evaluate, findTable, type Decision, type Program, type RequestDocument } from "@wardline/core";
import {
  any,
  challengeGoal,
  diffPrograms,
  permitGoal,
  searchRequests,
  type AccessDifference,
  type ModelChange,
} from "@wardline/core/search";

/** Access to what only one version has: an action, a type, a kind of principal. */
export interface OnlyInOne {
  readonly kind: "gained" | "lost";
  readonly principal: string;
  readonly action: string;
  readonly resource: string;
  readonly witness: RequestDocument;
  /** By the version that has it. */
  readonly decision: Decision;
}

export interface TenantDiff {
  readonly tenant: string;
  readonly differences: readonly AccessDifference[];
  readonly onlyInOne: readonly OnlyInOne[];
  readonly model: readonly ModelChange[];
  /** How many requests were tried where the versions differ. */
  readonly tried: number;
  readonly before: Program;
  readonly after: Program;
}

export interface ProjectDiff {
  readonly tenants: readonly TenantDiff[];
  /** Tenants that only one version has. */
  readonly added: readonly string[];
  readonly removed: readonly string[];
}

const seed = 1;

/** Compares the programs by tenant; `step` is called before each tenant. */
export function diffProjects(
  before: ReadonlyMap<string, Program>,
  after: ReadonlyMap<string, Program>,
  step: (done: number, all: number) => void = () => undefined,
): ProjectDiff {
  const both = [...before].flatMap(([tenant, program]) => {
    const other = after.get(tenant);
    return other === undefined ? [] : [[tenant, program, other] as const];
  });
  return {
    tenants: both.map(([tenant, one, other], index) => {
      step(index, both.length);
      return diffTenant(tenant, one, other);
    }),
    added: [...after.keys()].filter((tenant) => !before.has(tenant)),
    removed: [...before.keys()].filter((tenant) => !after.has(tenant)),
  };
}

/** Compares two programs of one tenant. */
export function diffTenant(tenant: string, before: Program, after: Program): TenantDiff {
  const { differences, model, tried } = diffPrograms(before, after, { seed });
  const onlyInOne = model.flatMap((change): readonly OnlyInOne[] => {
    if (change.kind !== "table") return [];
    const [program, kind] =
      change.in === "after" ? ([after, "gained"] as const) : ([before, "lost"] as const);
    const [principal = "", action = "", resource = ""] = change.name.split(" ");
    const table = findTable(program, principal, action, resource);
    if (table === undefined) return [];
    const goal = any([permitGoal(program, table), challengeGoal(program, table)]);
    const [witness] = searchRequests(program, { principal, action, resource, goal }, { seed }).requests;
    if (witness === undefined) return [];
    return [{ kind, principal, action, resource, witness, decision: evaluate(program, witness) }];
  });
  return { tenant, differences, onlyInOne, model, tried, before, after };
}
