/** What a page may ask of the project: all of it, and to write one file. Whoever asks has passed the gate. */
import { createHash } from "node:crypto";
import type { IncomingMessage } from "node:http";
import { UsageError } from "../exit-code.ts";
import { json, refuse, type Answer } from "./answer.ts";
import { maxTextBytes, noSuchFile, saveFile } from "./save-file.ts";
import { createFile, folderOfNew } from "./create-file.ts";
import { readStudioProject, type StudioProject } from "./studio-project.ts";

export interface ServedProject {
  readonly folder: string;
  /** What tenants share can be written too. */
  readonly allFiles: boolean;
}

/** Answers a request whose path begins with `/api`. Never throws on what a client sends. */
export async function answerApi(request: IncomingMessage, served: ServedProject): Promise<Answer> {
  const { method = "", url = "" } = request;
  if (url.includes("?"))
    return refuse(400, { code: "studio/query", message: "nothing is asked by a query here" });
  if (url === "/api/project")
    return method === "GET" ? withProject(served, (studio) => project(request, studio)) : notAllowed("GET");
  const [, encoded] = /^\/api\/files\/(.+)$/.exec(url) ?? [];
  if (encoded === undefined)
    return refuse(404, { code: "studio/no-page", message: "there is nothing to ask here" });
  if (method !== "PUT") return notAllowed("PUT");
  const name = nameIn(encoded);
  if (name === undefined) return refuse(404, noSuchFile);
  const { "if-match": match, "if-none-match": none } = request.headers;
  const [, base] = /^"([0-9a-f]{64})"$/.exec(match ?? "") ?? [];
  const isNew = none === "*" && match === undefined;
  if (!isNew && (base === undefined || none !== undefined))
    return refuse(428, {
      code: "studio/no-base",
      message: "a change says what text it was made from",
      help: "If-Match holds the digest of that text, in quotes; of a file that is to be made, If-None-Match is *",
    });
  const bytes = await bodyOf(request);
  if (bytes === undefined)
    return refuse(413, {
      code: "studio/too-large",
      message: `no file takes more than ${maxTextBytes / 1024} KiB`,
    });
  return withProject(served, (studio) =>
    base === undefined ? createFile(studio, name, bytes) : saveFile(studio, name, { bytes, base }),
  );
}

/** The project of this moment. What it is asked with its tag and has not changed, is not sent again. */
function project(request: IncomingMessage, studio: StudioProject): Answer {
  const { name, config, files, lacking } = studio;
  const value = {
    name,
    config,
    files: files.map(({ name: file, text, digest, readOnly }) => ({ name: file, text, digest, readOnly })),
    lacking,
    newPolicies: folderOfNew(studio),
  };
  const etag = `"${createHash("sha256").update(JSON.stringify(value)).digest("hex")}"`;
  return request.headers["if-none-match"] === etag
    ? { status: 304, headers: { etag, "cache-control": "no-store" }, body: "" }
    : json(200, value, { etag });
}

/** `use` gives null where the project has changed under its hands. */
function withProject(served: ServedProject, use: (studio: StudioProject) => Answer | null): Answer {
  try {
    for (;;) {
      const answer = use(readStudioProject(served.folder, served.allFiles));
      if (answer !== null) return answer;
    }
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    const { message, help } = error;
    return refuse(409, { code: "studio/project", message, ...(help === undefined ? {} : { help }) });
  }
}

/** A name whose parts are encoded each by itself; undefined for what no name is encoded as. */
function nameIn(encoded: string): string | undefined {
  try {
    const parts = encoded.split("/").map(decodeURIComponent);
    const wrong = parts.some((part) => part === "" || part === "." || part === ".." || /[/\\\0]/.test(part));
    return wrong ? undefined : parts.join("/");
  } catch {
    return undefined;
  }
}

/** The whole body, or undefined if it is too large: then the rest is not read. */
async function bodyOf(request: IncomingMessage): Promise<Buffer | undefined> {
  if (Number(request.headers["content-length"] ?? 0) > maxTextBytes) return undefined;
  const chunks: Buffer[] = [];
  let length = 0;
  // The connection must live for the answer.
  const kept = request.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>;
  for await (const chunk of kept) {
    length += chunk.length;
    if (length > maxTextBytes) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

function notAllowed(allow: string): Answer {
  return refuse(405, { code: "studio/method", message: `only ${allow} is answered here` }, { allow });
}
