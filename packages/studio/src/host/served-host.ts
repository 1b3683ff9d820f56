/** A folder of this machine, by way of `wardline studio`, which serves this page. */
import type { HostedProject, HostNews, ProjectHost, SaveAnswer } from "./project-host.ts";

/** How long the page waits before it asks again whether files have changed, in milliseconds. */
const pause = 1500;

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
  let tag: string | null = null;
  /** Changes as a save begins and as it ends: what was asked for before says nothing any more. */
  let saves = 0;
  const underWay = new Set<Promise<SaveAnswer>>();

  /** As it is after every save that was begun. */
  async function read(): Promise<HostedProject> {
    for (;;) {
      await Promise.all(underWay);
      const before = saves;
      const answer = await fetch("/api/project", { headers, cache: "no-store" });
      if (!answer.ok) throw new Error(sentenceOf(await refusalIn(answer)));
      const project = hosted((await answer.json()) as ServedProject);
      if (saves !== before) continue;
      tag = answer.headers.get("etag");
      return project;
    }
  }

  /** What has changed since the project was last read. */
  async function news(): Promise<HostNews | null> {
    const before = saves;
    const known = tag === null ? {} : { "if-none-match": tag };
    const answer = await fetch("/api/project", { headers: { ...headers, ...known }, cache: "no-store" });
    if (answer.status === 304) return { kind: "trouble", reason: null };
    if (!answer.ok) return { kind: "trouble", reason: sentenceOf(await refusalIn(answer)) };
    const project = hosted((await answer.json()) as ServedProject);
    if (saves !== before || underWay.size > 0) return null;
    tag = answer.headers.get("etag");
    return { kind: "project", project };
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
    try {
      const answer = await fetch(`/api/files/${name.split("/").map(encodeURIComponent).join("/")}`, {
        method: "PUT",
        headers: { ...headers, ...upon, "content-type": "text/plain; charset=utf-8" },
        body: text,
      });
      return await saved(answer);
    } catch {
      return { kind: "refused", reason: notRunning };
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
      const ask = async () => {
        clearTimeout(timer);
        // Nobody looks: there is time when somebody does again.
        if (document.visibilityState === "visible") {
          const heard = await news().then(
            (one) => {
              failures = 0;
              return one;
            },
            // One may be lost on the way.
            (): HostNews | null => ((failures += 1) < 2 ? null : { kind: "trouble", reason: notHeard }),
          );
          if (stopped) return;
          if (heard !== null) told(heard);
        }
        timer = setTimeout(asked, pause);
      };
      const asked = () => void ask();
      document.addEventListener("visibilitychange", asked);
      timer = setTimeout(asked, pause);
      return () => {
        stopped = true;
        clearTimeout(timer);
        document.removeEventListener("visibilitychange", asked);
      };
    },
  };
}

const notRunning =
  "Nothing was written: `wardline studio` does not answer. Start it again and open its address.";

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
