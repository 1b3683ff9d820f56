/** What a command of the text said. */
import { Button, Dialog, Heading, Modal, ModalOverlay } from "react-aria-components";
import type { Session } from "../session/session.ts";
import { useObserved } from "../session/use-studio.ts";

export function SaidDialog({ session }: { readonly session: Session }) {
  const said = useObserved(session.said);
  if (said === null) return null;
  const close = () => session.said.set(null);
  return (
    <ModalOverlay className="overlay" isOpen isDismissable onOpenChange={(open) => open || close()}>
      <Modal className="modal">
        <Dialog>
          <Heading slot="title">{said.title}</Heading>
          <pre className="text-box" tabIndex={0} role="region" aria-label={said.title}>
            {said.text}
          </pre>
          <div className="dialog-buttons">
            <Button className="button main" onPress={close}>
              Close
            </Button>
          </div>
        </Dialog>
      </Modal>
    </ModalOverlay>
  );
}
