/** What tells the policies of rows that one program makes from those of another. */
import { createHash } from "node:crypto";
import { compileRowSecurity, rowFactsClaim, UnsupportedInSql } from "@wardline/backends";
import type { Program } from "@wardline/core";
import { contextReader, type RowSecurityGuard, type RowSecurityKind } from "@wardline/isolation";

const digests = { guardrails: new WeakMap<Program, string>(), rows: new WeakMap<Program, string>() };

/** Throws `UnsupportedInSql` where what may be read cannot be said in SQL. */
export function rowSecurityKind(program: Program, kind: RowSecurityKind["kind"]): RowSecurityKind {
  const known = digests[kind].get(program);
  const digest = known ?? digestOf(program, kind);
  digests[kind].set(program, digest);
  return kind === "rows" ? { kind, digest, tenant: program.tenant } : { kind, digest };
}

/** The same in every schema. */
function digestOf(program: Program, kind: RowSecurityKind["kind"]): string {
  const layer = kind === "rows" ? "all" : "platform";
  const { policies } = compileRowSecurity(program, { schema: "schema", context: contextReader, layer });
  return createHash("sha256").update(JSON.stringify(policies)).digest("hex");
}

/** What the driver tells a database whose policies are those of the program. */
export function rowSecurityGuard(program: Program): RowSecurityGuard {
  return {
    kinds: () =>
      (["rows", "guardrails"] as const).flatMap((kind) => {
        try {
          return [rowSecurityKind(program, kind)];
        } catch (error) {
          if (error instanceof UnsupportedInSql) return [];
          throw error;
        }
      }),
    claim: (known, asked) => {
      const { unfit, tables, values } = rowFactsClaim(program, known, asked);
      return unfit.length > 0 ? null : { tables, values };
    },
  };
}
