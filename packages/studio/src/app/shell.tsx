/** What stands around every screen: skip link, navigation, the file and its history, and what is read out. */
import { Suspense, useContext, useEffect, useRef, useSyncExternalStore } from "react";
import type { Tier } from "../session/preferences.ts";
import type { Session } from "../session/session.ts";
import { TierContext, useObserved, useSession } from "../session/use-studio.ts";
import { DocumentBar } from "./document-bar.tsx";
import { Mishap } from "./mishap.tsx";
import { SaidDialog } from "./said-dialog.tsx";
import { onHash, screenOf, screens, type ScreenName } from "./route.ts";
import { screenEntries } from "./screens.ts";
import { ThemeChoice } from "./theme-choice.tsx";
import { TierChoice } from "./tier-choice.tsx";
import { useHistoryKeys } from "./use-history-keys.ts";
import { useLeaveWarning } from "./use-leave-warning.ts";

export interface ShellProps {
  readonly chooseTier: (tier: Tier) => void;
  readonly openAnother: (session: Session) => void;
}

export function Shell({ chooseTier, openAnother }: ShellProps) {
  // Not of what changes with every key: all screens stand in it.
  const session = useSession();
  const { project } = session;
  const tier = useContext(TierContext);
  const screen = useSyncExternalStore(onHash, () => screenOf(location.hash));
  const announced = useObserved(session.announced);
  const failed = useObserved(session.language.failed);
  const main = useFocusOnScreen(screen);
  useHistoryKeys(session);
  useLeaveWarning(session.store);
  useEffect(() => {
    document.title = `${screenEntries[screen].title} · ${project.title} · Wardline`;
  }, [screen, project]);
  const { Screen, title } = screenEntries[screen];
  return (
    <div className="shell">
      <a
        className="skip"
        href="#main"
        onClick={(event) => {
          event.preventDefault();
          main.current?.focus();
        }}
      >
        Skip to the content
      </a>
      <header className="top">
        <p className="brand">
          <Mark />
          <span>Wardline</span>
        </p>
        <Navigation current={screen} tier={tier} />
        <div className="choices">
          <TierChoice tier={tier} choose={chooseTier} />
          <ThemeChoice />
        </div>
      </header>
      <DocumentBar openAnother={openAnother} />
      {failed !== null && (
        <p className="notice" role="alert">
          {failed}
        </p>
      )}
      <main id="main" tabIndex={-1} ref={main}>
        <Mishap key={screen} title={`${title} cannot be shown`}>
          <Suspense fallback={<p className="loading">Loading …</p>}>
            <Screen />
          </Suspense>
        </Mishap>
      </main>
      <SaidDialog session={session} />
      <div className="unseen" role="status" aria-live="polite">
        {announced}
      </div>
    </div>
  );
}

function Navigation({ current, tier }: { readonly current: ScreenName; readonly tier: Tier }) {
  const shown = screens.filter(
    (name) => tier === "advanced" || screenEntries[name].tier === "basic" || name === current,
  );
  return (
    <nav aria-label="Screens">
      <ul>
        {shown.map((name) => (
          <li key={name}>
            <a href={`#/${name}`} aria-current={name === current ? "page" : undefined}>
              {screenEntries[name].title}
            </a>
          </li>
        ))}
      </ul>
    </nav>
  );
}

/** The place of the screens takes the focus when another one is shown, not when the page opens. */
function useFocusOnScreen(screen: ScreenName) {
  const main = useRef<HTMLElement>(null);
  const shown = useRef(screen);
  useEffect(() => {
    if (shown.current === screen) return;
    shown.current = screen;
    main.current?.focus();
    scrollTo(0, 0);
  }, [screen]);
  return main;
}

function Mark() {
  return (
    <svg className="mark" viewBox="0 0 24 24" aria-hidden="true">
      <path d="M12 2 4 5v6c0 5 3.4 9.3 8 11 4.6-1.7 8-6 8-11V5l-8-3Z" fill="currentColor" opacity=".18" />
      <path
        d="M12 2 4 5v6c0 5 3.4 9.3 8 11 4.6-1.7 8-6 8-11V5l-8-3Zm-4 9.5 3 3 5.5-6"
        fill="none"
        stroke="currentColor"
        strokeWidth="1.8"
        strokeLinecap="round"
        strokeLinejoin="round"
      />
    </svg>
  );
}
