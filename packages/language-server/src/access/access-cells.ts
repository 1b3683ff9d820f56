/** One column of the matrix of access: for each row whether it may always, sometimes or never, by which rules, and a request that shows it. */
import { describeDecision, requestWords, type RequestWords } from "@wardline/compiler";
import { answerText } from "@wardline/compiler/access";
import { explain, findTable, reasonText, type Program, type RequestDocument } from "@wardline/core";
import type { Access } from "@wardline/core/search";
import type { Refused } from "../protocol/requests.ts";
import type { Snapshot } from "../workspace/snapshot.ts";
import { whoOf, type AccessWho } from "./access-axes.ts";
import { cachedAccess } from "./cached-access.ts";
import { isRefused, programOf } from "./program-of.ts";

export interface AccessCell {
  /** The id of the row. */
  readonly who: string;
  /** `none`: the model has no such action for this kind of principal. */
  readonly access: Access["access"] | "none";
  /** It is proved; else it was searched for in so many tries. */
  readonly certain: boolean;
  readonly tries: number;
  /** The rules by which some request is permitted, by id. */
  readonly rules: readonly string[];
  /** As `wardline who-can` says it: `sometimes, by north/desk`. */
  readonly text: string;
  readonly permitted: Witness | null;
  readonly refused: Witness | null;
}

/** A request, and what is decided of it. */
export interface Witness {
  readonly request: RequestDocument;
  readonly words: RequestWords;
  /** `permit by north/desk`. */
  readonly decision: string;
  /** The decisive reason, a sentence without a full stop. */
  readonly why: string;
}

export interface AccessCells {
  readonly action: string;
  readonly resource: string;
  readonly cells: readonly AccessCell[];
}

export function accessCells(
  snapshot: Snapshot,
  tenant: string,
  action: string,
  resource: string,
): AccessCells | Refused {
  const compiled = programOf(snapshot, tenant);
  if (isRefused(compiled)) return compiled;
  const { program } = compiled;
  const known = program.tables.some((table) => table.action === action && table.resource === resource);
  if (!known)
    return { refused: `Nobody can be asked to ${action} ${resource}: the model has no such thing.` };
  const all = cachedAccess(program, action, resource);
  const who = whoOf(snapshot, program, tenant);
  return { action, resource, cells: who.map((one) => cellOf(program, all, one, action, resource)) };
}

function cellOf(
  program: Program,
  all: readonly Access[],
  who: AccessWho,
  action: string,
  resource: string,
): AccessCell {
  const { id, principal, role, home } = who;
  if (findTable(program, principal, action, resource) === undefined)
    return { ...noCell, who: id, access: "none", text: "there is no such thing" };
  const own = all.filter((one) => one.principal === principal && one.home === home);
  // Rules that do not ask for a role do not tell its holders from those without any.
  const found =
    own.find((one) => one.roles[0] === role && role !== null) ?? own.find((one) => one.roles.length === 0);
  // From another tenant only a share lets anything be done.
  if (found === undefined) return { ...noCell, who: id, access: "never", certain: true, text: "never" };
  const { access, certain, tries, rules } = found;
  return {
    who: id,
    access,
    certain,
    tries,
    rules,
    text: answerText(found),
    permitted: witnessOf(program, found.permitted, role),
    refused: witnessOf(program, found.refused, role),
  };
}

const noCell = { certain: true, tries: 0, rules: [], permitted: null, refused: null } as const;

/** The request as one of this role: where the rules do not ask for it, the answer is that to nobody's role. */
function witnessOf(program: Program, request: RequestDocument | null, role: string | null): Witness | null {
  if (request === null) return null;
  const roles = role === null ? request.principal.roles : [role];
  const own = { ...request, principal: { ...request.principal, roles } };
  const {
    decision,
    reasons: [reason],
  } = explain(program, null, own);
  return {
    request: own,
    words: requestWords(program, own),
    decision: describeDecision(decision),
    why: reason === undefined ? "" : reasonText(program, reason),
  };
}
