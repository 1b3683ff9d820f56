/** A folder of this machine, by way of `wardline studio`, which serves this page. */
import type { HostedProject, HostNews, ProjectHost, SaveAnswer } from "./project-host.ts";

/** How long the page waits before it asks again whether files have changed, in milliseconds. */
const pause = 1500;

/** How long it waits for an answer, in milliseconds. The server gives a request half a minute to arrive. */
const patience = { reading: 20_000, saving: 40_000 };

/** What the server refused: a sentence for people. */
class Refused extends Error {}

interface ServedProject {
  readonly name: string;
  readonly config: string | null;
  readonly files: readonly {
    readonly name: string;
    readonly text: string;
    readonly digest: string;
    readonly readOnly: string | null;
  }[];
  readonly lacking: readonly { readonly tenant: string; readonly name: string }[];
  readonly newPolicies: string | null;
}

/** What a refused request is answered with. */
interface Refusal {
  readonly code?: string;
  readonly message?: string;
  readonly help?: string;
  readonly text?: string;
  readonly digest?: string;
}

/** `token` is what the address that the command printed ends in. */
export function servedHost(token: string): ProjectHost {
  const headers = { authorization: `Bearer ${token}` };
  /** The project as it was last heard of. */
  let latest: { readonly tag: string | null; readonly project: HostedProject } | null = null;
  /** Changes as a save begins and as it ends: what was asked for before says nothing any more. */
  let saves = 0;
  const underWay = new Set<Promise<SaveAnswer>>();
  /** How often the project was asked for, and which of these questions is the last that was answered. */
  let asked = 0;
  let heard = 0;

  /** The project after every save that was begun, and not as it was before one that was told already; else null. Rejects with {@link Refused}. */
  async function ask(known: typeof latest): Promise<HostedProject | null> {
    const [mine, before] = [(asked += 1), saves];
    const tag = known?.tag ?? null;
    const answer = await fetch("/api/project", {
      headers: { ...headers, ...(tag === null ? {} : { "if-none-match": tag }) },
      cache: "no-store",
      signal: AbortSignal.timeout(patience.reading),
    });
    const isSame = answer.status === 304 && known !== null;
    if (!isSame && !answer.ok) throw new Refused(sentenceOf(await refusalIn(answer)));
    const project = isSame ? known.project : hosted((await answer.json()) as ServedProject);
    if (saves !== before || underWay.size > 0 || mine < heard) return null;
    heard = mine;
    latest = { tag: answer.headers.get("etag"), project };
    return project;
  }

  /** As it is after every save that was begun. */
  async function read(): Promise<HostedProject> {
    for (;;) {
      await Promise.all(underWay);
      const project = await ask(null);
      if (project !== null) return project;
    }
  }

  async function news(): Promise<HostNews | null> {
    try {
      const project = await ask(latest);
      return project === null ? null : { kind: "project", project };
    } catch (error) {
      if (error instanceof Refused) return { kind: "trouble", reason: error.message };
      throw error;
    }
  }

  async function put(name: string, text: string, upon: Record<string, string>): Promise<SaveAnswer> {
    saves += 1;
    const answer = send(name, text, upon);
    underWay.add(answer);
    const answered = await answer;
    underWay.delete(answer);
    saves += 1;
    return answered;
  }

  /** Never rejects. */
  async function send(name: string, text: string, upon: Record<string, string>): Promise<SaveAnswer> {
    // The half of a sign would be sent as another one.
    if (!text.isWellFormed()) return { kind: "refused", reason: halfSign(name) };
    try {
      const answer = await fetch(`/api/files/${name.split("/").map(encodeURIComponent).join("/")}`, {
        method: "PUT",
        headers: { ...headers, ...upon, "content-type": "text/plain; charset=utf-8" },
        body: text,
        signal: AbortSignal.timeout(patience.saving),
      });
      return await saved(answer);
    } catch {
      return { kind: "unanswered", reason: notAnswered };
    }
  }

  return {
    saveWord: "Save",
    open: read,
    save: (name, text, base) => put(name, text, { "if-match": `"${base}"` }),
    create: (name, text) => put(name, text, { "if-none-match": "*" }),
    watch: (told) => {
      let timer: ReturnType<typeof setTimeout> | undefined;
      let stopped = false;
      let failures = 0;
      let isAsking = false;
      const look = async () => {
        // One at a time: the page may come into sight while it waits for an answer.
        if (isAsking) return;
        isAsking = true;
        clearTimeout(timer);
        // Nobody looks: there is time when somebody does again.
        if (document.visibilityState === "visible") {
          const heardNow = await news().then(
            (one) => {
              failures = 0;
              return one;
            },
            // One may be lost on the way.
            (): HostNews | null => ((failures += 1) < 2 ? null : { kind: "trouble", reason: notHeard }),
          );
          if (stopped) return;
          if (heardNow !== null) told(heardNow);
        }
        isAsking = false;
        timer = setTimeout(again, pause);
      };
      const again = () => void look();
      document.addEventListener("visibilitychange", again);
      timer = setTimeout(again, pause);
      return () => {
        stopped = true;
        clearTimeout(timer);
        document.removeEventListener("visibilitychange", again);
      };
    },
  };
}

const notAnswered =
  "`wardline studio` does not answer, so it is not known whether your text was written. It stays here. If the command has ended, copy your text, start it again and open its address.";

const halfSign = (name: string) =>
  `Nothing was written: ${name} has half of a sign, such as an emoji of which a part was deleted, which no file can hold. Delete the rest of it.`;

const notHeard =
  "`wardline studio` does not answer, so nothing can be saved. Copy the text of your changes before you leave this page, then start it again.";

function hosted({ name, config, files, lacking, newPolicies }: ServedProject): HostedProject {
  return {
    title: name,
    config,
    lacking,
    newPolicies,
    writable: files.some(({ readOnly }) => readOnly === null),
    files: files.map((file) => ({
      name: file.name,
      text: file.text,
      version: file.digest,
      ...(file.readOnly === null ? {} : { readOnly: file.readOnly }),
    })),
  };
}

async function saved(answer: Response): Promise<SaveAnswer> {
  if (answer.ok) return { kind: "saved", version: ((await answer.json()) as { digest: string }).digest };
  const refusal = await refusalIn(answer);
  // A mistake of the studio's may have come after the text was written.
  if (refusal.code === undefined || refusal.code === "studio/bug")
    return { kind: "unanswered", reason: sentenceOf(refusal) };
  if (refusal.code === "studio/removed" || refusal.code === "studio/no-such-file") return { kind: "removed" };
  return answer.status === 412 && refusal.text !== undefined && refusal.digest !== undefined
    ? { kind: "conflict", text: refusal.text, version: refusal.digest }
    : { kind: "refused", reason: sentenceOf(refusal) };
}

async function refusalIn(answer: Response): Promise<Refusal> {
  return (await answer.json().catch(() => ({}))) as Refusal;
}

function sentenceOf({ message = "The studio's server refused this", help }: Refusal): string {
  const first = message.charAt(0).toUpperCase() + message.slice(1);
  return help === undefined ? `${first}.` : `${first}: ${help.replace(/\.$/, "")}.`;
}
