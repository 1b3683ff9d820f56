/** A request as the sources of tenants and evidence see it, whatever framework serves it. */

export interface ScopeRequest {
  /** In upper case. */
  readonly method: string;
  /** The header `host` or `:authority`, as it was sent; never a forwarded one. */
  readonly host: string | undefined;
  /** As it was sent, without the query. */
  readonly path: string;
  /** By its name in lower case; undefined where it is missing, or was sent more than once and may stand only once. */
  readonly header: (name: string) => string | undefined;
}
