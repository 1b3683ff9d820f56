/** Who, what, which and when, as plain controls. Facts that no rule reads stand behind a button. */
import type { Fixture, Scenario, ScenarioChange, ScenarioFact } from "@wardline/language-server";
import { Button, Disclosure, DisclosurePanel, Heading } from "react-aria-components";
import { Choice } from "../../controls/choice.tsx";
import { ChevronIcon } from "../../controls/icons.tsx";
import { useStudio } from "../../session/use-studio.ts";
import { FactField } from "./fact-field.tsx";

export interface QuestionProps {
  readonly scenario: Scenario;
  readonly choose: (change: ScenarioChange) => void;
}

export function Question({ scenario, choose }: QuestionProps) {
  const { request, principals, actions, types, people, things, facts } = scenario;
  const of = (...parts: readonly ScenarioFact["of"][]) => facts.filter((fact) => parts.includes(fact.of));
  const isUpdate = request.prior !== undefined && request.next !== undefined;
  return (
    <section className="asking" aria-labelledby="question-title">
      <h2 id="question-title">The question</h2>
      <Group title="Who">
        <Pick
          label="Who asks"
          words={`${request.principal.id} …`}
          fixtures={people}
          pick={(key) => choose({ kind: "person", key })}
        />
        {principals.length > 1 && (
          <Named label="Kind of account">
            <Choice
              label="Kind of account"
              chosen={request.principal.type}
              options={principals.map(({ value, label }) => ({ id: value, label }))}
              choose={(principal) => choose({ kind: "question", principal })}
            />
          </Named>
        )}
        <Facts facts={of("who")} choose={choose} about="them" />
      </Group>
      <Group title="What">
        <Named label="Action">
          <Choice
            label="Action"
            chosen={request.action.name}
            options={actions.map(({ value, label }) => ({ id: value, label }))}
            choose={(action) => choose({ kind: "question", action })}
          />
        </Named>
        <Named label="Kind of record">
          <Choice
            label="Kind of record"
            chosen={request.resource.type}
            options={types.map(({ value, label, documentation }) => ({
              id: value,
              label,
              ...(documentation === null ? {} : { hint: documentation }),
            }))}
            choose={(resource) => choose({ kind: "question", resource })}
          />
        </Named>
      </Group>
      <Group title={isUpdate ? "Which, as it is" : "Which"}>
        {things.length > 0 && (
          <Pick
            label="Which record"
            words="One from your tests …"
            fixtures={things}
            pick={(key) => choose({ kind: "thing", key })}
          />
        )}
        <Facts facts={of("row")} choose={choose} about="the record" />
      </Group>
      {isUpdate && (
        <Group title="What it becomes">
          <Facts facts={of("becomes")} choose={choose} about="what it becomes" />
        </Group>
      )}
      <Group title="When and how">
        <Facts facts={of("when", "tenant")} choose={choose} about="the request" />
      </Group>
      <div className="question-buttons">
        <Button className="button" onPress={() => choose({ kind: "example", permitted: true })}>
          Show one that is allowed
        </Button>
        <Button className="button" onPress={() => choose({ kind: "example", permitted: false })}>
          Show one that is refused
        </Button>
      </div>
    </section>
  );
}

function Group({ title, children }: { readonly title: string; readonly children: React.ReactNode }) {
  return (
    <fieldset className="question-group">
      <legend>{title}</legend>
      {children}
    </fieldset>
  );
}

function Named({ label, children }: { readonly label: string; readonly children: React.ReactNode }) {
  return (
    <div className="fact">
      <span className="fact-label" aria-hidden="true">
        {label}
      </span>
      {children}
    </div>
  );
}

interface PickProps {
  readonly label: string;
  /** What the button says: what is chosen may be changed afterwards. */
  readonly words: string;
  readonly fixtures: readonly Fixture[];
  readonly pick: (key: string) => void;
}

const current = "(current)";

function Pick({ label, words, fixtures, pick }: PickProps) {
  return (
    <Named label={label}>
      <Choice
        label={label}
        chosen={current}
        options={[
          { id: current, label: words },
          ...fixtures.map(({ key, label: name, from }) => ({
            id: key,
            label: name,
            section: from === null ? "Made up" : "From the tests",
            ...(from === null ? {} : { hint: from }),
          })),
        ]}
        choose={(key) => {
          if (key !== current) pick(key);
        }}
      />
    </Named>
  );
}

function Facts({
  facts,
  choose,
  about,
}: {
  readonly facts: readonly ScenarioFact[];
  readonly choose: QuestionProps["choose"];
  readonly about: string;
}) {
  const decisive = facts.filter(({ decides, id }) => decides || id === "now" || id === "principal/roles");
  const others = facts.filter((fact) => !decisive.includes(fact));
  return (
    <>
      {decisive.map((fact) => (
        <OneFact key={fact.id} fact={fact} choose={choose} />
      ))}
      {others.length > 0 && (
        <Disclosure className="more">
          <Heading className="more-heading">
            <Button slot="trigger" className="button bare">
              <ChevronIcon />
              More about {about}
            </Button>
          </Heading>
          <DisclosurePanel className="more-panel">
            {others.map((fact) => (
              <OneFact key={fact.id} fact={fact} choose={choose} />
            ))}
          </DisclosurePanel>
        </Disclosure>
      )}
    </>
  );
}

function OneFact({
  fact,
  choose,
}: {
  readonly fact: ScenarioFact;
  readonly choose: QuestionProps["choose"];
}) {
  const { tier } = useStudio();
  const { id, label, path, documentation, picker, optional, value } = fact;
  return (
    <FactField
      label={label}
      {...(tier === "advanced" ? { path } : {})}
      documentation={documentation}
      picker={picker}
      optional={optional}
      value={value}
      change={(next) => choose({ kind: "fact", fact: id, value: next })}
    />
  );
}
