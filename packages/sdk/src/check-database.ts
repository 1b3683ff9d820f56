/** Whether the database is the one that the programs were made for. Asked once, before any handle is given out. */
import { catalogueProblems, notLeakproofHere, SchemaMismatch, type Database } from "@wardline/isolation";
import type { Program } from "@wardline/core";

/**
 * The tables must be those of every tenant's program, and the operators as leakproof as the driver takes them to be.
 * Throws {@link SchemaMismatch}.
 */
export async function checkDatabase(database: Database, programs: readonly Program[]): Promise<void> {
  const distinct = new Map(programs.map((program) => [JSON.stringify(program.sealed), program]));
  const problems = await database.turn(async (session) => {
    const found: string[] = [];
    for (const program of distinct.values())
      found.push(...(await catalogueProblems(session, program, database.schema)));
    const operators = await notLeakproofHere(session);
    return [
      ...new Set(found),
      ...operators.map((operator) => `the operator ${operator} is not leakproof here`),
    ];
  });
  if (problems.length > 0) throw new SchemaMismatch(problems);
}
