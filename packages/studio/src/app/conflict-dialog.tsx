/** Somebody else changed or removed a file that has edits: what is otherwise, and whose text shall stand. */
import { lineDiff } from "@wardline/language-server/line-diff";
import { Button, Dialog, Heading, Modal, ModalOverlay } from "react-aria-components";
import { TextDifference } from "../difference/text-difference.tsx";
import type { Conflict } from "../session/save-files.ts";

export type Settlement = "mine" | "theirs" | "both" | "later";

export interface ConflictDialogProps {
  readonly conflict: Conflict;
  readonly mine: string;
  /** The text can have what both changed. */
  readonly canKeepBoth: boolean;
  readonly settle: (by: Settlement) => void;
}

export function ConflictDialog({
  conflict: { file, theirs },
  mine,
  canKeepBoth,
  settle,
}: ConflictDialogProps) {
  return (
    <ModalOverlay className="overlay" isOpen onOpenChange={(open) => open || settle("later")}>
      <Modal className={theirs === null ? "modal" : "modal wide"}>
        <Dialog role="alertdialog">
          <Heading slot="title">
            {file} was {theirs === null ? "removed" : "changed"} elsewhere
          </Heading>
          {theirs === null ? <Removed /> : <Changed {...{ file, mine, theirs, canKeepBoth }} />}
          <div className="dialog-buttons">
            <Button className="button" autoFocus onPress={() => settle("later")}>
              Decide later
            </Button>
            <Button className={theirs === null ? "button danger" : "button"} onPress={() => settle("theirs")}>
              {theirs === null ? "Let it go" : "Take theirs"}
            </Button>
            <Button
              className={theirs === null ? "button main" : "button danger"}
              onPress={() => settle("mine")}
            >
              {theirs === null ? "Save mine again" : "Save mine over it"}
            </Button>
            {canKeepBoth && (
              <Button className="button main" onPress={() => settle("both")}>
                Keep both
              </Button>
            )}
          </div>
        </Dialog>
      </Modal>
    </ModalOverlay>
  );
}

function Removed() {
  return (
    <p>
      Somebody removed the file while you were changing it. Nothing was written. You can save your text as a
      new file, or let it go: your changes in it are then gone.
    </p>
  );
}

interface ChangedProps {
  readonly file: string;
  readonly mine: string;
  readonly theirs: string;
  readonly canKeepBoth: boolean;
}

function Changed({ file, mine, theirs, canKeepBoth }: ChangedProps) {
  return (
    <>
      <p>
        Somebody saved another text since you opened it. Nothing was written.{" "}
        {canKeepBoth
          ? "You changed other lines than they did, so your text can take theirs too. "
          : "Their changes and yours cannot be put together, so only one of the texts can stand. "}
        If you take theirs, undo brings your text back. If you save yours over it, theirs is gone.
      </p>
      <h3>From your text to theirs</h3>
      <TextDifference file={{ file, ...lineDiff(mine, theirs) }} layout="one" />
    </>
  );
}
