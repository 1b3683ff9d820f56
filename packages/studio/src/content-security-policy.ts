/** What the studio's page may load: files beside it alone, and WebAssembly, but no evaluated text. */

export interface PolicyPlace {
  /** In a `meta` element browsers refuse `frame-ancestors`: leave it out. */
  readonly framed?: boolean;
}

/** The value of the header `Content-Security-Policy`. The text editor writes style elements; nothing writes scripts. */
export function contentSecurityPolicy({ framed = false }: PolicyPlace = {}): string {
  return [
    "default-src 'none'",
    "script-src 'self' 'wasm-unsafe-eval'",
    "worker-src 'self'",
    "connect-src 'self'",
    "style-src 'self' 'unsafe-inline'",
    "font-src 'self'",
    "img-src 'self' data:",
    "base-uri 'none'",
    "form-action 'none'",
    ...(framed ? [] : ["frame-ancestors 'none'"]),
  ].join("; ");
}
