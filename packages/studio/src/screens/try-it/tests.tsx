/** The tests of the policy, run: which pass, and what is wrong with those that do not. */
import type { RanTest } from "@wardline/language-server";
import { Button } from "react-aria-components";
import { useAnswer } from "../../evidence/use-answer.ts";
import { VerdictIcon } from "./verdict-icon.tsx";
import { useStudio } from "../../session/use-studio.ts";

/** The policy's own tests, run anew with every text. */
export function useTests(tenant: string): readonly RanTest[] {
  const { value } = useAnswer("wardline/runPolicyTests", { tenant });
  return value?.filter(({ layer }) => layer === "tenant") ?? [];
}

export function Tests({ tests: ran }: { readonly tests: readonly RanTest[] }) {
  const { show } = useStudio();
  const failed = ran.filter(({ passed }) => !passed).length;
  return (
    <section className="tests" aria-labelledby="tests-title">
      <h2 id="tests-title">Tests of this policy</h2>
      {ran.length === 0 ? (
        <p className="soft">There is no test yet. Ask something above and keep the answer as a test.</p>
      ) : (
        <p className="soft" role="status">
          {failed === 0 ? `All ${ran.length} pass.` : `${failed} of ${ran.length} fail.`}
        </p>
      )}
      <ul className="test-list">
        {ran.map(({ title, passed, place, problems }) => (
          <li key={title}>
            <span className={`small-verdict ${passed ? "permit" : "deny"}`}>
              <VerdictIcon outcome={passed ? "permit" : "deny"} small />
              {passed ? "Passes" : "Fails"}
            </span>
            <span>
              {title}
              {problems.map(({ text }) => (
                <span key={text} className="test-problem">
                  {text}
                </span>
              ))}
            </span>
            <Button
              className="button bare"
              aria-label={`Line ${place.line}: show the test ${title}`}
              onPress={() => show(place)}
            >
              Line {place.line}
            </Button>
          </li>
        ))}
      </ul>
    </section>
  );
}
