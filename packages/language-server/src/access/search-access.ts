/** What of the matrix some words ask for: `who can export Loan`, `what can auditor do`, or any names. */
import { readWords, termsOf, type SearchTerm as Term } from "./search-terms.ts";
import type { Refused } from "../protocol/requests.ts";
import type { Snapshot } from "../workspace/snapshot.ts";
import { accessAxes, type AccessAxes, type AccessColumn } from "./access-axes.ts";
import { isRefused } from "./program-of.ts";

export interface AccessSearch {
  /** Ids of the rows that are asked for; null: all. */
  readonly who: readonly string[] | null;
  /** `action resource` of the columns that are asked for; null: all. */
  readonly columns: readonly string[] | null;
  /** Only cells that say this. */
  readonly access: "always" | "sometimes" | "never" | null;
  /** Rules that are asked for; the matrix shows where they grant. */
  readonly rules: readonly string[] | null;
  /** The question as it was understood, a sentence. */
  readonly understood: string;
  /** Words that mean nothing here, with what may have been meant. */
  readonly unknown: readonly { readonly word: string; readonly nearest: string | null }[];
}

export function searchAccess(snapshot: Snapshot, tenant: string, text: string): AccessSearch | Refused {
  const axes = accessAxes(snapshot, tenant);
  return isRefused(axes) ? axes : searchIn(axes, text);
}

/** Searches the axes. Names are found whatever their case, their plural, and what joins their words. */
export function searchIn(axes: AccessAxes, text: string): AccessSearch {
  const known = termsOf(axes);
  const { terms, unknown } = readWords(text, known, axes);
  const named = (kind: Term["kind"]) =>
    new Set(terms.filter((term) => term.kind === kind).map(({ name }) => name));
  const [roles, principals, actions, types, rules] = [
    named("role"),
    named("principal"),
    named("action"),
    named("resource"),
    named("rule"),
  ];
  // A type that is both who asks and what is asked for is the latter where somebody is named already.
  const asWho = roles.size === 0 && !/^\s*who\b/i.test(text);
  const only = new Set(asWho ? principals : [...principals].filter((name) => !types.has(name)));
  const what = new Set(asWho ? [...types].filter((name) => !principals.has(name)) : types);
  const isAbroad = terms.some(({ kind }) => kind === "abroad");
  const who = axes.who.filter(
    (one) =>
      (roles.size === 0 || (one.role !== null && roles.has(one.role))) &&
      (only.size === 0 || only.has(one.principal)) &&
      (!isAbroad || !one.home),
  );
  const columns = axes.columns.filter(
    ({ action, resource }) =>
      (actions.size === 0 || actions.has(action)) && (what.size === 0 || what.has(resource)),
  );
  const access = terms.find((term) => term.kind === "access")?.name ?? null;
  const isAsked = roles.size > 0 || only.size > 0 || isAbroad;
  return {
    who: isAsked ? who.map(({ id }) => id) : null,
    columns: actions.size === 0 && what.size === 0 ? null : columns.map(columnKey),
    access,
    rules: rules.size === 0 ? null : [...rules],
    understood: sentence(
      { who: [...roles, ...only], isAbroad, actions: [...actions], types: [...what], rules: [...rules] },
      access,
    ),
    unknown,
  };
}

export function columnKey({ action, resource }: Pick<AccessColumn, "action" | "resource">): string {
  return `${action} ${resource}`;
}

interface Asked {
  readonly who: readonly string[];
  readonly isAbroad: boolean;
  readonly actions: readonly string[];
  readonly types: readonly string[];
  readonly rules: readonly string[];
}

/** `Who can export Loan.`, `What librarian can do.`, `Whether reader can never list Loan.` */
function sentence({ who, isAbroad, actions, types, rules }: Asked, access: string | null): string {
  const named = who.join(" or ");
  const subject = `${named}${isAbroad ? `${named === "" ? "somebody" : ""} of another tenant` : ""}`;
  const can = access === null ? "can" : `can ${access}`;
  const type = types.join(" or ");
  const by = rules.length === 0 ? "" : ` by ${rules.join(" or ")}`;
  if (actions.length > 0)
    return `${subject === "" ? "Who" : `Whether ${subject}`} ${can} ${actions.join(" or ")} ${type === "" ? "anything" : type}${by}.`;
  const what = type === "" ? "" : ` with ${type}`;
  return subject === ""
    ? `Who ${can} do ${type === "" ? "what" : "something"}${what}${by}.`
    : `What ${subject} ${can} do${what}${by}.`;
}
