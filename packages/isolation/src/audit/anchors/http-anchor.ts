/**
 * An anchor that takes records by POST. It answers 2xx once it has kept a record, also one that it has already; 409 where it has
 * another under that number.
 */
import { AnchorError, type Anchor } from "./anchor.ts";
import { checkAddress, refusal, send } from "./send.ts";

export interface HttpAnchorOptions {
  readonly url: string;
  /** Sent as a bearer token. */
  readonly token?: string;
  readonly ca?: string;
  /** Milliseconds for one try; 10 s without it. */
  readonly timeout?: number;
}

/** Throws {@link AnchorError}. */
export function httpAnchor({ url: given, token, ca, timeout = 10_000 }: HttpAnchorOptions): Anchor {
  const url = checkAddress(given);
  const name = `${url.origin}${url.pathname}`;
  return {
    name,
    async put({ log, number, line }) {
      const answer = await send({
        url,
        method: "POST",
        headers: {
          "content-type": "application/json",
          "idempotency-key": `"${encodeURIComponent(log)}/${number}"`,
          ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
        },
        body: Buffer.from(line, "utf8"),
        timeout,
        ca,
      });
      if (answer.status === 409)
        throw new AnchorError("anchor/conflict", `${name} holds another checkpoint ${number}`);
      if (answer.status < 200 || answer.status > 299) throw refusal(name, answer);
    },
  };
}
