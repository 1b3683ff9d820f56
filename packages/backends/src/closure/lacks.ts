/** What closures lack of the language: programs that have it are refused. */
import { everyConstruct, type Construct } from "../beyond.ts";

export const lacks: ReadonlySet<Construct> = everyConstruct;
