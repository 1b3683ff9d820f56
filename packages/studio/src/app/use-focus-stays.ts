/** The focus stays among some buttons: where the one that has it can no longer be pressed, the nearest that can gets it. */
import { useEffect, useRef, type RefObject } from "react";

export function useFocusStays(): RefObject<HTMLDivElement | null> {
  const place = useRef<HTMLDivElement>(null);
  const last = useRef<Element | null>(null);
  useEffect(() => {
    const onFocus = ({ target }: FocusEvent) => {
      last.current = target instanceof Element && place.current?.contains(target) === true ? target : null;
    };
    document.addEventListener("focusin", onFocus);
    return () => document.removeEventListener("focusin", onFocus);
  }, []);
  useEffect(() => {
    const active = document.activeElement;
    if (last.current?.matches(":disabled") !== true) return;
    if (active !== null && active !== document.body && active !== last.current) return;
    const buttons = [...(place.current?.querySelectorAll("button") ?? [])];
    const at = buttons.findIndex((button) => button === last.current);
    const near = buttons
      .map((button, index) => ({ button, far: Math.abs(index - at) }))
      .filter(({ button }) => !button.disabled)
      .toSorted((one, other) => one.far - other.far);
    (near[0]?.button ?? document.querySelector<HTMLElement>("#main"))?.focus();
  });
  return place;
}
