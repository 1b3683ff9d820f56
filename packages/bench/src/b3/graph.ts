/** A graph of entities: who and what stands below what, with a few attributes. */
export interface Entity {
  readonly key: string;
  readonly type: string;
  readonly id: string;
  /** Keys of what it stands directly below. */
  readonly parents: string[];
  /** Attribute → key of the entity that it refers to. */
  readonly references: Readonly<Record<string, string>>;
  /** Attribute → keys. */
  readonly sets: Readonly<Record<string, readonly string[]>>;
  readonly flags: Readonly<Record<string, boolean>>;
}

export type Graph = ReadonlyMap<string, Entity>;

type Attributes = Partial<Pick<Entity, "references" | "sets" | "flags">>;

export const keyOf = (type: string, id: string) => `${type}::${id}`;

export class GraphBuilder {
  readonly #entities = new Map<string, Entity>();

  add(type: string, id: string, parents: readonly string[] = [], attributes: Attributes = {}): Entity {
    const key = keyOf(type, id);
    const { references = {}, sets = {}, flags = {} } = attributes;
    const entity: Entity = { key, type, id, parents: [...parents], references, sets, flags };
    if (this.#entities.has(key)) throw new Error(`${key} is there already`);
    this.#entities.set(key, entity);
    return entity;
  }

  /** Throws if something refers to what is not there. */
  build(): Graph {
    for (const { key, parents, references, sets } of this.#entities.values())
      for (const other of [...parents, ...Object.values(references), ...Object.values(sets).flat()])
        if (!this.#entities.has(other)) throw new Error(`${key} refers to ${other}, which is not there`);
    return this.#entities;
  }
}

export function entityAt(graph: Graph, key: string): Entity {
  const entity = graph.get(key);
  if (entity === undefined) throw new Error(`there is no ${key}`);
  return entity;
}

/** For each entity the keys of all that it stands below, at any distance; not its own. */
export function ancestorsOf(graph: Graph): ReadonlyMap<string, ReadonlySet<string>> {
  const all = new Map<string, Set<string>>();
  const above = (key: string): Set<string> => {
    const known = all.get(key);
    if (known !== undefined) return known;
    const found = new Set<string>();
    all.set(key, found);
    for (const parent of entityAt(graph, key).parents) {
      found.add(parent);
      for (const further of above(parent)) found.add(further);
    }
    if (found.has(key)) throw new Error(`${key} stands below itself`);
    return found;
  };
  for (const key of graph.keys()) above(key);
  return all;
}

/** The floor's form of a graph: an entity is a number, and its ancestors, with itself, are bits. */
export interface Interned {
  readonly numberOf: (key: string) => number;
  readonly bitsOf: (key: string) => Uint32Array;
}

export function intern(graph: Graph): Interned {
  const numbers = new Map([...graph.keys()].map((key, n) => [key, n]));
  const numberOf = (key: string) => numbers.get(key) as number;
  const ancestors = ancestorsOf(graph);
  const bits = new Map(
    [...graph.keys()].map((key) => [key, bitSet(numbers.size, [key, ...at(ancestors, key)].map(numberOf))]),
  );
  return { numberOf, bitsOf: (key) => at(bits, key) };
}

export function bitSet(size: number, members: readonly number[]): Uint32Array {
  const bits = new Uint32Array((size + 31) >> 5);
  for (const member of members) bits[member >> 5] = (bits[member >> 5] as number) | (1 << (member & 31));
  return bits;
}

export function hasBit(bits: Uint32Array, member: number): boolean {
  return ((bits[member >> 5] as number) & (1 << (member & 31))) !== 0;
}

export function at<V>(map: ReadonlyMap<string, V>, key: string): V {
  const value = map.get(key);
  if (value === undefined) throw new Error(`there is nothing for ${key}`);
  return value;
}

/** The nodes of a graph in a form of the floor's own, each made once. */
export function nodesOf<T>(make: (entity: Entity) => T): (entity: Entity) => T {
  const nodes = new Map<Entity, T>();
  return (entity) => {
    const node = nodes.get(entity) ?? make(entity);
    nodes.set(entity, node);
    return node;
  };
}
