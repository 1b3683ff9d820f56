/** An outcome as an icon; a word stands beside it always. */
import type { Outcome } from "@wardline/core";

const paths: { readonly [Kind in Outcome]: string } = {
  permit: "M4.5 10.5 8.5 14.5 15.5 6",
  challenge: "M10 5.5v5.5M10 14.2v.3",
  deny: "M6 6l8 8M14 6l-8 8",
};

export function VerdictIcon({
  outcome,
  small = false,
}: {
  readonly outcome: Outcome;
  readonly small?: boolean;
}) {
  return (
    <svg
      className={`verdict-icon ${outcome} ${small ? "small" : ""}`}
      viewBox="0 0 20 20"
      aria-hidden="true"
      fill="none"
      stroke="currentColor"
      strokeWidth="2"
      strokeLinecap="round"
      strokeLinejoin="round"
    >
      <circle cx="10" cy="10" r="9" strokeWidth="1.4" />
      <path d={paths[outcome]} />
    </svg>
  );
}
