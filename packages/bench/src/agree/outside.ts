/** What the agreement run asks outside of this process: Rego in a stock OPA, OPA's own module of it, a real Postgres. */
import { randomBytes } from "node:crypto";
import { PGlite } from "@electric-sql/pglite";
import { compileRego } from "@wardline/backends";
import { loadModule } from "../opa/load-module.ts";
import { startOpa, type Opa } from "../opa/start-opa.ts";
import { connect, type SqlDatabase } from "@wardline/database-testing";
import { startPostgres } from "@wardline/database-testing";
import { applicationRole } from "@wardline/isolation";
import { requestText } from "./answer.ts";
import type { Engines } from "./harness.ts";
import { allRowSecurity } from "./row-security.ts";
import { type AnyTargetMaker, type BatchTarget, type SkippedTarget } from "./target.ts";

export interface Outside {
  readonly targets: readonly AnyTargetMaker[];
  readonly databases: Readonly<Record<string, SqlDatabase>>;
  /** How row-level security is asked, and by whom; empty where it is not wanted. */
  readonly rows: Partial<Pick<Engines, "rowSecurity" | "applications" | "rowSecurityOneIn">>;
  /** What is not there, with the reason. */
  readonly missing: readonly SkippedTarget[];
  readonly close: () => Promise<void>;
}

export interface OutsideOptions {
  /** Of so many policies one is built by `opa build -t wasm`, which takes long; 1: all. */
  readonly opaWasmOneIn: number;
  /** Of so many policies one is made into row-level security, which takes long; 1: all. */
  readonly rowSecurityOneIn: number;
  /** Which of them, by name. */
  readonly only: readonly string[];
}

/** All names that {@link startOutside} knows. */
export const outsideNames: readonly string[] = ["rego", "opa wasm", "sql", "rls"];

/** Starts what is wanted of it. What cannot be had is named in `missing`. */
export async function startOutside({
  opaWasmOneIn,
  rowSecurityOneIn,
  only,
}: OutsideOptions): Promise<Outside> {
  const databases = only.includes("sql") || only.includes("rls") ? await startDatabases() : undefined;
  const names = ["rego", "opa wasm"].filter((name) => only.includes(name));
  const started = names.length > 0 ? await startOpa() : undefined;
  const opa = started !== undefined && "opa" in started ? started.opa : undefined;
  return {
    targets:
      opa === undefined
        ? []
        : names.map((name) => (name === "rego" ? regoTarget(opa) : opaWasmTarget(opa, opaWasmOneIn))),
    databases: databases?.all ?? {},
    rows:
      databases !== undefined && only.includes("rls")
        ? {
            rowSecurity: allRowSecurity,
            rowSecurityOneIn,
            applications: { postgres: databases.application },
          }
        : {},
    missing:
      started !== undefined && "skipped" in started
        ? names.map((name) => ({ name, skipped: started.skipped }))
        : [],
    close: async () => {
      await opa?.close();
      await databases?.close();
    },
  };
}

async function startDatabases() {
  const pglite = await PGlite.create();
  const server = await startPostgres();
  const postgres = await connect(server);
  // In life it logs in without one: by certificate, or by a rule of the server's.
  const password = randomBytes(16).toString("hex");
  await postgres.exec(`CREATE ROLE "${applicationRole}" LOGIN PASSWORD '${password}'`);
  const application = await connect({ ...server, user: applicationRole, password });
  return {
    all: { pglite, postgres },
    application,
    close: async () => {
      await application.close();
      await postgres.close();
      await server.stop();
      await pglite.close();
    },
  };
}

/** To OPA a lone surrogate is U+FFFD, as if that had been sent, and OPA's module stops at it. */
function loneSurrogate(request: unknown): string | undefined {
  return /(?<!\\)(?:\\\\)*\\ud[89a-f]/.test(requestText(request))
    ? "a lone surrogate, which OPA cannot tell from U+FFFD"
    : undefined;
}

/** Our Rego in the stock OPA. */
export function regoTarget(opa: Opa): AnyTargetMaker {
  return (program) => policyTarget(opa, compileRego(program));
}

/** A policy in the stock OPA. */
export function policyTarget(opa: Opa, text: string): BatchTarget {
  return {
    name: "rego",
    cannotAsk: loneSurrogate,
    decideAll: (requests) => opa.decide(text, requests.map(requestText)),
  };
}

/** What OPA itself makes of our Rego, in the unmodified host, given each request as bytes. */
export function opaWasmTarget(opa: Opa, oneIn: number): AnyTargetMaker {
  return async (program, made) => {
    if (made.seed % oneIn !== 0)
      return { name: "opa wasm", skipped: `one policy in ${oneIn} is built by OPA` };
    const decide = await loadModule(opa, compileRego(program));
    return {
      name: "opa wasm",
      cannotAsk: loneSurrogate,
      decide: (request) => decide(requestText(request)),
    };
  };
}
