/** The language server in a worker. Its files are those that the client gives as it begins, at `wardline:///NAME`, and changes with `wardline/givenFiles`. */
import { BrowserMessageReader, BrowserMessageWriter, createConnection } from "vscode-languageserver/browser";
import { startServer } from "../server/start-server.ts";
import { givenSource, type GivenSource } from "./given-source.ts";

const port = globalThis as unknown as Worker;
const connection = createConnection(new BrowserMessageReader(port), new BrowserMessageWriter(port));
let source: GivenSource | undefined;
connection.onNotification("wardline/givenFiles", (changed: unknown) => source?.give(changed));
startServer(connection, (params) => (source = givenSource(params.initializationOptions)));
