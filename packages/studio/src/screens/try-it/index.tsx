/** The screen *Try it*: ask a question of the policy, see the answer and why, and keep it as a test. */
import type { RequestDocument } from "@wardline/core";
import { useRef, useState } from "react";
import { Button } from "react-aria-components";
import { goTo } from "../../app/route.ts";
import { Choice } from "../../controls/choice.tsx";
import { useStudio } from "../../session/use-studio.ts";
import { People } from "./people.tsx";
import { Question } from "./question.tsx";
import { Tests, useTests } from "./tests.tsx";
import { useLinkedScenario } from "./use-linked-scenario.ts";
import { useTrial } from "./use-trial.ts";
import { Verdict } from "./verdict.tsx";
import { VerdictIcon } from "./verdict-icon.tsx";
import "./try-it.css";

export function Screen() {
  const { tenant } = useStudio();
  const linked = useLinkedScenario();
  return (
    <section aria-labelledby="screen-title" className="screen try-it">
      <div className="section-head">
        <div>
          <h1 id="screen-title">Try it</h1>
          <p className="soft">
            Ask who may do what, and see the answer with its reasons before anybody meets it.
          </p>
        </div>
      </div>
      {tenant === null ? (
        <p>This project has no policy to ask.</p>
      ) : (
        <Trying key={`${tenant} ${linked}`} tenant={tenant} />
      )}
    </section>
  );
}

function Trying({ tenant }: { readonly tenant: string }) {
  const { shown, refused, choose, ask } = useTrial(tenant);
  const { keep, kept } = useKeeping(tenant);
  const verdict = useRef<HTMLDivElement>(null);
  // What was pressed may be gone with the next answer.
  const askOn = (request: RequestDocument) => {
    ask(request);
    verdict.current?.focus();
  };
  const tests = useTests(tenant);
  const titles = tests.map(({ title }) => title);
  return (
    <>
      {refused !== null && (
        <div className="notice" role="alert">
          <p>{refused}</p>
          {shown === null && (
            <Button className="button" onPress={() => goTo("policy")}>
              Go to the policy
            </Button>
          )}
        </div>
      )}
      {shown === null && refused === null && <p className="loading">Asking …</p>}
      {shown !== null && (
        <>
          <p className="sentence">
            {shown.scenario.sentence}
            <span className={`small-verdict ${shown.answer.outcome}`} aria-hidden="true">
              <VerdictIcon outcome={shown.answer.outcome} small />
              {shown.answer.verdict}
            </span>
          </p>
          <div className="try-columns">
            <Question scenario={shown.scenario} choose={choose} />
            <div className="answer-side">
              <Verdict answer={shown.answer} ask={askOn} verdict={verdict} />
              <Keeping keep={(into) => keep([shown.scenario.request], into)} titles={titles} />
              {kept !== null && <Kept kept={kept} />}
            </div>
          </div>
          <People roles={shown.roles} ask={askOn} keep={(requests) => keep(requests, null)} />
        </>
      )}
      <Tests tests={tests} />
    </>
  );
}

const fresh = "(a new test)";

function Keeping({
  keep,
  titles,
}: {
  readonly keep: (into: string | null) => void;
  readonly titles: readonly string[];
}) {
  const [chosen, setChosen] = useState(fresh);
  // A test may be gone by now.
  const into = titles.includes(chosen) ? chosen : fresh;
  return (
    <div className="keep">
      <Button className="button main" onPress={() => keep(into === fresh ? null : into)}>
        Keep as test
      </Button>
      {titles.length > 0 && (
        <Choice
          label="Which test it goes to"
          quiet
          chosen={into}
          options={[
            { id: fresh, label: "As a new test" },
            ...titles.map((title) => ({ id: title, label: title, section: "Add it to" })),
          ]}
          choose={setChosen}
        />
      )}
      <p className="soft">A test says what must stay so. It is checked with every change.</p>
    </div>
  );
}

type KeptOutcome = { readonly refused: string } | { readonly title: string; readonly text: string };

function Kept({ kept }: { readonly kept: KeptOutcome }) {
  if ("refused" in kept)
    return (
      <p className="notice" role="alert">
        Not kept. {kept.refused}
      </p>
    );
  return (
    <div className="kept">
      <p>Kept as the test “{kept.title}”. Undo takes it back.</p>
      <pre className="text-box" tabIndex={0} role="region" aria-label="The test">
        {kept.text}
      </pre>
    </div>
  );
}

function useKeeping(tenant: string) {
  const { request, store, announce } = useStudio();
  const [kept, setKept] = useState<KeptOutcome | null>(null);
  const keep = async (requests: readonly RequestDocument[], into: string | null) => {
    const made = store.revision;
    const result = await request("wardline/keepAsTest", {
      tenant,
      requests,
      ...(into === null ? {} : { into }),
    });
    if ("refused" in result) {
      setKept(result);
      announce(`Not kept. ${result.refused}`);
      return;
    }
    const done = store.edit({ label: `Keep the test “${result.title}”`, edits: result.edits }, null, made);
    setKept(done ? result : { refused: "The text was changed meanwhile: ask again." });
    announce(done ? `Kept as the test ${result.title}` : "Not kept: the text was changed meanwhile.");
  };
  return { keep: (...params: Parameters<typeof keep>) => void keep(...params), kept };
}
