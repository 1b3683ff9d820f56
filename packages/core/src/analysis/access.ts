/**
 * Who can do something, and what somebody can do: a matrix of principal types, roles, actions and resource types. What is
 * said for certain follows from the conditions themselves; the rest was searched, and says in how many tries.
 */
import type { RequestDocument } from "../decision/request.ts";
import { evaluate } from "../evaluate/evaluate.ts";
import type { Fact } from "../evaluate/facts.ts";
import type { Atom } from "../ir/atom.ts";
import type { Program, Table } from "../ir/program.ts";
import { couldHold } from "../search/could-hold.ts";
import type { Draft } from "../search/facts.ts";
import { all, not, permitGoal } from "../search/goal.ts";
import { otherTenant } from "../search/pools.ts";
import { requestFrom } from "../search/request-from.ts";
import { searchSpace, settledBy, walkerOf } from "../search/search-requests.ts";
import { simplify } from "../search/simplify.ts";
import { atomAt, slotAt, spaceOf, type Space } from "../search/space.ts";
import type { Walker } from "../search/walk.ts";
import { aspectsOf } from "./aspects.ts";

export interface AccessOptions {
  readonly seed: number;
  /** How many walks are made at most for each way to be permitted, or not; 16 where it is left out. */
  readonly tries?: number;
}

/** What principals of one type, with just these roles, may do. */
export interface Access {
  readonly principal: string;
  /** As assigned; empty: without any role. */
  readonly roles: readonly string[];
  /** Whether they belong to the tenant. */
  readonly home: boolean;
  readonly action: string;
  readonly resource: string;
  /** `sometimes`: it depends on other facts. */
  readonly access: "always" | "sometimes" | "never";
  /**
   * It follows from the conditions. False of `always` and `never` that the search did not refute: no way to be refused, or
   * to be permitted, was found in so many tries.
   */
  readonly certain: boolean;
  readonly tries: number;
  /** The grants by which some request that was found is permitted, in the order of the program. */
  readonly rules: readonly string[];
  /** A request that is permitted, and one that is not, where they were found; as ordinary as can be. */
  readonly permitted: RequestDocument | null;
  readonly refused: RequestDocument | null;
}

/**
 * For each principal type and each role that the rules of an action on a resource type tell apart, alone, and for none.
 * From abroad where there are shares.
 */
export function whoCan(
  program: Program,
  action: string,
  resource: string,
  options: AccessOptions,
): readonly Access[] {
  const tables = program.tables.filter((table) => table.action === action && table.resource === resource);
  return tables.flatMap((table) => {
    const space = spaceOf(program, table);
    const sets = [[], ...rolesIn(space).map((role) => [role])];
    return homesOf(program, table).flatMap((home) =>
      sets.map((roles) => accessOf(program, table, { roles, home }, options)),
    );
  });
}

/** For each action and resource type that there is for a principal type, with just these roles. */
export function whatCan(
  program: Program,
  principal: string,
  roles: readonly string[],
  options: AccessOptions,
): readonly Access[] {
  return program.tables
    .filter((table) => table.principal === principal)
    .flatMap((table) =>
      homesOf(program, table).map((home) => accessOf(program, table, { roles, home }, options)),
    );
}

/** The roles that the rules ask for, by name. */
function rolesIn(space: Space): readonly string[] {
  const roles = space.atoms.flatMap((id) => {
    const atom: Atom = atomAt(space, id);
    return atom.kind === "role" ? atom.roles : [];
  });
  return [...new Set(roles)].toSorted();
}

function homesOf(program: Program, table: Table): readonly boolean[] {
  const isShared = table.passes.some((pass) =>
    pass.grants.some((grant) => program.rules[grant.rule]?.kind === "share"),
  );
  return isShared ? [true, false] : [true];
}

interface Who {
  readonly roles: readonly string[];
  readonly home: boolean;
}

function accessOf(
  program: Program,
  table: Table,
  { roles, home }: Who,
  { seed, tries = 16 }: AccessOptions,
): Access {
  const space = spaceOf(program, table);
  const walker = walkerOf(space, { given: givenFor(space, roles, home) });
  const permit = permitGoal(program, table);
  const { principal, action, resource } = table;
  const who = { principal, roles, home, action, resource };
  const settled = settledBy(walker);
  if (!couldHold(space, permit, settled)) {
    const refused = plain(program, walker, searchSpace(walker, not(permit), { seed, tries }).drafts);
    return { ...who, access: "never", certain: true, tries: 0, rules: [], permitted: null, refused };
  }
  const permitted = searchSpace(walker, permit, { seed, tries });
  const refused = searchSpace(walker, not(permit), { seed, tries });
  const isAlways = !couldHold(space, not(permit), settled);
  const rules =
    permitted.drafts.length === 0 ? [] : grantsFound(program, table, walker, seed, permitted.drafts);
  const access =
    permitted.drafts.length === 0 ? "never" : refused.drafts.length === 0 ? "always" : "sometimes";
  return {
    ...who,
    access,
    certain: access === "sometimes" || (access === "always" && isAlways),
    tries: permitted.tries + refused.tries,
    rules,
    permitted: plain(program, walker, permitted.drafts),
    refused: plain(program, walker, refused.drafts),
  };
}

function givenFor(space: Space, roles: readonly string[], home: boolean): ReadonlyMap<number, Fact> {
  const given = new Map<number, Fact>();
  for (const id of space.slots) {
    const { source } = slotAt(space, id);
    if (source.from !== "principal") continue;
    if (source.part === "roles") given.set(id, roles);
    if (source.part === "tenant")
      given.set(id, home ? space.program.tenant : otherTenant(space.program.tenant));
  }
  return given;
}

/** The first of the drafts as a request, made plain. */
function plain(program: Program, walker: Walker, drafts: readonly Draft[]): RequestDocument | null {
  const [first] = drafts;
  if (first === undefined) return null;
  const { space } = walker.board;
  const isPermit = evaluate(program, requestFrom(space, first)).outcome === "permit";
  const simple = simplify(walker, first, (draft) => {
    const decision = evaluate(program, requestFrom(space, draft));
    return decision.reason !== "invalid_input" && (decision.outcome === "permit") === isPermit;
  });
  return requestFrom(space, simple);
}

/** The grants that some request with these roles is permitted by. */
function grantsFound(
  program: Program,
  table: Table,
  walker: Walker,
  seed: number,
  drafts: readonly Draft[],
): readonly string[] {
  const found = new Set<string>();
  const note = (draft: Draft) => {
    const decision = evaluate(program, requestFrom(walker.board.space, draft));
    if (decision.outcome === "permit") for (const rule of decision.rules) found.add(rule);
  };
  drafts.forEach(note);
  const { names, permitted } = aspectsOf(program, table);
  const ids = new Set(
    table.passes.flatMap((pass) => pass.grants.flatMap((grant) => program.rules[grant.rule]?.id ?? [])),
  );
  for (const id of ids) {
    if (found.has(id)) continue;
    searchSpace(walker, all([permitted, names(id)]), { seed, tries: 4 }).drafts.forEach(note);
  }
  return program.rules.map(({ id }) => id).filter((id) => found.has(id));
}
