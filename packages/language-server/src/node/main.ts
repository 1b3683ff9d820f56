#!/usr/bin/env node
/** The language server over standard input and output: `wardline-language-server`. */
import { createConnection } from "vscode-languageserver/node";
import { startServer } from "../server/start-server.ts";
import { fileSource } from "./file-source.ts";

startServer(createConnection(process.stdin, process.stdout), () => fileSource);
