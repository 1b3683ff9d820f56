/** What the checker says of a card, with what mends it. */
import type { Finding, Fix } from "@wardline/core";
import type { Card } from "@wardline/language-server";
import { useState } from "react";
import { Button } from "react-aria-components";
import { CodeWords } from "../../controls/code-words.tsx";
import { ErrorIcon, WarningIcon } from "../../controls/icons.tsx";
import { useStudio } from "../../session/use-studio.ts";
import { useCardList } from "./card-list-context.ts";
import { CardTextDialog } from "./card-text-dialog.tsx";

export const severityWords = { error: "To mend", warning: "To look at", info: "To know" } as const;

export function CardFindings({ card }: { readonly card: Card }) {
  const { isCurrent, readOnly } = useCardList();
  const [isNaming, setNaming] = useState(false);
  const { findings } = card;
  if (findings.length === 0) return null;
  return (
    <ul className="findings">
      {findings.map((finding) => (
        <li key={`${finding.code} ${finding.labels[0].span.start}`} className={`finding ${finding.severity}`}>
          <FindingWords finding={finding} />
          {!readOnly && <FixButtons fixes={finding.fixes} isCurrent={isCurrent} />}
          {finding.code === "lint/empty-name" && card.can.rename && !readOnly && (
            <Button className="button" onPress={() => setNaming(true)}>
              Give it a name
            </Button>
          )}
        </li>
      ))}
      {isNaming && <CardTextDialog card={card} asks="rename" close={() => setNaming(false)} />}
    </ul>
  );
}

type FindingText = Pick<Finding, "code" | "severity" | "message" | "note" | "help">;

export function FindingWords({ finding }: { readonly finding: FindingText }) {
  const { severity, message, note, help, code } = finding;
  return (
    <div className="finding-words">
      <p>
        <span className="severity">
          {severity === "error" ? <ErrorIcon /> : <WarningIcon />}
          {severityWords[severity]}:
        </span>{" "}
        <CodeWords text={sentence(message)} />
      </p>
      {note !== undefined && (
        <p className="finding-more">
          <CodeWords text={sentence(note)} />
        </p>
      )}
      {help !== undefined && (
        <p className="finding-more">
          <CodeWords text={`What to do: ${sentence(help)}`} />
        </p>
      )}
      <p className="finding-code">{code}</p>
    </div>
  );
}

export interface FixButtonsProps {
  readonly fixes: readonly Fix[];
  /** Whether the places of the fixes are those of the text as it is now. */
  readonly isCurrent: () => boolean;
}

export function FixButtons({ fixes, isCurrent }: FixButtonsProps) {
  const { store, announce } = useStudio();
  return fixes.map((fix) => (
    <Button
      key={fix.title}
      className="button"
      onPress={() => {
        const done = isCurrent() && store.edit({ label: fix.title, edits: fix.edits }, "fix");
        announce(done ? `${fix.title}: done` : "The text has changed meanwhile. Try again.");
      }}
    >
      <span>
        <CodeWords text={capital(fix.title)} />
      </span>
    </Button>
  ));
}

/** A message of the checker, which begins and ends within a line, as a sentence of its own. */
function sentence(words: string): string {
  return /[.?!]$/.test(words) ? capital(words) : `${capital(words)}.`;
}

function capital(words: string): string {
  return words.slice(0, 1).toUpperCase() + words.slice(1);
}
