/** A guarded handle of one asker on one world. */
import { compileClosures, compileViews } from "@wardline/backends";
import {
  createAuditLog,
  createFinalChecks,
  createGuardedDialect,
  type ContextGate,
  type Database,
  type GuardedDialectOptions,
  type PolicyGuard,
  type Sealers,
} from "@wardline/isolation";
import type { Program } from "@wardline/core";
import { knownFactsFor, type Asker, type World } from "@wardline/core/testing";
import { Kysely } from "kysely";
import type { AnyDb } from "../statement/build-expression.ts";

/** Throws `UnsupportedInSql` where the views cannot say exactly what the policy says. */
export function guardOf(program: Program): PolicyGuard {
  const engine = compileClosures(program);
  const views = compileViews(program);
  return {
    program,
    revision: "1",
    decide: (request) => engine.decide(request),
    view: (entity, action, facts, options) => views.bind(entity, action, facts, options),
  };
}

export interface HandleParts {
  readonly database: Database;
  readonly guard: PolicyGuard;
  readonly gate: ContextGate;
  readonly sealers: Sealers;
  readonly world: World;
  readonly asker: Asker;
  readonly onOperatorError: (error: unknown) => void;
}

const finalCheck = await createFinalChecks();

/** How faults are planted: what the driver is given, changed. */
export type Plant = (options: GuardedDialectOptions) => GuardedDialectOptions;

export function guardedDb(parts: HandleParts, plant: Plant): AnyDb {
  const { world, asker, guard } = parts;
  const { ancestors, relations, references, ...facts } = knownFactsFor(world, guard.program, asker);
  void [ancestors, relations, references];
  const sessionParents: Record<string, string[]> = {};
  for (const { entity, id } of asker.principal.parents) (sessionParents[entity] ??= []).push(id);
  return new Kysely({
    dialect: createGuardedDialect(
      plant({
        database: parts.database,
        context: parts.gate,
        guard,
        finalCheck,
        sealers: parts.sealers,
        audit: createAuditLog(),
        facts: () => facts,
        sessionParents,
        // Ids are made of it; what rules read is `now` among the facts.
        clock: () => new Date("2026-06-01T08:00:00Z"),
        revoked: () => false,
        leakproofChecked: true,
        onOperatorError: parts.onOperatorError,
      }),
    ),
  });
}
