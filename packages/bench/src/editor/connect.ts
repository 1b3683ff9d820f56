/** A client of a language server in this process. */
import { startServer, type ProjectSource } from "@wardline/language-server";
import { PassThrough } from "node:stream";
import {
  createConnection,
  createProtocolConnection,
  StreamMessageReader,
  StreamMessageWriter,
  type ProtocolConnection,
} from "vscode-languageserver/node";
import type { EditorTexts } from "./texts.ts";

export const folder = "file:///bench/";
const config = JSON.stringify({
  model: "library.ward",
  platform: ["platform.ward"],
  tenants: { north: "north.ward" },
});

/** A client of a server in this process, with streams between them, so that messages are written and read. */
export function connect({ model, platform, policy }: EditorTexts): ProtocolConnection {
  const texts = new Map([
    [`${folder}wardline.config.json`, config],
    ...[model, platform, policy].map(({ name, text }) => [`${folder}${name}`, text] as const),
  ]);
  const source: ProjectSource = {
    read: (uri) => {
      const text = texts.get(uri);
      return text === undefined ? { problem: "there is no such file" } : { text };
    },
    exists: (uri) => texts.has(uri),
    wardFiles: () => [...texts.keys()].filter((uri) => uri.endsWith(".ward")),
    configs: () => [`${folder}wardline.config.json`],
  };
  const [up, down] = [new PassThrough(), new PassThrough()];
  startServer(createConnection(new StreamMessageReader(up), new StreamMessageWriter(down)), () => source);
  const client = createProtocolConnection(new StreamMessageReader(down), new StreamMessageWriter(up));
  client.onRequest("client/registerCapability", () => null);
  client.listen();
  return client;
}
