/**
 * An anchor in a bucket of S3, or of what speaks its protocol: one object a checkpoint, which is put only where there is none
 * (`If-None-Match: *`), and is locked until a day where that is asked for.
 */
import { hash } from "node:crypto";
import { AnchorError, type Anchor } from "./anchor.ts";
import type { Answer } from "../../http/exchange.ts";
import { checkAddress, refusal, send } from "./send.ts";
import { encode, signRequest, type AwsCredentials } from "./sigv4.ts";

export interface S3AnchorOptions {
  readonly bucket: string;
  /** Before the names of the objects; nothing without it. */
  readonly prefix?: string;
  readonly region: string;
  /** `https://s3.REGION.amazonaws.com` without it. */
  readonly endpoint?: string;
  readonly credentials: AwsCredentials;
  /** Nobody can take an object away before so many days; `governance` leaves it to those with a right of their own. */
  readonly lock?: { readonly mode: "compliance" | "governance"; readonly days: number };
  readonly ca?: string;
  /** Milliseconds for one try; 10 s without it. */
  readonly timeout?: number;
  /** Milliseconds since 1970; for tests. */
  readonly now?: () => number;
}

const dayMillis = 86_400_000;

/** Throws {@link AnchorError}. */
export function s3Anchor(options: S3AnchorOptions): Anchor {
  const { bucket, prefix = "", region, credentials, lock, ca, timeout = 10_000, now = Date.now } = options;
  if (!/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/.test(bucket))
    throw new AnchorError("anchor/bad-option", "an anchor's bucket has no such name");
  if (!/^[a-z0-9-]{1,64}$/.test(region))
    throw new AnchorError("anchor/bad-option", "an anchor's region has no such name");
  // Invariant: a part of a key that an address would resolve leads out of the bucket, and so there is none.
  if (
    prefix.length > 512 ||
    /(?:^|\/)(?:\.{1,2})?\/|(?:^|\/)\.{1,2}$|[\p{Cc}\\]/u.test(prefix) ||
    !prefix.isWellFormed()
  )
    throw new AnchorError("anchor/bad-option", "an anchor's prefix has a part that leads elsewhere");
  const endpoint = checkAddress(options.endpoint ?? `https://s3.${region}.amazonaws.com`);
  const name = `s3://${bucket}/${prefix}`;

  function ask(
    method: "PUT" | "GET",
    url: URL,
    headers: Record<string, string>,
    body: Buffer,
  ): Promise<Answer> {
    const signed = signRequest({
      method,
      url,
      headers,
      body,
      region,
      service: "s3",
      credentials,
      now: new Date(now()),
    });
    const { host: _host, ...rest } = signed;
    return send({ url, method, headers: rest, body, timeout, ca });
  }

  return {
    name,
    async put({ number, line }) {
      const body = Buffer.from(line, "utf8");
      const key = `${prefix}${String(number).padStart(12, "0")}.json`.split("/").map(encode).join("/");
      const url = new URL(endpoint);
      url.pathname = `${endpoint.pathname.replace(/\/$/, "")}/${bucket}/${key}`;
      const answer = await ask(
        "PUT",
        url,
        {
          "content-type": "application/json",
          "if-none-match": "*",
          "x-amz-checksum-sha256": hash("sha256", body, "base64"),
          ...(lock === undefined
            ? {}
            : {
                "x-amz-object-lock-mode": lock.mode.toUpperCase(),
                "x-amz-object-lock-retain-until-date": new Date(now() + lock.days * dayMillis).toISOString(),
              }),
        },
        body,
      );
      if (answer.status === 200) return;
      // Another request for the same object is under way.
      if (answer.status === 409) throw new AnchorError("anchor/unavailable", `${name} answered 409`);
      if (answer.status !== 412) throw refusal(name, answer);
      const there = await ask("GET", url, {}, Buffer.alloc(0));
      if (there.status !== 200) throw refusal(name, there);
      if (!there.body.equals(body))
        throw new AnchorError("anchor/conflict", `${name} holds another checkpoint ${number}`);
    },
  };
}
