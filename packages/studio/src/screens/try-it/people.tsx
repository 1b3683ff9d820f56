/** The same question of one person for each role, side by side; those who are ticked are kept as one test. */
import type { RequestDocument } from "@wardline/core";
import type { TriedRole } from "@wardline/language-server";
import { useState } from "react";
import { Button, Checkbox } from "react-aria-components";
import { CheckIcon } from "../../controls/icons.tsx";
import { VerdictIcon } from "./verdict-icon.tsx";

export interface PeopleProps {
  readonly roles: readonly TriedRole[];
  readonly ask: (request: RequestDocument) => void;
  readonly keep: (requests: readonly RequestDocument[]) => void;
}

export function People({ roles, ask, keep }: PeopleProps) {
  const [ticked, setTicked] = useState<readonly string[]>([]);
  const chosen = roles.filter(({ label }) => ticked.includes(label));
  return (
    <section className="people" aria-labelledby="people-title">
      <div className="section-head">
        <div>
          <h2 id="people-title">The same question, other people</h2>
          <p className="soft">One person for each role, everything else as above.</p>
        </div>
        <Button
          className="button"
          isDisabled={chosen.length === 0}
          onPress={() => keep(chosen.map(({ request }) => request))}
        >
          {chosen.length === 0
            ? "Tick people to keep them as a test"
            : `Keep ${chosen.length === 1 ? "1 person" : `${chosen.length} people`} as a test`}
        </Button>
      </div>
      <div className="table-frame" tabIndex={0} role="region" aria-label="Answers by role">
        <table className="plain-table">
          <thead>
            <tr>
              <th scope="col" className="keep-cell">
                Keep
              </th>
              <th scope="col">Person with the role</th>
              <th scope="col">Answer</th>
              <th scope="col">Why</th>
              <th scope="col">Sees less of</th>
              <th scope="col">
                <span className="unseen">Ask as this person</span>
              </th>
            </tr>
          </thead>
          <tbody>
            {roles.map(({ label, outcome, verdict, why, effects, request }) => (
              <tr key={label}>
                <td className="keep-cell">
                  <Checkbox
                    className="tick"
                    aria-label={`Keep ${label}`}
                    isSelected={ticked.includes(label)}
                    onChange={(on) =>
                      setTicked(on ? [...ticked, label] : ticked.filter((one) => one !== label))
                    }
                  >
                    <span className="tick-box">
                      <CheckIcon />
                    </span>
                  </Checkbox>
                </td>
                <th scope="row">{label}</th>
                <td>
                  <span className={`small-verdict ${outcome}`}>
                    <VerdictIcon outcome={outcome} small />
                    {verdict}
                  </span>
                </td>
                <td>{why}</td>
                <td>{effects.length === 0 ? "—" : effects.join(", ")}</td>
                <td className="ask-cell">
                  <Button className="button" aria-label={`Ask as ${label}`} onPress={() => ask(request)}>
                    Ask
                  </Button>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </section>
  );
}
