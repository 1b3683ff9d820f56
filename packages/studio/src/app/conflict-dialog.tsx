/** Somebody else saved the file meanwhile: whose text shall stand. */
import { Button, Dialog, Heading, Modal, ModalOverlay } from "react-aria-components";
import type { Conflict } from "../session/save-files.ts";

export interface ConflictDialogProps {
  readonly conflict: Conflict;
  readonly settle: (by: "mine" | "theirs" | "later") => void;
}

export function ConflictDialog({ conflict, settle }: ConflictDialogProps) {
  return (
    <ModalOverlay className="overlay" isOpen onOpenChange={(open) => open || settle("later")}>
      <Modal className="modal">
        <Dialog role="alertdialog">
          <Heading slot="title">{conflict.file} was changed elsewhere</Heading>
          <p>
            Somebody saved another text since you opened it. Nothing was written. If you take theirs, undo
            brings your text back. If you save yours over it, theirs is gone.
          </p>
          <h3 id="theirs">What stands there now</h3>
          <pre className="text-box" tabIndex={0} role="region" aria-labelledby="theirs">
            {conflict.theirs}
          </pre>
          <div className="dialog-buttons">
            <Button className="button" autoFocus onPress={() => settle("later")}>
              Decide later
            </Button>
            <Button className="button" onPress={() => settle("theirs")}>
              Take theirs
            </Button>
            <Button className="button danger" onPress={() => settle("mine")}>
              Save mine over it
            </Button>
          </div>
        </Dialog>
      </Modal>
    </ModalOverlay>
  );
}
