/** The language server in a worker. Its files are those that the client gives as it begins, at `wardline:///NAME`. */
import { BrowserMessageReader, BrowserMessageWriter, createConnection } from "vscode-languageserver/browser";
import { startServer } from "../server/start-server.ts";
import { givenSource } from "./given-source.ts";

const port = globalThis as unknown as Worker;
startServer(createConnection(new BrowserMessageReader(port), new BrowserMessageWriter(port)), (params) =>
  givenSource(params.initializationOptions),
);
