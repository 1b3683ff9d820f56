/** What kind a change is: an icon and a word. */
import type { ReviewedChange } from "@wardline/language-server";
import { CheckIcon, CrossIcon, LockIcon, MoreIcon, PlusIcon } from "../../controls/icons.tsx";

type Kind = ReviewedChange["kind"];

export const kindWords: { readonly [Key in Kind]: string } = {
  gained: "Gained",
  lost: "Lost",
  other: "Other reason",
};

const tones: { readonly [Key in Kind]: string } = { gained: "good", lost: "bad", other: "none" };

export function ChangeWord({ kind }: { readonly kind: Kind }) {
  return (
    <span className={`badge ${tones[kind]}`}>
      {kind === "gained" ? <PlusIcon /> : kind === "lost" ? <CrossIcon /> : <MoreIcon />}
      {kindWords[kind]}
    </span>
  );
}

type Outcome = NonNullable<ReviewedChange["before"]>["outcome"];

/** What is decided, in the words of *Try it*. */
export function OutcomeWord({ outcome }: { readonly outcome: Outcome }) {
  switch (outcome) {
    case "permit":
      return (
        <span className="badge good">
          <CheckIcon />
          Allowed
        </span>
      );
    case "challenge":
      return (
        <span className="badge part">
          <LockIcon />
          Allowed once more is shown
        </span>
      );
    case "deny":
      return (
        <span className="badge none">
          <CrossIcon />
          Not allowed
        </span>
      );
  }
}
