/** The roles that a program's rules name, as small numbers: a role that no rule names can grant nothing. */
import type { Program } from "@wardline/core";

export interface RoleNumbers {
  readonly numbers: ReadonlyMap<unknown, number>;
  /** Some rule asks the roles as a set of texts too. */
  readonly isSet: boolean;
  /** Throws a RangeError for a role that no rule names. */
  readonly numberOf: (role: string) => number;
}

export function numberRoles(program: Pick<Program, "atoms" | "slots">): RoleNumbers {
  const numbers = new Map<unknown, number>();
  for (const atom of program.atoms)
    if (atom.kind === "role")
      for (const role of atom.roles) if (!numbers.has(role)) numbers.set(role, numbers.size);
  const isRoles = (slot: number) => {
    const source = program.slots[slot]?.source;
    return source?.from === "principal" && source.part === "roles";
  };
  return {
    numbers,
    isSet: program.atoms.some(
      (atom) => (atom.kind === "contains" || atom.kind === "empty") && isRoles(atom.set),
    ),
    numberOf: (role) => {
      const number = numbers.get(role);
      if (number === undefined) throw new RangeError(`no rule names the role ${role}`);
      return number;
    },
  };
}
