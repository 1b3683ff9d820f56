/** What a cell says: an icon and a word, never a colour alone. */
import type { AccessCell } from "@wardline/language-server";
import { CheckIcon, CrossIcon } from "../../controls/icons.tsx";

export const words: { readonly [Kind in AccessCell["access"]]: string } = {
  always: "Always",
  sometimes: "Depends",
  never: "Never",
  none: "No such thing",
};

const tones: { readonly [Kind in AccessCell["access"]]: string } = {
  always: "good",
  sometimes: "part",
  never: "bad",
  none: "none",
};

export function AccessWord({ access }: { readonly access: AccessCell["access"] }) {
  return (
    <span className={`badge ${tones[access]}`}>
      <AccessIcon access={access} />
      {words[access]}
    </span>
  );
}

function AccessIcon({ access }: { readonly access: AccessCell["access"] }) {
  switch (access) {
    case "always":
      return <CheckIcon />;
    case "never":
      return <CrossIcon />;
    case "sometimes":
      return (
        <svg className="icon" viewBox="0 0 16 16" aria-hidden="true" stroke="currentColor" strokeWidth="1.5">
          <circle cx="8" cy="8" r="5.5" fill="none" />
          <path d="M8 2.5a5.5 5.5 0 0 1 0 11Z" fill="currentColor" />
        </svg>
      );
    case "none":
      return (
        <svg className="icon" viewBox="0 0 16 16" aria-hidden="true" stroke="currentColor" strokeWidth="1.5">
          <path d="M4.5 8h7" />
        </svg>
      );
  }
}
