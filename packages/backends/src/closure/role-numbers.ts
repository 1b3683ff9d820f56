/** The roles that a program's rules name, as small numbers: a role that no rule names can grant nothing. */
import type { Program } from "@wardline/core";

export interface RoleNumbers {
  readonly numbers: ReadonlyMap<unknown, number>;
  /** Throws a RangeError for a role that no rule names. */
  readonly numberOf: (role: string) => number;
}

export function numberRoles(program: Pick<Program, "atoms">): RoleNumbers {
  const numbers = new Map<unknown, number>();
  for (const atom of program.atoms)
    if (atom.kind === "role")
      for (const role of atom.roles) if (!numbers.has(role)) numbers.set(role, numbers.size);
  return {
    numbers,
    numberOf: (role) => {
      const number = numbers.get(role);
      if (number === undefined) throw new RangeError(`no rule names the role ${role}`);
      return number;
    },
  };
}
