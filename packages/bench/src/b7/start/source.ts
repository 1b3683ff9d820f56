/** Ours from texts: parsed, checked, lowered. */
import { compileClosures } from "@wardline/backends";
import { compile, type CompileInput } from "@wardline/compiler";
import { finish, readJson } from "../started.ts";

const { program } = compile(readJson("texts.json") as CompileInput);
if (program === null) throw new Error("the texts do not compile");
finish(compileClosures(program).allows(readJson("request.json")));
