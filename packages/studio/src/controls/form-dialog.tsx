/** A small form over the page: what it asks, and two buttons. Escape and a press beside it close it, and do nothing else. */
import type { ReactNode } from "react";
import { Button, Dialog, Heading, Modal, ModalOverlay } from "react-aria-components";

export interface FormDialogProps {
  readonly title: string;
  /** What the button says that does it. */
  readonly does: string;
  readonly submit: () => void;
  readonly close: () => void;
  readonly children: ReactNode;
}

export function FormDialog({ title, does, submit, close, children }: FormDialogProps) {
  return (
    <ModalOverlay className="overlay" isOpen isDismissable onOpenChange={(open) => open || close()}>
      <Modal className="modal narrow">
        <Dialog>
          <form
            className="dialog-form"
            noValidate
            onSubmit={(event) => {
              event.preventDefault();
              submit();
            }}
          >
            <Heading slot="title">{title}</Heading>
            {children}
            <div className="dialog-buttons">
              <Button className="button" onPress={close}>
                Cancel
              </Button>
              <Button type="submit" className="button main">
                {does}
              </Button>
            </div>
          </form>
        </Dialog>
      </Modal>
    </ModalOverlay>
  );
}
