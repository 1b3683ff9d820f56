/** Signature Version 4, checked against the bytes of a request by the written rules, with the errors that the service answers. */
import { createHash, createHmac, timingSafeEqual } from "node:crypto";
import type { IncomingMessage } from "node:http";
import { KmsError } from "./kms-error.ts";

export interface AwsLogin {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
}

export interface SignatureRules {
  readonly logins: readonly AwsLogin[];
  readonly region: string;
  readonly service: string;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

/** Milliseconds that a request's time may differ. */
const mostSkew = 300_000;

/** Throws {@link KmsError}. */
export function checkSignature(request: IncomingMessage, body: Buffer, rules: SignatureRules): void {
  const header = request.headers.authorization;
  if (header === undefined)
    throw new KmsError("MissingAuthenticationTokenException", "Missing Authentication Token");
  const [, id, day, region, service, list, signature] =
    /^AWS4-HMAC-SHA256 Credential=([^/]+)\/(\d{8})\/([^/]+)\/([^/]+)\/aws4_request,\s*SignedHeaders=([^,]+),\s*Signature=([0-9a-f]{64})$/.exec(
      header,
    ) ?? [];
  if (day === undefined || list === undefined || signature === undefined)
    throw new KmsError("IncompleteSignatureException", "the Authorization header is not complete");
  const login = rules.logins.find(({ accessKeyId }) => accessKeyId === id);
  const value = (name: string): string => String(request.headers[name] ?? "");
  if (login === undefined || (login.sessionToken ?? "") !== value("x-amz-security-token"))
    throw new KmsError(
      "UnrecognizedClientException",
      "The security token included in the request is invalid.",
    );
  if (region !== rules.region || service !== rules.service)
    throw invalid(`Credential should be scoped to a valid region and service: ${region}/${service}`);
  const time = value("x-amz-date");
  checkTime(time, day, rules.now());

  const signed = list.split(";");
  const must = Object.keys(request.headers).filter((name) => name === "host" || name.startsWith("x-amz-"));
  if (must.some((name) => !signed.includes(name)) || signed.join() !== signed.toSorted().join())
    throw invalid("a header that must be signed is not signed");
  const [path = "", query = ""] = (request.url ?? "").split("?");
  const canonical = [
    request.method ?? "",
    path,
    query.split("&").filter(Boolean).toSorted().join("&"),
    ...signed.map((name) => `${name}:${value(name).trim().replaceAll(/ +/g, " ")}`),
    "",
    list,
    sha256(body),
  ].join("\n");
  const scope = [day, region, service, "aws4_request"];
  const text = ["AWS4-HMAC-SHA256", time, scope.join("/"), sha256(canonical)].join("\n");
  const key = scope.reduce<Buffer | string>((from, part) => mac(from, part), `AWS4${login.secretAccessKey}`);
  if (!timingSafeEqual(mac(key, text), Buffer.from(signature, "hex")))
    // The service tells what it signed itself, the session's token included.
    throw invalid(
      `The request signature we calculated does not match the signature you provided. The Canonical String for this request should have been\n'${canonical}'`,
    );
}

function checkTime(time: string, day: string, now: number): void {
  const sent = Date.parse(time.replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/, "$1-$2-$3T$4:$5:$6Z"));
  if (Number.isNaN(sent) || !time.startsWith(day)) throw invalid("Date in Credential scope does not match");
  const here = new Date(now).toISOString().replaceAll(/[-:]|\.\d+/g, "");
  if (sent < now - mostSkew) throw invalid(`Signature expired: ${time} is now earlier than ${here} - 5 min.`);
  if (sent > now + mostSkew)
    throw invalid(`Signature not yet current: ${time} is still later than ${here} + 5 min.`);
}

function invalid(message: string): KmsError {
  return new KmsError("InvalidSignatureException", message);
}

function sha256(data: string | Buffer): string {
  return createHash("sha256").update(data).digest("hex");
}

function mac(key: Buffer | string, data: string): Buffer {
  return createHmac("sha256", key).update(data, "utf8").digest();
}
