/** Ours from a bundle: every file read and held to its digest, the program checked in every part. */
import { readdirSync } from "node:fs";
import { compileClosures, openBundle } from "@wardline/backends";
import { finish, readBytes, readJson } from "../started.ts";

const names = readdirSync(`${process.argv[2] ?? ""}/bundle`);
const files = new Map(names.map((name) => [name, readBytes(`bundle/${name}`)]));
const opened = await openBundle(files, { tenant: "north" });
if ("error" in opened) throw new Error(opened.error.message);
finish(compileClosures(opened.program).allows(readJson("request.json")));
