/** All rules of a question with their conditions and the values that these looked at. */
import type { TracedCondition, TriedRule } from "@wardline/language-server";
import { Button } from "react-aria-components";
import { CheckIcon, CrossIcon } from "../../controls/icons.tsx";
import { useStudio } from "../../session/use-studio.ts";

export function Trace({ rules }: { readonly rules: readonly TriedRule[] }) {
  const { show } = useStudio();
  return (
    <ul className="trace">
      {rules.map((rule) => (
        <li key={`${rule.rule} ${rule.of ?? ""}`}>
          <p className="trace-rule">
            <span className={`kind ${rule.kind}`}>{rule.kind}</span>
            <span>
              <strong>{rule.name}</strong> {rule.says}
              {rule.of !== null && <span className="soft">, for {rule.of}</span>}
            </span>
            {rule.place !== null && (
              <Button
                className="button bare"
                aria-label={`Line ${rule.place.line}: show the rule ${rule.name}`}
                onPress={() => rule.place !== null && show(rule.place)}
              >
                Line {rule.place.line}
              </Button>
            )}
          </p>
          <Condition condition={rule.condition} />
          {rule.preconditions.map(({ words, met, condition }) => (
            <div key={words} className="trace-asks">
              <p>
                <Mark holds={met} /> asks for {words}
              </p>
              <Condition condition={condition} />
            </div>
          ))}
        </li>
      ))}
    </ul>
  );
}

function Condition({ condition }: { readonly condition: TracedCondition }) {
  if (condition.kind !== "question")
    return (
      <div className="trace-group">
        <p>
          <Mark holds={condition.holds} /> {condition.kind === "all" ? "all of these" : "one of these"}
        </p>
        <ul>
          {condition.of.map((part, index) => (
            <li key={index}>
              <Condition condition={part} />
            </li>
          ))}
        </ul>
      </div>
    );
  const { holds, text, facts } = condition;
  return (
    <div>
      <p>
        <Mark holds={holds} /> <code>{text}</code>
      </p>
      {facts.length > 0 && <p className="trace-facts">{facts.join(" · ")}</p>}
    </div>
  );
}

function Mark({ holds }: { readonly holds: boolean }) {
  return (
    <span className={holds ? "holds" : "fails"}>
      {holds ? <CheckIcon /> : <CrossIcon />}
      {holds ? "yes" : "no"}
    </span>
  );
}
