/** What a card is, in a word and a sign. */
import type { CardKind } from "@wardline/language-server";
import { CheckIcon, CrossIcon, ErrorIcon, LockIcon, TextIcon } from "../../controls/icons.tsx";

export function KindMark({ kind, heading }: { readonly kind: CardKind; readonly heading: string }) {
  return (
    <span className="kind-mark">
      <KindIcon kind={kind} />
      {heading}
    </span>
  );
}

function KindIcon({ kind }: { readonly kind: CardKind }) {
  switch (kind) {
    case "permit":
    case "floor":
    case "share":
      return <CheckIcon />;
    case "forbid":
      return <CrossIcon />;
    case "require":
    case "assert":
      return <ErrorIcon />;
    case "ceiling":
      return <LockIcon />;
    case "role":
    case "let":
    case "settings":
    case "use":
    case "parameter":
    case "test":
    case "model":
    case "damaged":
      return <TextIcon />;
  }
}
