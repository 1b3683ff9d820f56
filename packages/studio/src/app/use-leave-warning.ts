/** The browser asks before it leaves a page with edits that are not saved. */
import { useEffect } from "react";
import type { DocumentStore } from "../store/document-store.ts";

export function useLeaveWarning(store: DocumentStore): void {
  useEffect(() => {
    const onLeave = (event: BeforeUnloadEvent) => {
      if (store.dirtyFiles.length > 0) event.preventDefault();
    };
    addEventListener("beforeunload", onLeave);
    return () => removeEventListener("beforeunload", onLeave);
  }, [store]);
}
