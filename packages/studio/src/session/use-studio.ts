/** What a screen has of the studio. It is shown again when any of it changes. */
import { createContext, useContext, useMemo, useSyncExternalStore } from "react";
import type { Diagnostic } from "vscode-languageserver-protocol";
import { goTo } from "../app/route.ts";
import type { DocumentStore } from "../store/document-store.ts";
import type { AskWardline } from "../worker/language-client.ts";
import type { Observable } from "./observable.ts";
import type { Tier } from "./preferences.ts";
import type { FileKind, StudioProject } from "./project.ts";
import type { Session, ShownPlace } from "./session.ts";

export interface Studio {
  readonly session: Session;
  readonly project: StudioProject;
  readonly store: DocumentStore;
  /** The file that is chosen, and its text now. */
  readonly file: string;
  readonly fileKind: FileKind;
  readonly text: string;
  /** The tenant of the chosen policy; the first one while another file is chosen. Null in a project without tenants. */
  readonly tenant: string | null;
  /** Changes with every text. */
  readonly revision: number;
  readonly tier: Tier;
  /** File → what is wrong in it. */
  readonly diagnostics: ReadonlyMap<string, readonly Diagnostic[]>;
  readonly chooseFile: (file: string) => void;
  readonly chooseTenant: (tenant: string) => void;
  /** Asks the language server, which has every text of the store by then. */
  readonly request: AskWardline;
  /** Opens the policy screen at a place. */
  readonly show: (place: ShownPlace) => void;
  /** Reads a sentence out to who does not see the screen. */
  readonly announce: (sentence: string) => void;
}

export const SessionContext = createContext<Session | null>(null);
export const TierContext = createContext<Tier>("basic");

export function useSession(): Session {
  const session = useContext(SessionContext);
  if (session === null) throw new Error("a screen stands outside of the studio");
  return session;
}

export function useObserved<Value>(observed: Observable<Value>): Value {
  return useSyncExternalStore(observed.subscribe, observed.get);
}

function useRevision(store: DocumentStore): number {
  return useSyncExternalStore(
    (listener) => store.subscribe(listener),
    () => store.revision,
  );
}

export function useStudio(): Studio {
  const session = useSession();
  const { project, store, language } = session;
  const revision = useRevision(store);
  const file = useObserved(session.file);
  const diagnostics = useObserved(language.diagnostics);
  const tier = useContext(TierContext);
  const actions = useMemo(() => actionsOf(session), [session]);
  return useMemo(() => {
    const fileKind = project.files.find(({ name }) => name === file)?.is ?? { kind: "unknown" as const };
    return {
      session,
      project,
      store,
      file,
      fileKind,
      text: store.text(file) ?? "",
      tenant: fileKind.kind === "policy" ? fileKind.tenant : (project.tenants[0] ?? null),
      revision,
      tier,
      diagnostics,
      ...actions,
    };
  }, [session, project, store, language, revision, file, diagnostics, tier, actions]);
}

type Actions = Pick<Studio, "chooseFile" | "chooseTenant" | "request" | "show" | "announce">;

/** The same functions as long as the session is open. */
function actionsOf({ project, language, file, shown, announced }: Session): Actions {
  return {
    chooseFile: file.set,
    chooseTenant: (tenant) => {
      const policy = project.files.find(({ is }) => is.kind === "policy" && is.tenant === tenant);
      if (policy !== undefined) file.set(policy.name);
    },
    request: language.ask,
    show: (place) => {
      file.set(place.file);
      shown.set(place);
      goTo("policy");
    },
    announce: announced.set,
  };
}
