/** Leads to where a rule stands: shows its line, and its card, on the policy screen. */
import { Button } from "react-aria-components";
import { useStudio } from "../session/use-studio.ts";
import { lineSpan } from "./line-span.ts";

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
