/** Signs requests as AWS does (Signature Version 4), for one service and region. The body's digest is always part of it. */
import { createHmac, hash } from "node:crypto";

export interface AwsCredentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
}

export interface ToSign {
  readonly method: string;
  readonly url: URL;
  /** Names in lower case, besides those that signing adds. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
  readonly region: string;
  readonly service: string;
  readonly credentials: AwsCredentials;
  readonly now: Date;
}

/** All headers of the signed request. */
export function signRequest(request: ToSign): Readonly<Record<string, string>> {
  const { method, url, region, service, credentials, now } = request;
  const time = now.toISOString().replaceAll(/[-:]|\.\d{3}/g, "");
  const digest = hash("sha256", request.body, "hex");
  const headers: Record<string, string> = {
    ...request.headers,
    host: url.host,
    "x-amz-content-sha256": digest,
    "x-amz-date": time,
    ...(credentials.sessionToken === undefined ? {} : { "x-amz-security-token": credentials.sessionToken }),
  };
  const names = Object.keys(headers).toSorted();
  const canonical = [
    method,
    url.pathname,
    [...url.searchParams]
      .map(([name, value]) => `${encode(name)}=${encode(value)}`)
      .toSorted()
      .join("&"),
    ...names.map((name) => `${name}:${String(headers[name]).trim().replaceAll(/ +/g, " ")}`),
    "",
    names.join(";"),
    digest,
  ].join("\n");
  const scope = `${time.slice(0, 8)}/${region}/${service}/aws4_request`;
  const text = ["AWS4-HMAC-SHA256", time, scope, hash("sha256", canonical, "hex")].join("\n");
  const mac = (key: string | Uint8Array, data: string): Buffer =>
    createHmac("sha256", key).update(data).digest();
  const key = [region, service, "aws4_request"].reduce<Uint8Array>(
    mac,
    mac(`AWS4${credentials.secretAccessKey}`, time.slice(0, 8)),
  );
  const signature = mac(key, text).toString("hex");
  headers["authorization"] =
    `AWS4-HMAC-SHA256 Credential=${credentials.accessKeyId}/${scope},SignedHeaders=${names.join(";")},Signature=${signature}`;
  return headers;
}

/** Percent-encoding of all but the unreserved characters of RFC 3986. */
export function encode(text: string): string {
  return encodeURIComponent(text).replaceAll(
    /[!'()*]/g,
    (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}
