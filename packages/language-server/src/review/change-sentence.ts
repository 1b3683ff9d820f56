/** A change of access as one sentence about who may do what. */
import { whoText } from "@wardline/compiler/access";
import type { Decision, RequestDocument } from "@wardline/core";
import type { AccessChange } from "@wardline/core/search";

export interface Changed {
  readonly kind: AccessChange["kind"];
  readonly shown: AccessChange["shown"];
  readonly witness: RequestDocument;
  /** Null: that version has no such thing to ask for. */
  readonly before: Decision | null;
  readonly after: Decision | null;
}

/** `Member as librarian may now read Loan.` The tenant says who comes from another one. */
export function changeSentence(tenant: string, change: Changed): string {
  const { principal, action, resource } = change.witness;
  const who = whoText({
    principal: principal.type,
    roles: principal.roles,
    home: principal.tenant === tenant,
  });
  return `${who} ${verb(change)} ${action.name} ${resource.type}${besides(change)}.`;
}

function verb({ kind, before, after }: Changed): string {
  switch (kind) {
    case "gained":
      if (before?.outcome === "permit") return "may now more often";
      if (after?.outcome === "challenge") return "may now, where a condition is met first,";
      return before?.outcome === "challenge" ? "may now without a further condition" : "may now";
    case "lost":
      if (after?.outcome === "permit") return "may now less often";
      return after?.outcome === "challenge" ? "must now meet a condition first to" : "may no longer";
    case "other":
      if (after?.outcome === "permit") return "may still";
      return after?.outcome === "challenge" ? "must still meet a condition first to" : "still may not";
  }
}

function besides({ kind, shown, before, after }: Changed): string {
  if (before?.outcome !== "permit" || after?.outcome !== "permit")
    return kind === "other" ? ", for another reason" : "";
  const { more, less } = shown;
  const parts = [
    ...(more.length === 0 ? [] : [`sees more of ${more.join(", ")}`]),
    ...(less.length === 0 ? [] : [`sees less of ${less.join(", ")}`]),
  ];
  if (parts.length > 0) return `, and ${parts.join(" and ")}`;
  return kind === "other" ? ", by other rules or under other duties" : "";
}
