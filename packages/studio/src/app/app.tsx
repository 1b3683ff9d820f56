/** The whole page: opens the project, then shows the shell around the chosen screen. */
import { Suspense, use, useState } from "react";
import { chosenOf, keepChoice, tiers, type Tier } from "../session/preferences.ts";
import type { Session } from "../session/session.ts";
import { SessionContext, TierContext } from "../session/use-studio.ts";
import { Mishap } from "./mishap.tsx";
import { Shell } from "./shell.tsx";

export function App({ open }: { readonly open: Promise<Session> }) {
  return (
    <Mishap title="The project did not open" whole>
      <Suspense fallback={<Opening />}>
        <Opened open={open} />
      </Suspense>
    </Mishap>
  );
}

function Opened({ open }: { readonly open: Promise<Session> }) {
  const first = use(open);
  const [{ session, count }, setOpened] = useState({ session: first, count: 1 });
  const openAnother = (next: Session) => {
    session.close();
    setOpened({ session: next, count: count + 1 });
  };
  const [tier, setTier] = useState(() => chosenOf("tier", tiers));
  const chooseTier = (next: Tier) => {
    keepChoice("tier", next);
    setTier(next);
  };
  return (
    <SessionContext value={session}>
      <TierContext value={tier}>
        <Shell key={count} chooseTier={chooseTier} openAnother={openAnother} />
      </TierContext>
    </SessionContext>
  );
}

function Opening() {
  return (
    <main className="opening">
      <p role="status">Opening the project …</p>
    </main>
  );
}
