/** The answer: a word with an icon, why, what the person would see, what would change it. */
import type { RequestDocument } from "@wardline/core";
import type { SeenField, TriedMiss, TriedRule, TryAnswer } from "@wardline/language-server";
import type { RefObject } from "react";
import { Button, Disclosure, DisclosurePanel, Heading } from "react-aria-components";
import { ChevronIcon } from "../../controls/icons.tsx";
import { useStudio } from "../../session/use-studio.ts";
import { Trace } from "./trace.tsx";
import { VerdictIcon } from "./verdict-icon.tsx";

export interface VerdictProps {
  readonly answer: TryAnswer;
  readonly ask: (request: RequestDocument) => void;
  /** Where the word stands, for who moves the focus there. */
  readonly verdict: RefObject<HTMLDivElement | null>;
}

export function Verdict({ answer, ask, verdict: place }: VerdictProps) {
  const { outcome, verdict, sentence, faults, why, asks, duties, fields, misses, noMiss, rules, moduleSize } =
    answer;
  return (
    <section className="answer" aria-labelledby="answer-title">
      <h2 id="answer-title" className="unseen">
        The answer
      </h2>
      <div className={`verdict ${outcome}`} tabIndex={-1} ref={place}>
        <VerdictIcon outcome={outcome} />
        <div>
          <p className="verdict-word">{verdict}</p>
          <p>{sentence}</p>
        </div>
      </div>
      {faults.length > 0 && (
        <div className="notice" role="alert">
          {faults.map((fault) => (
            <p key={fault}>{fault}</p>
          ))}
        </div>
      )}
      <h3>Why</h3>
      <ul className="reasons">
        {why.map((reason) => (
          <li key={reason}>{reason}</li>
        ))}
      </ul>
      <DecidingRules rules={rules.filter(({ decides }) => decides)} />
      {asks.length > 0 && <Asks asks={asks} />}
      {fields.length > 0 && <Seen fields={fields} />}
      {duties.length > 0 && (
        <>
          <h3>And beside that</h3>
          <ul className="reasons">
            {duties.map((duty) => (
              <li key={duty}>{duty}</li>
            ))}
          </ul>
        </>
      )}
      <Misses misses={misses} noMiss={noMiss} ask={ask} />
      <Disclosure className="more">
        <Heading className="more-heading" level={3}>
          <Button slot="trigger" className="button bare">
            <ChevronIcon />
            All rules about this, step by step
          </Button>
        </Heading>
        <DisclosurePanel className="more-panel">
          <Trace rules={rules} />
          {moduleSize !== null && faults.length === 0 && (
            <p className="soft">
              Three engines gave this answer alike, one of them the WebAssembly module of the bundle (
              {Math.ceil(moduleSize / 1024)} KB).
            </p>
          )}
        </DisclosurePanel>
      </Disclosure>
    </section>
  );
}

function DecidingRules({ rules }: { readonly rules: readonly TriedRule[] }) {
  const { show } = useStudio();
  return (
    <ul className="deciding">
      {rules.map(({ rule, name, kind, whose, of, place, documentation }) => (
        <li key={`${rule} ${of ?? ""}`}>
          <span className={`kind ${kind}`}>{kind}</span>
          <span>
            {name}{" "}
            <span className="soft">
              of {whose}
              {of === null ? "" : `, for ${of}`}
            </span>
            {documentation !== null && <span className="soft"> — {documentation}</span>}
          </span>
          {place !== null && (
            <Button
              className="button bare"
              aria-label={`Line ${place.line}: show the rule ${name}`}
              onPress={() => show(place)}
            >
              Line {place.line}
            </Button>
          )}
        </li>
      ))}
    </ul>
  );
}

function Asks({ asks }: { readonly asks: TryAnswer["asks"] }) {
  return (
    <>
      <h3>{asks.length === 1 ? "What it takes" : "One of these is enough"}</h3>
      <ul className="reasons">
        {asks.map((way) => (
          <li key={way.join()}>{way.join(" and ")}</li>
        ))}
      </ul>
    </>
  );
}

const effects = { shown: "Shown", masked: "Masked", hidden: "Hidden" } as const;

function Seen({ fields }: { readonly fields: readonly SeenField[] }) {
  const inOrder = fields.toSorted((a, b) => Number(a.effect === "shown") - Number(b.effect === "shown"));
  return (
    <>
      <h3 id="seen-title">What they would see</h3>
      <div className="table-frame" tabIndex={0} role="region" aria-labelledby="seen-title">
        <table className="plain-table">
          <thead>
            <tr>
              <th scope="col">Field</th>
              <th scope="col">Stored</th>
              <th scope="col">They see</th>
              <th scope="col">How</th>
            </tr>
          </thead>
          <tbody>
            {inOrder.map(({ field, label, classes, value, shown, effect, how }) => (
              <tr key={field}>
                <th scope="row">
                  {label}
                  {classes.map((name) => (
                    <span key={name} className="class-mark">
                      #{name}
                    </span>
                  ))}
                </th>
                <td>{value}</td>
                <td>{shown ?? "—"}</td>
                <td>
                  <span className={`effect ${effect}`}>{effects[effect]}</span>
                  {effect === "masked" && how !== null && <span className="soft"> {how}</span>}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </>
  );
}

function Misses({
  misses,
  noMiss,
  ask,
}: {
  readonly misses: readonly TriedMiss[];
  readonly noMiss: string | null;
  readonly ask: VerdictProps["ask"];
}) {
  const { show } = useStudio();
  if (misses.length === 0 && noMiss === null) return null;
  return (
    <>
      <h3>What would change it</h3>
      <ul className="misses">
        {noMiss !== null && <li>{noMiss}</li>}
        {misses.map(({ text, place, request }) => (
          <li key={text}>
            <Words text={text} />
            {request !== null && (
              <Button className="button" aria-label={`Try this: ${text}`} onPress={() => ask(request)}>
                Try this
              </Button>
            )}
            {place !== null && (
              <Button
                className="button bare"
                aria-label={`Line ${place.line}: show where it says so`}
                onPress={() => show(place)}
              >
                Line {place.line}
              </Button>
            )}
          </li>
        ))}
      </ul>
    </>
  );
}

/** Words in backticks are the policy's own. */
function Words({ text }: { readonly text: string }) {
  return (
    <span>
      {text.split("`").map((part, index) => (index % 2 === 1 ? <code key={index}>{part}</code> : part))}
    </span>
  );
}
