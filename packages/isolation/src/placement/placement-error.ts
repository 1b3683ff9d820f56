export type PlacementErrorCode =
  /** No tenant, cell, region, schema or operator can be called so. */
  | "placement/bad-name"
  /** The catalogue knows no such cell, or the caller has no way to it. */
  | "placement/unknown-cell"
  /** The catalogue places the tenant nowhere. */
  | "placement/unknown-tenant"
  /** The tenant, or the cell in another region, is there already. */
  | "placement/exists"
  /** The tenant has no policy, so nobody knows where it may live. */
  | "placement/no-policy"
  /** The tenant's policy asks for another region than the cell's. */
  | "placement/residency"
  /** The tenant's policy asks to stand further apart than the tier does. */
  | "placement/isolation"
  /** The tenant has a tombstone: its data was destroyed for good. */
  | "placement/tombstone"
  /** The tenant lives there already. */
  | "placement/same-place"
  /** The tenant is not in a state in which this can be done. */
  | "placement/wrong-state"
  /** Another operation of the tenant is under way, in this process or another. */
  | "placement/busy"
  /** The operation is another process's now; this one has stopped. */
  | "placement/lost-lease"
  /** There is no such operation, or it is not one that can be resumed. */
  | "placement/no-operation"
  /** The operator's login may not see every row of the tables. */
  | "placement/not-operator"
  /** What was copied is not what was there; the tenant stays where it was. */
  | "placement/copy-differs"
  /** Rows that belong to no tenant differ between the two places. */
  | "placement/shared-differs"
  /** The place holds another audit chain of the tenant than the one that it would get. */
  | "placement/audit-forked"
  /** The place holds other keys of the tenant than the ones that it would get. */
  | "placement/keys-forked"
  /** Cells of the archive are sealed under keys that open nothing any more. */
  | "placement/keys-retired"
  /** A place of its own holds rows of somebody else. */
  | "placement/not-alone"
  /** The new place holds rows of the tenant before anything was copied there. */
  | "placement/not-empty"
  /** The tables that tenants share have other policies of rows than the platform's, or not what was made of them. */
  | "placement/row-security-differs"
  /** A migration with this version has other statements than the ones given. */
  | "placement/other-migration";

/** Why an operation on a tenant's place was refused or stopped. The message names tenants and tables, never a value of a row. */
export class PlacementError extends Error {
  override readonly name = "PlacementError";
  readonly code: PlacementErrorCode;

  constructor(code: PlacementErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
