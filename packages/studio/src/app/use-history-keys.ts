/** Ctrl+Z, Ctrl+Shift+Z, Ctrl+Y and Ctrl+S, wherever the focus is. What is being typed into a field is the field's own. */
import { useEffect } from "react";
import type { Session } from "../session/session.ts";

/** The document bar hears it and saves as its button does. */
export const saveEvent = "wardline-save";

export function useHistoryKeys({ store }: Session): void {
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (!(event.ctrlKey || event.metaKey) || event.altKey || event.defaultPrevented) return;
      const key = event.key.toLowerCase();
      if (key === "s") {
        event.preventDefault();
        dispatchEvent(new Event(saveEvent));
        return;
      }
      const back = key === "z" && !event.shiftKey;
      const again = key === "y" || (key === "z" && event.shiftKey);
      if ((!back && !again) || isField(event.target)) return;
      event.preventDefault();
      if (back) store.undo();
      else store.redo();
    };
    addEventListener("keydown", onKey);
    return () => removeEventListener("keydown", onKey);
  }, [store]);
}

/** The text editor's own keys call the store already. */
function isField(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  if (target.closest("[data-text-editor]") !== null) return true;
  return target.matches("input, textarea, [contenteditable='true'], [role='spinbutton']");
}
