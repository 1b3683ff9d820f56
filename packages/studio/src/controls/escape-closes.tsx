/** Escape closes what opened above the page at once, unless it empties a search field first. */
import { useEffect, useRef } from "react";

export function EscapeCloses({ close }: { readonly close: () => void }) {
  const place = useRef<HTMLSpanElement>(null);
  const closeNow = useRef(close);
  closeNow.current = close;
  useEffect(() => {
    const around = place.current?.parentElement;
    const onKey = (event: KeyboardEvent) => {
      const { target, key } = event;
      if (
        key !== "Escape" ||
        (target instanceof HTMLInputElement && target.type === "search" && target.value !== "")
      )
        return;
      event.stopPropagation();
      closeNow.current();
    };
    // In the capturing phase: a list with a search field keeps the first Escape to itself.
    around?.addEventListener("keydown", onKey, true);
    return () => around?.removeEventListener("keydown", onKey, true);
  }, []);
  return <span ref={place} hidden />;
}
