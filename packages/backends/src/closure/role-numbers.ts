/** The roles that a program's rules name, as small numbers: a role that no rule names can grant nothing. */
import type { Program } from "@wardline/core";

export interface RoleNumbers {
  readonly numbers: ReadonlyMap<unknown, number>;
  /** Some rule asks the roles as a set of texts too. */
  readonly isSet: boolean;
}

/** Invariant: what it gives does not hold on to the program, since engines keep it. */
export function numberRoles(program: Pick<Program, "atoms" | "slots">): RoleNumbers {
  const numbers = new Map<unknown, number>();
  for (const atom of program.atoms)
    if (atom.kind === "role")
      for (const role of atom.roles) if (!numbers.has(role)) numbers.set(role, numbers.size);
  return { numbers, isSet: areAskedAsSet(program) };
}

function areAskedAsSet({ atoms, slots }: Pick<Program, "atoms" | "slots">): boolean {
  return atoms.some((atom) => {
    if (atom.kind !== "contains" && atom.kind !== "empty") return false;
    const source = slots[atom.set]?.source;
    return source?.from === "principal" && source.part === "roles";
  });
}

/** Throws a RangeError for a role that no rule names. */
export function numberOf({ numbers }: RoleNumbers, role: string): number {
  const number = numbers.get(role);
  if (number === undefined) throw new RangeError(`no rule names the role ${role}`);
  return number;
}
