/** What to mend in the chosen file: every finding in the order of the text, with its quick fixes. */
import type { Fix, Severity } from "@wardline/core";
import { memo, useMemo, useState } from "react";
import { Button } from "react-aria-components";
import type { Diagnostic } from "vscode-languageserver-protocol";
import { CodeWords } from "../../controls/code-words.tsx";
import { useObserved, useStudio } from "../../session/use-studio.ts";
import { spanIn } from "../../worker/text-place.ts";
import { mendWords } from "./mend-words.ts";
import { FindingWords, FixButtons } from "./card-findings.tsx";

interface FindingData {
  readonly code?: string;
  readonly note?: string;
  readonly help?: string;
  readonly fixes?: readonly Fix[];
}

/** So many are shown at once. */
const firstFindings = 40;

export const Problems = memo(function Problems() {
  const { session, file, diagnostics, show } = useStudio();
  const found = diagnostics.get(file) ?? [];
  const failed = useObserved(session.language.failed);
  const [all, setAll] = useState(false);
  const actions = useMemo((): FindingActions => {
    const now = () => session.language.diagnostics.get().get(file) ?? [];
    return {
      goTo: (index) => {
        const diagnostic = now()[index];
        if (diagnostic !== undefined)
          show({ file, ...spanIn(session.store.text(file) ?? "", diagnostic.range) });
      },
      fixesNow: (index) => {
        const diagnostic = now()[index];
        if (diagnostic === undefined || !session.language.isDiagnosed(file)) return [];
        return readDiagnostic(diagnostic).data.fixes ?? [];
      },
    };
  }, [session, file, show]);
  // Of what was not checked nothing is said.
  if (failed !== null || !diagnostics.has(file)) return null;
  return (
    <section className="problems" aria-labelledby="problems">
      <h2 id="problems" tabIndex={-1}>
        What to mend
      </h2>
      {found.length === 0 ? (
        <p className="all-well">Nothing. Every rule says something that the checks understand.</p>
      ) : (
        <ol>
          {found.slice(0, all ? found.length : firstFindings).map((diagnostic, index) => (
            <FindingRow
              key={`${diagnostic.code} ${index}`}
              index={index}
              diagnostic={diagnostic}
              actions={actions}
            />
          ))}
        </ol>
      )}
      {!all && found.length > firstFindings && (
        <Button className="button" onPress={() => setAll(true)}>
          Show the other {found.length - firstFindings}
        </Button>
      )}
      <OtherFiles />
    </section>
  );
});

/** What is done with a finding, by which of those of the file it is. */
interface FindingActions {
  readonly goTo: (index: number) => void;
  /** None where the text has changed since. */
  readonly fixesNow: (index: number) => readonly Fix[];
}

interface FindingRowProps {
  readonly index: number;
  readonly diagnostic: Diagnostic;
  readonly actions: FindingActions;
}

/** Shown anew where another finding stands there, or the same on another line. */
const FindingRow = memo(
  function FindingRow({ index, diagnostic, actions }: FindingRowProps) {
    const { code, severity, words, data } = readDiagnostic(diagnostic);
    return (
      <li className={`finding ${severity}`}>
        <FindingWords finding={{ code, severity, message: words, ...textsOf(data) }} />
        <div className="finding-buttons">
          <Button className="button bare" onPress={() => actions.goTo(index)}>
            Go to line {diagnostic.range.start.line + 1}
          </Button>
          <FixButtons fixes={data.fixes ?? []} fixesNow={() => actions.fixesNow(index)} />
        </div>
      </li>
    );
  },
  (before, now) =>
    before.index === now.index &&
    before.actions === now.actions &&
    JSON.stringify(before.diagnostic) === JSON.stringify(now.diagnostic),
);

/** What there is to mend elsewhere, which may be why this file is not as it should be. */
function OtherFiles() {
  const { file, project, diagnostics, chooseFile } = useStudio();
  const others = [...diagnostics].filter(([name, found]) => name !== file && found.length > 0);
  if (others.length === 0) return null;
  return (
    <ul className="other-files" aria-label="In other files">
      {others.map(([name, found]) => (
        <li key={name}>
          {project.files.some((known) => known.name === name) ? (
            <Button className="button" onPress={() => chooseFile(name)}>
              {mendWords(found)} in {name}
              {project.files.some((known) => known.name === name && known.readOnly !== null) &&
                ", which others keep"}
            </Button>
          ) : (
            <p>
              {name}: <CodeWords text={found.map((one) => readDiagnostic(one).words).join(" ")} />
            </p>
          )}
        </li>
      ))}
    </ul>
  );
}

function readDiagnostic({ code, severity, message, data }: Diagnostic) {
  return {
    code: String(code ?? ""),
    severity: severityOf(severity),
    // The first line is the message; what follows stands in the data too.
    words: (typeof message === "string" ? message : message.value).split("\n")[0] ?? "",
    data: (data ?? {}) as FindingData,
  };
}

function severityOf(severity: Diagnostic["severity"]): Severity {
  if (severity === 1) return "error";
  return severity === 2 ? "warning" : "info";
}

function textsOf({ note, help }: FindingData): { note?: string; help?: string } {
  return { ...(note === undefined ? {} : { note }), ...(help === undefined ? {} : { help }) };
}
