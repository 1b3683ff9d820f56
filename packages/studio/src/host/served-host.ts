/** A folder of this machine, by way of `wardline studio`, which serves this page. */
import type { HostedProject, HostFile, ProjectHost, SaveAnswer } from "./project-host.ts";

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
}

/** What a refused request is answered with. */
interface Refusal {
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

  async function read(): Promise<HostedProject> {
    const answer = await fetch("/api/project", { headers, cache: "no-store" });
    if (!answer.ok) throw new Error(sentenceOf(await refusalIn(answer)));
    tag = answer.headers.get("etag");
    return hosted((await answer.json()) as ServedProject);
  }

  /** The files, if any has changed since they were last read. */
  async function changed(): Promise<readonly HostFile[]> {
    const before = saves;
    const known = tag === null ? {} : { "if-none-match": tag };
    const answer = await fetch("/api/project", { headers: { ...headers, ...known }, cache: "no-store" });
    if (answer.status !== 200) return [];
    const { files } = hosted((await answer.json()) as ServedProject);
    if (saves !== before) return [];
    tag = answer.headers.get("etag");
    return files;
  }

  return {
    saveWord: "Save",
    open: read,
    save: async (name, text, base) => {
      saves += 1;
      try {
        const answer = await fetch(`/api/files/${name.split("/").map(encodeURIComponent).join("/")}`, {
          method: "PUT",
          headers: { ...headers, "if-match": `"${base}"`, "content-type": "text/plain; charset=utf-8" },
          body: text,
        });
        return await saved(answer);
      } catch {
        return { kind: "refused", reason: notRunning };
      } finally {
        saves += 1;
      }
    },
    watch: (told) => {
      let timer: ReturnType<typeof setTimeout> | undefined;
      let stopped = false;
      const ask = async () => {
        clearTimeout(timer);
        // Nobody looks: there is time when somebody does again.
        if (document.visibilityState === "visible") {
          const files = await changed().catch(() => []);
          if (stopped) return;
          if (files.length > 0) told(files);
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

function hosted({ name, config, files }: ServedProject): HostedProject {
  return {
    title: name,
    config,
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
