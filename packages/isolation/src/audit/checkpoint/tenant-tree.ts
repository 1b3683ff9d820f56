/** The tree over tenants: a leaf for each chain, in the order of the tenants' ids as bytes. */
import canonicalize from "canonicalize";
import { emptyRoot, leafHash, nodeHash } from "../tree/merkle-hash.ts";
import { leavesOf, proveInclusion } from "../tree/prove.ts";
import { verifyInclusion } from "../tree/verify-proof.ts";

/** How far a tenant's chain goes, and the root of the tree over its entries, hex. */
export interface TenantHead {
  readonly tenant: string;
  readonly size: number;
  readonly root: string;
}

/** A tenant's head in the tree of a checkpoint. */
export interface TenantProof {
  readonly head: TenantHead;
  /** Its place among the tenants, from 0. */
  readonly index: number;
  readonly path: readonly string[];
}

/** The hash of a tenant's leaf, which holds `{"root":…,"size":…,"tenant":…}` in canonical form. */
export function tenantLeaf({ tenant, size, root }: TenantHead): string {
  return leafHash(Buffer.from(canonicalize({ tenant, size, root }) as string, "utf8"));
}

/** In the order of the tree. Throws a TypeError where a tenant stands there twice. */
export function inTreeOrder(heads: Iterable<TenantHead>): readonly TenantHead[] {
  const sorted = [...heads].toSorted((a, b) => compareIds(a.tenant, b.tenant));
  if (sorted.some((head, at) => at > 0 && sorted[at - 1]?.tenant === head.tenant))
    throw new TypeError("a tenant has one chain");
  return sorted;
}

/** The tree with all of its nodes: a few chains that grow cost a few paths, and only a new tenant costs the whole. */
export class TenantTree {
  readonly #heads = new Map<string, TenantHead>();
  #places = new Map<string, number>();
  /** Leaves first. A node without a sibling stands on the level above too. */
  #levels: string[][] = [[]];

  get heads(): ReadonlyMap<string, TenantHead> {
    return this.#heads;
  }

  root(): string {
    return this.#levels.at(-1)?.[0] ?? emptyRoot;
  }

  /** Puts these heads in the place of those that the tenants had. */
  update(heads: readonly TenantHead[]): void {
    const isNew = heads.some(({ tenant }) => !this.#heads.has(tenant));
    for (const head of heads) this.#heads.set(head.tenant, head);
    if (isNew) this.#build();
    else this.#climb(heads);
  }

  /** All heads and no others. */
  replace(heads: Iterable<TenantHead>): void {
    this.#heads.clear();
    for (const head of heads) this.#heads.set(head.tenant, head);
    this.#build();
  }

  #build(): void {
    const order = inTreeOrder(this.#heads.values());
    this.#places = new Map(order.map(({ tenant }, place) => [tenant, place]));
    let level = order.map(tenantLeaf);
    this.#levels = [level];
    while (level.length > 1) {
      const below = level;
      level = Array.from({ length: Math.ceil(below.length / 2) }, (_, at) => above(below, at));
      this.#levels.push(level);
    }
  }

  #climb(heads: readonly TenantHead[]): void {
    let places = new Set<number>();
    for (const head of heads) {
      const place = this.#places.get(head.tenant) as number;
      (this.#levels[0] as string[])[place] = tenantLeaf(head);
      places.add(place);
    }
    for (let at = 1; at < this.#levels.length; at += 1) {
      places = new Set([...places].map((place) => Math.floor(place / 2)));
      const [below, level] = [this.#levels[at - 1] as string[], this.#levels[at] as string[]];
      for (const place of places) level[place] = above(below, place);
    }
  }
}

function above(below: readonly string[], at: number): string {
  const [left, right] = [below[2 * at] as string, below[2 * at + 1]];
  return right === undefined ? left : nodeHash(left, right);
}

/** Null where the tenant has no chain. */
export function proveTenant(heads: Iterable<TenantHead>, tenant: string): TenantProof | null {
  const sorted = inTreeOrder(heads);
  const index = sorted.findIndex((head) => head.tenant === tenant);
  const head = sorted[index];
  if (head === undefined) return null;
  return { head, index, path: proveInclusion(leavesOf(sorted.map(tenantLeaf)), index) };
}

export function verifyTenant(
  { head, index, path }: TenantProof,
  { tenants, root }: { readonly tenants: number; readonly root: string },
): boolean {
  return verifyInclusion(tenantLeaf(head), index, tenants, root, path);
}

function compareIds(a: string, b: string): number {
  return Buffer.compare(Buffer.from(a, "utf8"), Buffer.from(b, "utf8"));
}
