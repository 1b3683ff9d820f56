/**
 * Where things stand in the memory of a policy module. Below 2048 the addresses are fixed by runtime/host.ts; from there
 * comes the state, which every evaluation clears as a whole, then the constant data, then the heap.
 */

/** The address of the configuration block. */
export const configAddress = 64;
/** The first address of the state. */
export const stateAddress = 2048;
/** Bytes of a cell: what is known of one fact. See runtime/slots.ts. */
export const cellSize = 24;

/** Offsets in a cell. */
export const cell = { present: 0, at: 4, length: 8, name: 12, value: 16 } as const;

/** The words of the configuration block, in the order of runtime/host.ts. */
export interface Config {
  readonly root: number;
  readonly state: number;
  readonly stateLength: number;
  readonly names: number;
  readonly namesMask: number;
  readonly longestName: number;
  readonly setNames: number;
  readonly principal: number;
  readonly action: number;
  readonly resource: number;
  readonly tableKeys: number;
  readonly tableCount: number;
  readonly builtins: number;
  readonly entrypoints: number;
  readonly heap: number;
  readonly errors: number;
  readonly answers: number;
  readonly parts: number;
  readonly rules: number;
  /** State: what tables find, by entry, pass, precondition, mask, limit and who is told. */
  readonly found: Found;
  readonly tables: number;
  readonly ownTenant: number;
}

export interface Found {
  readonly entries: number;
  readonly passes: number;
  readonly places: number;
  readonly marks: number;
  readonly draws: number;
  readonly told: number;
}

export function configWords(c: Config): readonly number[] {
  const where = [c.root, c.state, c.stateLength, c.names, c.namesMask, c.longestName, c.setNames];
  const tables = [c.principal, c.action, c.resource, c.tableKeys, c.tableCount, c.builtins, c.entrypoints];
  const { entries, passes, places, marks, draws, told } = c.found;
  const found = [entries, passes, places, marks, draws, told];
  return [
    ...where,
    ...tables,
    c.heap,
    c.errors,
    c.answers,
    c.parts,
    c.rules,
    ...found,
    c.tables,
    c.ownTenant,
  ];
}

/** The address of a word of the configuration block. */
export function configAt(c: Config, key: Exclude<keyof Config, "found">): number {
  // A value that no other word has tells where the key's word stands.
  return configAddress + 4 * configWords({ ...c, [key]: -1 }).indexOf(-1);
}

/** Hands out the state, piece by piece, until the data begins. */
export class State {
  #end = stateAddress;

  /** Room for some bytes, aligned to 8. */
  take(length: number): number {
    const at = this.#end;
    this.#end += Math.ceil(length / 8) * 8;
    return at;
  }

  get end(): number {
    return this.#end;
  }
}
