/** What others have done to the project meanwhile, and what can be done about it. */
import { useState } from "react";
import { Button } from "react-aria-components";
import { CodeWords } from "../controls/code-words.tsx";
import type { HostedProject } from "../host/project-host.ts";
import type { StudioProject } from "../session/project.ts";
import type { Conflict } from "../session/save-files.ts";
import { reopenSession, type Session } from "../session/session.ts";
import { useObserved } from "../session/use-studio.ts";
import { startWorker } from "../worker/start-worker.ts";

export interface NewsProps {
  readonly session: Session;
  readonly openAnother: (session: Session) => void;
  readonly decide: (conflict: Conflict) => void;
}

export function News({ session, openAnother, decide }: NewsProps) {
  const trouble = useObserved(session.trouble);
  const remade = useObserved(session.remade);
  const conflicts = useObserved(session.saver.conflicts);
  const [failed, setFailed] = useState<string | null>(null);
  const [isOpening, setOpening] = useState(false);
  const show = () => {
    // Invariant: one at a time. What is opened twice would be closed once.
    setOpening(true);
    reopenSession(session, startWorker).then(openAnother, (error: unknown) => {
      setOpening(false);
      setFailed(error instanceof Error ? error.message : String(error));
    });
  };
  const told = trouble ?? failed;
  return (
    <div className="news" role="status">
      {told !== null && (
        <p className="news-item bad">
          <CodeWords text={told} />
        </p>
      )}
      {[...conflicts.values()].map((conflict) => (
        <p key={conflict.file} className="news-item">
          <span>
            {conflict.file} was {conflict.theirs === null ? "removed" : "changed"} elsewhere, and you have
            changed it too.
          </span>
          <Button className="button" onPress={() => decide(conflict)}>
            {conflict.theirs === null ? "Decide" : "Compare"}
          </Button>
        </p>
      ))}
      {remade !== null && (
        <p className="news-item">
          <span>{differenceOf(session.project, remade)} Your changes stay.</span>
          <Button className="button" isDisabled={isOpening} onPress={show}>
            Show it as it is now
          </Button>
        </p>
      )}
    </div>
  );
}

function differenceOf(opened: StudioProject, now: HostedProject): string {
  const before = new Set(opened.files.map(({ name }) => name));
  const after = new Set(now.files.map(({ name }) => name));
  const added = [...after].filter((name) => !before.has(name));
  const removed = [...before].filter((name) => !after.has(name));
  const said = [
    ...(added.length > 0 ? [`${added.join(", ")} came.`] : []),
    ...(removed.length > 0 ? [`${removed.join(", ")} went.`] : []),
    ...(opened.config !== now.config ? ["The configuration was changed."] : []),
  ];
  return `Somebody changed the project. ${said.length > 0 ? said.join(" ") : "What can be saved is otherwise."}`;
}
