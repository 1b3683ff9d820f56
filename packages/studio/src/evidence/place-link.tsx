/** Leads to where a rule stands: shows its line, and its card, on the policy screen. */
import { Button } from "react-aria-components";
import { useStudio } from "../session/use-studio.ts";

export interface PlaceLinkProps {
  readonly file: string;
  /** From 1. */
  readonly line: number;
  /** What stands there, for who hears the link alone. */
  readonly what: string;
}

export function PlaceLink({ file, line, what }: PlaceLinkProps) {
  const { store, show } = useStudio();
  return (
    <Button
      className="place-link"
      aria-label={`${file}:${line}, show ${what}`}
      onPress={() => show({ file, ...lineSpan(store.text(file) ?? "", line) })}
    >
      {file}:{line}
    </Button>
  );
}

/** The line without its end; the end of a text that has no such line. */
export function lineSpan(text: string, line: number): { readonly start: number; readonly end: number } {
  let start = 0;
  for (let at = 1; at < line; at += 1) {
    const next = text.indexOf("\n", start);
    if (next === -1) return { start: text.length, end: text.length };
    start = next + 1;
  }
  const end = text.indexOf("\n", start);
  return { start, end: end === -1 ? text.length : end };
}
