/** What stands behind a cell: how certain it is, the rules, and a request that is allowed and one that is not. */
import type { AccessCell, AccessColumn, AccessWho, RuleFacts } from "@wardline/language-server";
import { PlaceLink } from "../../evidence/place-link.tsx";
import { Witness } from "../../evidence/witness.tsx";
import { AccessWord } from "./access-word.tsx";

export interface CellPanelProps {
  readonly tenant: string;
  readonly who: AccessWho;
  readonly column: AccessColumn;
  readonly cell: AccessCell;
  readonly rules: readonly RuleFacts[];
}

export function CellPanel({ tenant, who, column, cell, rules }: CellPanelProps) {
  const named = cell.rules.flatMap((id) => rules.find((rule) => rule.id === id) ?? []);
  const what = `${column.action} ${column.resource}`;
  return (
    <section aria-labelledby="cell-title" className="cell-panel">
      <h2 id="cell-title">
        {who.label}: {what}
      </h2>
      <p>
        <AccessWord access={cell.access} /> <span className="soft">{certainty(cell)}</span>
      </p>
      {named.length > 0 && (
        <>
          <h3>{named.length === 1 ? "The rule that allows it" : "The rules that allow it"}</h3>
          <ul className="rule-list">
            {named.map((rule) => (
              <RuleItem key={rule.id} rule={rule} />
            ))}
          </ul>
        </>
      )}
      {cell.permitted !== null && (
        <>
          <h3>Allowed, for example</h3>
          <Witness tenant={tenant} {...cell.permitted} what={`${who.label} may ${what}`} />
        </>
      )}
      {cell.refused !== null && (
        <>
          <h3>Not allowed, for example</h3>
          <Witness tenant={tenant} {...cell.refused} what={`${who.label} may not ${what}`} />
          <p className="soft">Why: {cell.refused.why}.</p>
        </>
      )}
    </section>
  );
}

function RuleItem({ rule }: { readonly rule: RuleFacts }) {
  return (
    <li>
      <p>
        <strong>{rule.id}</strong>{" "}
        <span className="soft">
          {rule.kind} of the {rule.layer}
        </span>
      </p>
      {rule.doc !== null && <p>{rule.doc}</p>}
      {rule.because !== null && <p>Because: {rule.because}</p>}
      {/* A region that scrolls can be reached with the keyboard. */}
      <pre className="text-box" tabIndex={0} role="region" aria-label={`The words of ${rule.id}`}>
        {rule.text}
      </pre>
      <PlaceLink file={rule.file} line={rule.line} what={rule.id} />
    </li>
  );
}

function certainty({ access, certain, tries }: AccessCell): string {
  switch (access) {
    case "none":
      return "The model has no such action for this kind of principal.";
    case "sometimes":
      return "It depends on the facts: there is a request that is allowed and one that is not.";
    case "always":
      return certain
        ? "Proved: no facts could make it otherwise."
        : `No way to be refused was found in ${tries} tries. That is no proof.`;
    case "never":
      return certain
        ? "Proved: no facts could make it otherwise."
        : `No way to be allowed was found in ${tries} tries. That is no proof.`;
  }
}
