/** One run of `keys adopt`: one step, or what the next one is. */
import type { Program } from "@wardline/core";
import {
  KeyJobError,
  KeyProviderError,
  PlacementError,
  PlanFailed,
  SealBroken,
  type Database,
} from "@wardline/isolation";
import {
  AdoptionError,
  beginAdoption,
  cancelAdoption,
  endAdoption,
  planAdoption,
  switchAdoption,
  type AdoptionOptions,
  type AdoptProgress,
} from "@wardline/sdk/operator";
import type { KeysAdoptOptions } from "../command/keys-adopt.ts";
import { withDatabase } from "../database/with-database.ts";
import { exitCode, UsageError, type ExitCode } from "../exit-code.ts";
import type { Io } from "../io.ts";
import { startProgress, type Progress } from "../progress.ts";
import { many } from "../report/finding-report.ts";
import { visible } from "../report/visible.ts";
import { hindranceText, statusText } from "./adoption-text.ts";
import { openKeys } from "./keys-file.ts";

/** What a step did, as `--format json` prints it. */
interface Done {
  readonly step: "plan" | "begin" | "switch" | "drop" | "abort";
  readonly [name: string]: unknown;
}

interface Told {
  readonly document: Done;
  readonly text: string;
  readonly code: ExitCode;
}

const steps = ["plan", "switch", "dropPlaintext", "abort"] as const;
const optionOf = {
  plan: "--plan",
  switch: "--switch",
  dropPlaintext: "--drop-plaintext",
  abort: "--abort",
} as const;

/** Throws {@link UsageError}. */
export async function adoptColumns(io: Io, folder: string, options: KeysAdoptOptions): Promise<ExitCode> {
  const asked = steps.filter((step) => options[step] === true);
  const [step] = asked;
  if (asked.length > 1)
    throw new UsageError(
      `${asked.map((one) => optionOf[one]).join(" and ")} are different steps`,
      "take one after the other",
    );
  if (options.rewrite === true && step !== "dropPlaintext")
    throw new UsageError("--rewrite comes after the plaintext was dropped", "say --drop-plaintext too");
  if ((step === "switch") !== (options.revision !== undefined))
    throw new UsageError(
      step === "switch" ? "--switch needs --revision" : "--revision is for --switch",
      "the revision of the first bundles of the new model: applications on one below it are refused from then on",
    );
  if (options.revision !== undefined && !/^[1-9]\d{0,14}$/.test(options.revision))
    throw new UsageError("--revision must be a whole number from 1");
  const keys = openKeys(io, options.keys);
  const told = await withDatabase(io, folder, options, async ({ database, programs }) => {
    const progress = new PageProgress(io);
    const given = optionsOf(options, database, programs, (page) => progress.tell(page));
    try {
      return await take(step, { ...given, keys }, options);
    } catch (error) {
      progress.end();
      if (!(error instanceof AdoptionError || error instanceof KeyJobError)) throw problemOf(error);
      io.err(refusalText(error));
      return null;
    } finally {
      progress.end();
    }
  });
  if (told === null) return exitCode.findings;
  io.out(options.format === "json" ? `${JSON.stringify(told.document, null, 2)}\n` : told.text);
  return told.code;
}

function optionsOf(
  { operator, pageRows, pause, patience }: KeysAdoptOptions,
  database: Database,
  programs: readonly Program[],
  onProgress: (page: AdoptProgress) => void,
): Omit<AdoptionOptions, "keys"> {
  return {
    database,
    programs,
    operator,
    onProgress,
    lockPatience: patience * 1000,
    pages: { ...(pageRows === undefined ? {} : { pageRows }), ...(pause === undefined ? {} : { pause }) },
  };
}

async function take(
  step: (typeof steps)[number] | undefined,
  options: AdoptionOptions,
  { rewrite, revision }: KeysAdoptOptions,
): Promise<Told> {
  switch (step) {
    case "plan": {
      const status = await planAdoption(options);
      return {
        document: { step: "plan", ...status },
        text: statusText(status),
        code: status.hindrances.length > 0 ? exitCode.findings : exitCode.fine,
      };
    }
    case "switch": {
      const columns = await switchAdoption({ ...options, revision: Number(revision) });
      const text =
        columns.length === 0
          ? "nothing is to be switched\n"
          : `${list(columns)} sealed. No policy below revision ${revision} is let in any more: roll out the new application now.\nThe plaintext stands aside until \`wardline keys adopt --drop-plaintext\`.\n`;
      return { document: { step: "switch", columns }, text, code: exitCode.fine };
    }
    case "dropPlaintext": {
      const report = await endAdoption({ ...options, rewrite: rewrite === true });
      return { document: { step: "drop", ...report }, text: dropText(report), code: exitCode.fine };
    }
    case "abort": {
      const columns = await cancelAdoption(options);
      const text =
        columns.length === 0 ? "nothing was begun\n" : `${list(columns)} as before: in plaintext\n`;
      return { document: { step: "abort", columns }, text, code: exitCode.fine };
    }
    case undefined: {
      const report = await beginAdoption(options);
      const { columns, tenants, rows } = report;
      const text =
        columns.length === 0
          ? "nothing is in plaintext that the policies seal\n"
          : `${list(columns)} sealed beside the plaintext: ${many(rows, "row")} of ${many(tenants, "tenant")}. The application goes on as before.\nWhen the application with the new model is ready: \`wardline keys adopt --switch\`.\n`;
      return { document: { step: "begin", ...report }, text, code: exitCode.fine };
    }
  }
}

const list = (columns: readonly string[]): string =>
  `${columns.map(visible).join(", ")} ${columns.length === 1 ? "is" : "are"}`;

function dropText({
  dropped,
  verified,
  rewritten,
  remains,
}: Awaited<ReturnType<typeof endAdoption>>): string {
  if (dropped.length === 0 && rewritten.length === 0) return "no plaintext stands aside\n";
  const lines = [
    ...(dropped.length === 0
      ? []
      : [
          `${many(verified, "row")} compared, each cell opens to its plaintext`,
          `dropped: the plaintext of ${dropped.map(visible).join(", ")}`,
        ]),
    ...rewritten.map((table) => `written anew: ${visible(table)}`),
    "the plaintext may still be in:",
    ...remains.map((one) => `- ${visible(one)}`),
  ];
  return lines.map((line) => `${line}\n`).join("");
}

function refusalText(error: AdoptionError | KeyJobError): string {
  const help =
    error instanceof AdoptionError
      ? error.hindrances.map(hindranceText).join("")
      : "  help: what was done stands: run it again when that is over; `wardline keys status` shows it\n";
  return `error: ${visible(error.message)} (${error.code})\n${help}`;
}

/** What a key, a job or a statement was refused for, as what the command lacks. A bug is not one of those. */
function problemOf(error: unknown): unknown {
  if (error instanceof PlanFailed)
    return new UsageError(
      `${error.message} (${error.code})`,
      "nothing was done; `wardline db plan` says what the tables lack",
    );
  const isKnown =
    error instanceof KeyProviderError || error instanceof PlacementError || error instanceof SealBroken;
  return isKnown
    ? new UsageError(`${error.message} (${error.code})`, "what was done stands: run it again")
    : error;
}

/** One line for each tenant and table. */
class PageProgress {
  readonly #io: Io;
  #what = "";
  #progress: Progress | undefined;

  constructor(io: Io) {
    this.#io = io;
  }

  tell({ tenant, number, tenants, table, state, seen, all }: AdoptProgress): void {
    const doing = state === "running" ? "sealing" : "looking at";
    const what = `${doing} ${visible(table)} of ${visible(tenant)} (tenant ${number} of ${tenants}): row`;
    if (what !== this.#what) {
      this.end();
      this.#what = what;
      this.#progress = startProgress(this.#io, what);
    }
    this.#progress?.step(seen, all);
  }

  end(): void {
    this.#progress?.end();
  }
}
