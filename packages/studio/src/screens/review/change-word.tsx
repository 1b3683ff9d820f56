/** What kind a change is: an icon and a word. */
import type { ReviewedChange } from "@wardline/language-server";
import { CrossIcon, MoreIcon, PlusIcon } from "../../controls/icons.tsx";

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
