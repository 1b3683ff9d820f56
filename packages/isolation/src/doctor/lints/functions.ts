/** Functions of nobody's knowledge that the application may run. */
import { applicationRole } from "../../schema/identifier.ts";
import type { FunctionFacts, Grant } from "../catalogue.ts";
import { ownSchemas, type DoctorLint, type Examined } from "../lint.ts";

export function signature({ schema, name, arguments: types }: FunctionFacts): string {
  return `${schema}.${name}(${types})`;
}

const isOpen = ({ to }: Grant) => to === null || to === applicationRole;

/** What can be called by the application, and is not of our own schemas. */
function callable(at: Examined): readonly FunctionFacts[] {
  const schemas = ownSchemas(at);
  return at.catalogue.functions.filter(
    (it) => !schemas.includes(it.schema) && !it.isTriggerFunction && it.grants.some(isOpen),
  );
}

export const definerFunction: DoctorLint = {
  code: "doctor/definer-function",
  severity: "error",
  summary: "The application may run a function that acts with its owner's rights.",
  why: "Inside it the owner reads and writes, not the application; where the owner bypasses row-level security, all tenants are open to whatever the function does.",
  cure: "make it SECURITY INVOKER, or REVOKE EXECUTE ON it FROM PUBLIC and from the application's role",
  *find(at) {
    for (const it of callable(at))
      if (it.definer)
        yield { object: { kind: "function", name: signature(it) }, message: `it runs as ${it.owner}` };
  },
};

export const functionCallable: DoctorLint = {
  code: "doctor/function-callable",
  severity: "warning",
  summary: "The application may run a function that the model does not know.",
  why: "A function of somebody's can read its arguments before a policy has let the row through. The driver refuses to name it, and only that.",
  cure: "REVOKE EXECUTE ON it FROM PUBLIC",
  *find(at) {
    for (const it of callable(at))
      if (!it.definer && it.extension === null)
        yield { object: { kind: "function", name: signature(it) }, message: `${applicationRole} may run it` };
  },
};
