/**
 * Verifies exported chains without a database, as they are read, in constant space: each row against the one before it, and the
 * tree over them against the roots that checkpoints vouch for. Only where something is wrong the export is read again, to say why.
 */
import type { TenantHead } from "../checkpoint/tenant-tree.ts";
import { genesisHash } from "../chain.ts";
import { readExport } from "../export/read-export.ts";
import type { ExportHeader } from "../export/export-line.ts";
import type { AuditHead } from "../export-audit.ts";
import { GrowingTree } from "../tree/growing-tree.ts";
import { entryLeafHash } from "../tree/merkle-hash.ts";
import { ChainFollower, type ChainBreak } from "./chain-follower.ts";
import { WhyBroken, type Broken } from "./why-broken.ts";

/** What checkpoints vouch for: how a chain looked at one of its sizes. */
export interface VouchedHead extends TenantHead {
  /** The checkpoint that says so. */
  readonly checkpoint: number;
}

export interface VerifyExportOptions {
  /** Opens the export from its beginning. It is called again to say why something is wrong. */
  readonly open: () => AsyncIterable<Uint8Array>;
  /** What checkpoints say of each tenant, by size, ascending. Without it chains vouch for themselves alone. */
  readonly vouched?: ReadonlyMap<string, readonly VouchedHead[]>;
  /** The export must be of these tenants and no others. */
  readonly tenants?: readonly string[];
  /** Is told how many rows were read. */
  readonly progress?: (rows: number) => void;
}

/** Why a chain is not believed, and where that begins. */
export interface BrokenChain extends Broken {
  /** Where the root of a checkpoint is not met: the last place that can be the one that is wrong; else the same as `seq`. */
  readonly through: number;
  /** The checkpoint that shows it. */
  readonly checkpoint: number | null;
}

export interface VerifiedChain {
  readonly tenant: string;
  /** As far as it was followed. */
  readonly head: AuditHead;
  /** The root of the tree over the entries that were followed. */
  readonly root: string;
  /** Up to where a checkpoint vouches for it, and which; null where none does. */
  readonly vouched: { readonly seq: number; readonly checkpoint: number } | null;
  readonly broken: BrokenChain | null;
}

/** One chain after the other, in the order of the export; a tenant that is missing comes last. Throws ExportRejected. */
export async function* verifyExport(options: VerifyExportOptions): AsyncGenerator<VerifiedChain> {
  const seen = new Set<string>();
  let chain: ChainCheck | null = null;
  let rows = 0;
  for await (const part of readExport(options.open())) {
    if (part.kind === "rows") {
      for (const row of part.rows) if (!(chain as ChainCheck).push(row)) break;
      options.progress?.((rows += part.rows.length));
      continue;
    }
    if (chain !== null) yield await chain.end(options.open);
    chain = new ChainCheck(part.header, options.vouched?.get(part.header.tenant) ?? [], seen.size);
    const { tenant } = part.header;
    if (seen.has(tenant)) chain.fail(1, "forked");
    else if (options.tenants?.includes(tenant) === false) chain.fail(1, "wrong_tenant");
    seen.add(tenant);
  }
  if (chain !== null) yield await chain.end(options.open);
  for (const tenant of options.tenants ?? []) {
    if (seen.has(tenant)) continue;
    const missing = new ChainCheck({ tenant, head: { seq: 0, hash: genesisHash(tenant) } }, [], 0);
    missing.fail(1, "truncated");
    yield await missing.end(options.open);
  }
}

class ChainCheck {
  readonly #header: ExportHeader;
  readonly #vouched: readonly VouchedHead[];
  /** Which of the export's chains it is, from 0. */
  readonly #place: number;
  readonly #follower: ChainFollower;
  readonly #tree = new GrowingTree();
  #met = 0;
  #found: ChainBreak | null = null;
  #broken: BrokenChain | null = null;

  constructor(header: ExportHeader, vouched: readonly VouchedHead[], place: number) {
    this.#header = header;
    this.#vouched = vouched;
    this.#place = place;
    this.#follower = new ChainFollower(header.tenant);
    this.#meet(0);
  }

  fail(seq: number, reason: Broken["reason"], checkpoint: number | null = null, through = seq): void {
    this.#broken ??= { seq, through, reason, checkpoint };
  }

  /** False once nothing that comes can matter. */
  push(row: Parameters<ChainFollower["push"]>[0]): boolean {
    if (this.#broken !== null || this.#found !== null) return false;
    this.#found = this.#follower.push(row);
    if (this.#found !== null || row === null) return false;
    this.#tree.append(entryLeafHash(row.hash));
    const { head } = this.#header;
    if (head.seq === row.seq && head.hash !== row.hash) this.fail(row.seq, "rewritten");
    if (this.#vouched[this.#met]?.size === row.seq) this.#meet(row.seq);
    return this.#broken === null;
  }

  #meet(size: number): void {
    const root = this.#tree.root();
    for (let next = this.#vouched[this.#met]; next?.size === size; next = this.#vouched[this.#met]) {
      if (next.root !== root) {
        const before = this.#vouched[this.#met - 1]?.size ?? 0;
        this.fail(before + 1, "rewritten", next.checkpoint, size);
        return;
      }
      this.#met += 1;
    }
  }

  async end(open: () => AsyncIterable<Uint8Array>): Promise<VerifiedChain> {
    const { tenant, head } = this.#header;
    const last = this.#follower.head;
    if (this.#found !== null) {
      const { seq, reason } = await this.#why(this.#found, open);
      // A chain that was written anew from some place on does not go on from what was vouched for.
      this.fail(seq, reason);
    }
    const next = this.#vouched[this.#met];
    if (next !== undefined) this.fail(last.seq + 1, "truncated", next.checkpoint);
    if (head.seq > last.seq) this.fail(last.seq + 1, "truncated");
    if (head.seq < last.seq) this.fail(head.seq + 1, "forked");
    if (head.seq === 0 && head.hash !== genesisHash(tenant)) this.fail(1, "wrong_tenant");
    const met = this.#vouched[this.#met - 1];
    return {
      tenant,
      head: last,
      root: this.#tree.root(),
      vouched: met === undefined ? null : { seq: met.size, checkpoint: met.checkpoint },
      broken: this.#broken,
    };
  }

  async #why(found: ChainBreak, open: () => AsyncIterable<Uint8Array>): Promise<Broken> {
    const why = new WhyBroken(found);
    let place = -1;
    for await (const part of readExport(open())) {
      place += part.kind === "chain" ? 1 : 0;
      if (place > this.#place) break;
      if (place === this.#place && part.kind === "rows") for (const row of part.rows) why.look(row);
    }
    return why.answer(this.#header.tenant, this.#header.head.seq);
  }
}
