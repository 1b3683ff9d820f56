/** What the checker says of a card, with what mends it. */
import type { Finding, Fix } from "@wardline/core";
import { useState } from "react";
import { Button } from "react-aria-components";
import { CodeWords } from "../../controls/code-words.tsx";
import { ErrorIcon, WarningIcon } from "../../controls/icons.tsx";
import { useSession } from "../../session/use-studio.ts";
import { useCardList } from "./card-list-context.ts";
import { CardTextDialog } from "./card-text-dialog.tsx";
import type { ShownCard } from "./keep-cards.ts";

const severityWords = { error: "To mend", warning: "To look at", info: "To know" } as const;

export function CardFindings({ card }: { readonly card: ShownCard }) {
  const { isCurrent, findingsOf, readOnly } = useCardList();
  const [isNaming, setNaming] = useState(false);
  const { findings } = card;
  if (findings.length === 0) return null;
  return (
    <ul className="findings">
      {findings.map((finding, index) => (
        <li key={`${finding.code} ${index}`} className={`finding ${finding.severity}`}>
          <FindingWords finding={finding} />
          {!readOnly && (
            <FixButtons
              fixes={finding.fixes}
              fixesNow={() => (isCurrent() ? (findingsOf(card.id)[index]?.fixes ?? []) : [])}
            />
          )}
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
  /** The same fixes with their places in the text as it is now; none where they are of another text. */
  readonly fixesNow: () => readonly Fix[];
}

export function FixButtons({ fixes, fixesNow }: FixButtonsProps) {
  const { store, announced } = useSession();
  const carryOut = ({ title }: Fix) => {
    const now = fixesNow().find((fix) => fix.title === title);
    const done = now !== undefined && store.edit({ label: title, edits: now.edits }, "fix");
    announced.set(done ? `${title}: done` : "The text has changed meanwhile. Try again.");
  };
  return fixes.map((fix) => (
    <Button key={fix.title} className="button" onPress={() => carryOut(fix)}>
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
