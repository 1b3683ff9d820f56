/** What access changes: sentences with the requests that show them, and what the gates say. */
import type { AccessReview, ReviewedChange } from "@wardline/language-server";
import { useState } from "react";
import { Choice } from "../../controls/choice.tsx";
import { CheckIcon, CrossIcon } from "../../controls/icons.tsx";
import { PlaceLink } from "../../evidence/place-link.tsx";
import { Witness } from "../../evidence/witness.tsx";
import { ChangeWord, kindWords, OutcomeWord } from "./change-word.tsx";
import { decisionWords } from "./decision-words.ts";

export interface GatesProps {
  readonly reviews: readonly AccessReview[];
  /** What could not be compared, which no gate lets through. */
  readonly broken: readonly string[];
}

export function Gates({ reviews, broken }: GatesProps) {
  const isProved = reviews.every(({ tried, model }) => tried === 0 && model.length === 0);
  const gates = ["no-new-access", "no-lost-access"] as const;
  return (
    <ul className="gates" aria-label="Gates">
      {gates.map((gate) => {
        const found = reviews.flatMap(
          (review) => review.gates.find((one) => one.gate === gate)?.reasons ?? [],
        );
        const reasons = [...found, ...broken];
        const does = gate === "no-new-access" ? "gains" : "loses";
        const word = isProved ? `Nobody ${does} access` : `Nobody was found who ${does} access`;
        const otherwise = found.length > 0 ? `Somebody ${does} access, or may` : "Not all was compared";
        return (
          <li key={gate}>
            <span className={`badge ${reasons.length === 0 ? "good" : "part"}`}>
              {reasons.length === 0 ? <CheckIcon /> : <CrossIcon />}
              {reasons.length === 0 ? word : otherwise}
            </span>
            {reasons.length > 0 && (
              <details>
                <summary>
                  {reasons.length === 1 ? "1 reason" : `${reasons.length} reasons`} why the gate {gate} would
                  not hold
                </summary>
                <ul>
                  {reasons.map((reason) => (
                    <li key={reason}>{reason}</li>
                  ))}
                </ul>
              </details>
            )}
          </li>
        );
      })}
    </ul>
  );
}

export function AccessChanges({
  review,
  several,
}: {
  readonly review: AccessReview;
  readonly several: boolean;
}) {
  const { tenant, changes, model, tried } = review;
  const [kind, setKind] = useState("");
  const [role, setRole] = useState("");
  const [type, setType] = useState("");
  const rank = (one: ReviewedChange) => Object.keys(kindWords).indexOf(one.kind);
  const shown = changes
    .filter(
      (one) =>
        (kind === "" || one.kind === kind) &&
        (role === "" || roleOf(one) === role) &&
        (type === "" || one.resource === type),
    )
    .toSorted((a, b) => rank(a) - rank(b));
  const count = (of: string) => changes.filter((one) => one.kind === of).length;
  return (
    <section aria-label={`Access in ${tenant}`} className="access-changes">
      {several && <h3>{tenant}</h3>}
      <p>
        {count("gained")} gained, {count("lost")} lost, {count("other")} for another reason.{" "}
        <span className="soft">
          {tried === 0 && model.length === 0
            ? "The rules decide the same: nothing had to be tried."
            : `${tried} requests tried.`}
        </span>
      </p>
      {model.length > 0 && (
        <>
          <h4>The model and the settings</h4>
          <ul className="plain-list">
            {model.map((text) => (
              <li key={text}>{text}</li>
            ))}
          </ul>
        </>
      )}
      {changes.length > 1 && (
        <div className="toolbar" role="group" aria-label="Which changes are shown">
          <Filter
            label="Kind"
            all="All kinds"
            values={[...new Set(changes.map((one) => one.kind))]}
            labelOf={(one) => kindWords[one as ReviewedChange["kind"]]}
            chosen={kind}
            choose={setKind}
          />
          <Filter
            label="Role"
            all="All roles"
            values={[...new Set(changes.map(roleOf))]}
            chosen={role}
            choose={setRole}
          />
          <Filter
            label="Type"
            all="All types"
            values={[...new Set(changes.map((one) => one.resource))]}
            chosen={type}
            choose={setType}
          />
        </div>
      )}
      <ol className="change-list">
        {shown.map((change) => (
          <Change
            key={JSON.stringify([change.kind, change.title, change.request])}
            tenant={tenant}
            change={change}
          />
        ))}
      </ol>
    </section>
  );
}

function Change({ tenant, change }: { readonly tenant: string; readonly change: ReviewedChange }) {
  return (
    <li>
      <p>
        <ChangeWord kind={change.kind} /> <strong>{change.sentence}</strong>
      </p>
      <Witness tenant={tenant} request={change.request} words={change.witness} what={change.sentence} />
      <dl className="verdicts">
        <Verdict label="Before" decision={change.before} linked={false} />
        <Verdict label="After" decision={change.after} linked />
      </dl>
    </li>
  );
}

/** The rules of the text that is edited can be shown; those of another version have no place in it. */
function Verdict({
  label,
  decision,
  linked,
}: {
  readonly label: string;
  readonly decision: ReviewedChange["before"];
  readonly linked: boolean;
}) {
  return (
    <>
      <dt>{label}</dt>
      <dd>
        {decision === null ? "There is no such thing" : <OutcomeWord outcome={decision.outcome} />}{" "}
        {decision !== null && <span className="soft">{decisionWords(decision)}</span>}{" "}
        {linked &&
          decision?.places.map(({ rule, file, line }) => (
            <PlaceLink key={rule} file={file} line={line} what={rule} />
          ))}
      </dd>
    </>
  );
}

interface FilterProps {
  readonly label: string;
  readonly all: string;
  readonly values: readonly string[];
  readonly labelOf?: (value: string) => string;
  readonly chosen: string;
  readonly choose: (value: string) => void;
}

function Filter({ label, all, values, labelOf = (value) => value, chosen, choose }: FilterProps) {
  return (
    <div className="field">
      <span className="field-label">{label}</span>
      <Choice
        label={label}
        chosen={chosen}
        options={[{ id: "", label: all }, ...values.map((value) => ({ id: value, label: labelOf(value) }))]}
        choose={choose}
      />
    </div>
  );
}

function roleOf({ principal, roles }: ReviewedChange): string {
  return roles.length === 0 ? `${principal} without a role` : roles.join(", ");
}
