/** Runs something on the database and the policies that a command line names. */
import type { Program, SourceFile } from "@wardline/core";
import type { Database } from "@wardline/isolation";
import { UsageError } from "../exit-code.ts";
import type { Io } from "../io.ts";
import { compilePolicies } from "../project/build-project.ts";
import { readProject } from "../project/project.ts";
import { databaseProblem, openDatabase, type DatabaseOptions } from "./open-database.ts";

export interface DatabaseAndPolicies {
  readonly database: Database;
  readonly programs: readonly Program[];
  readonly model: SourceFile;
}

/** Null after findings in the policies were shown. Throws {@link UsageError} also for what the database refuses. */
export async function withDatabase<T>(
  io: Io,
  folder: string,
  options: DatabaseOptions,
  run: (at: DatabaseAndPolicies) => Promise<T>,
): Promise<T | null> {
  const project = readProject(io.cwd, folder);
  const policies = compilePolicies(io, project);
  if (policies === null) return null;
  const { model } = project;
  if (policies.size === 0 || model === null)
    throw new UsageError(
      "the project has no policy",
      "tables are made for the policies that are in force in them",
    );
  const database = await openDatabase(io, options);
  try {
    const programs = [...policies.values()].map(({ program }) => program);
    return await run({ database, programs, model });
  } catch (error) {
    throw databaseProblem(error) ?? error;
  } finally {
    await database.close();
  }
}
