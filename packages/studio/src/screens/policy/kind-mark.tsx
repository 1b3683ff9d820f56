/** What a card is, in a word and a sign. */
import type { CardKind } from "@wardline/language-server";
import {
  CheckIcon,
  CrossIcon,
  ErrorIcon,
  LockIcon,
  PersonIcon,
  SettingsIcon,
  TestIcon,
  TextIcon,
} from "../../controls/icons.tsx";

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
      return <PersonIcon />;
    case "settings":
    case "parameter":
      return <SettingsIcon />;
    case "test":
      return <TestIcon />;
    case "let":
    case "use":
    case "model":
    case "damaged":
      return <TextIcon />;
  }
}
