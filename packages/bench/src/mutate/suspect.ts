/** A backend with a fault in it, which is asked until an answer gives it away. */
import * as real from "@wardline/backends";
import { checkList } from "../agree/list-check.ts";
import { policyTarget } from "../agree/outside.ts";
import { answersOf, moduleTarget, type BatchTarget, type Target } from "../agree/target.ts";
import type { WorldDatabase } from "../agree/world-database.ts";
import type { Opa } from "../opa/start-opa.ts";
import type { AskedCase } from "./asked-case.ts";
import { copyBackends } from "./copy-backends.ts";
import type { Backend, Fault } from "./fault.ts";

/** What the suspects are asked in, beside this process. */
export interface Means {
  readonly opa?: Opa;
  /** A database with the world of the case. */
  readonly worldOf?: (asked: AskedCase) => Promise<WorldDatabase>;
}

export interface Suspect {
  readonly fault: Fault;
  /** How many questions of the case were answered until one was answered wrongly; undefined if none was. */
  readonly ask: (asked: AskedCase) => Promise<number | undefined>;
  readonly remove: () => void;
}

export async function loadSuspect(backend: Backend, fault: Fault, means: Means): Promise<Suspect> {
  const { load, remove } = await copyBackends(fault);
  try {
    const ask = asking(backend, await load(entries[backend]), means);
    // What a broken backend throws instead of an answer is no answer.
    return {
      fault,
      remove,
      ask: async (asked) => await ask(asked).catch((error: unknown) => refused(error)),
    };
  } catch (error) {
    remove();
    throw error;
  }
}

const entries: Readonly<Record<Backend, string>> = {
  closure: "src/closure/compile-closures.ts",
  wasm: "src/wasm/compile-wasm.ts",
  rego: "src/rego/compile-rego.ts",
  sql: "src/sql/compile-views.ts",
};

/** What a backend says that it cannot carry out is not asked of it; the copies have classes of their own. */
function refused(error: unknown): number | undefined {
  return error instanceof Error && error.name === "UnsupportedInSql" ? undefined : 1;
}

type Ask = Suspect["ask"];

function asking(backend: Backend, module: unknown, { opa, worldOf }: Means): Ask {
  switch (backend) {
    case "closure": {
      const { compileClosures } = module as Pick<typeof real, "compileClosures">;
      return async (asked) =>
        await firstWrong({ name: "closure", decide: compileClosures(asked.program).decide }, asked);
    }
    case "wasm": {
      const { compileWasm } = module as Pick<typeof real, "compileWasm">;
      return async (asked) => await firstWrong(moduleTarget(compileWasm(asked.program)), asked);
    }
    case "rego": {
      const { compileRego } = module as Pick<typeof real, "compileRego">;
      if (opa === undefined) throw new TypeError("Rego is asked in OPA");
      return async (asked) => {
        const text = compileRego(asked.program);
        // What is written alike is answered alike.
        if (text === real.compileRego(asked.program)) return undefined;
        return await firstWrong(policyTarget(opa, text), asked);
      };
    }
    case "sql": {
      const { compileViews } = module as Pick<typeof real, "compileViews">;
      if (worldOf === undefined) throw new TypeError("views are asked in a database");
      return async (asked) => {
        const views = compileViews(asked.program);
        const world = await worldOf(asked);
        let rows = 0;
        for (const list of asked.lists) {
          rows += list.rows.length;
          const wrong = await checkList(asked.program, views, world, list);
          if (wrong.length > 0) return rows;
        }
        return undefined;
      };
    }
  }
}

async function firstWrong(target: Target | BatchTarget, asked: AskedCase): Promise<number | undefined> {
  const given = await answersOf(target, asked.requests);
  const at = given.findIndex((answer, i) => typeof answer === "string" && answer !== asked.answers[i]);
  return at < 0 ? undefined : at + 1;
}
