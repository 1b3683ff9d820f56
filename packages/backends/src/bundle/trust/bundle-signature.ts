/**
 * `.signatures.json`: who vouches for a bundle, in the form that OPA gives bundle signatures (a JWT over the digests of the
 * files), with our claims beside. The keys are those that the release delegates the tenant's path to.
 */
import { canonicalJson, decode } from "@wardline/core";
import { refuse, shown } from "../bundle-error.ts";
import { readCanonicalFile, readCanonicalText } from "../canonical-text.ts";
import { maxManifestSize, signaturesName } from "../file-names.ts";
import { digest, type BundleManifest } from "../manifest.ts";
import { decodeText, encodeText, sha256 } from "../web-platform.ts";
import {
  base64Of,
  isSignedBy,
  readBase64,
  readKeyId,
  signPayload,
  type Signature,
  type Signer,
} from "./jws.ts";
import type { Role } from "./public-key.ts";
import { tenantName, type Release } from "./release.ts";
import { claimDecoders, decoded, timeText, trustCodes } from "./signed-document.ts";

const claimsFormat = "wardline/bundle-claims/1";
const type = "wardline-bundle+jwt";

/** How long a signed bundle is in force. Times are seconds since 1970-01-01T00:00:00Z. */
export interface Lifetime {
  readonly notBefore: number;
  /** The first second at which it is not in force any more. */
  readonly expires: number;
  /** Seconds after a timestamp was made for which the bundle stays in force without a newer one; null for no such bound. */
  readonly maxStaleness: number | null;
}

export interface SignedFile {
  readonly algorithm: "SHA-256";
  readonly hash: string;
  readonly name: string;
}

export interface BundleClaims {
  readonly nbf: number;
  readonly exp: number;
  readonly files: readonly SignedFile[];
  readonly wardline: {
    readonly format: typeof claimsFormat;
    readonly kind: "bundle";
    readonly tenant: string;
    readonly model: { readonly name: string; readonly sha256: string };
    readonly platform: string;
    readonly revision: number;
    readonly compiler: string;
    readonly max_staleness: number | null;
  };
}

const claimsShape = decode.record<BundleClaims>({
  nbf: claimDecoders.second,
  exp: claimDecoders.second,
  files: decode.list(
    decode.record<SignedFile>({ algorithm: decode.literal("SHA-256"), hash: digest, name: decode.text }),
  ),
  wardline: decode.record<BundleClaims["wardline"]>({
    format: decode.literal(claimsFormat),
    kind: decode.literal("bundle"),
    tenant: tenantName,
    model: decode.record({ name: decode.name, sha256: digest }),
    platform: digest,
    revision: claimDecoders.version,
    compiler: decode.line,
    max_staleness: decode.nullable(decode.integer(1, 2 ** 31)),
  }),
});

const fileShape = decode.record<{ readonly signatures: readonly string[] }>({
  signatures: decode.someOf(decode.text),
});

/** The signatures file of a bundle: one JWT for each signer. A stock OPA takes files with exactly one. */
export async function signBundle(
  files: ReadonlyMap<string, Uint8Array>,
  manifest: BundleManifest,
  lifetime: Lifetime,
  signers: readonly Signer[],
): Promise<Uint8Array> {
  const { tenant, model, platform, compiler } = manifest.metadata.wardline;
  const claims: BundleClaims = {
    nbf: lifetime.notBefore,
    exp: lifetime.expires,
    files: await digestsOf(files),
    wardline: {
      format: claimsFormat,
      kind: "bundle",
      tenant,
      model,
      platform,
      revision: Number(manifest.revision),
      compiler,
      max_staleness: lifetime.maxStaleness,
    },
  };
  const payload = encodeText(canonicalJson(claims));
  const signatures: string[] = [];
  for (const signer of signers.toSorted((a, b) => (a.kid < b.kid ? -1 : 1))) {
    const signed = await signPayload(payload, type, signer);
    signatures.push(`${signed.protected}.${base64Of(payload)}.${signed.signature}`);
  }
  return encodeText(`${canonicalJson({ signatures })}\n`);
}

/** The claims of a bundle's signatures, once those of the release's keys for the tenant hold. Whether they fit is looked at elsewhere. */
export async function openSignatures(
  bytes: Uint8Array,
  release: Release,
  tenant: string,
): Promise<BundleClaims> {
  const what = signaturesName;
  const { signatures } = decoded(
    () => fileShape(readCanonicalFile(bytes, what, maxManifestSize, trustCodes), decode.root),
    what,
  );
  if (!Object.hasOwn(release.tenants, tenant))
    return refuse("trust/foreign-path", `the release delegates the bundle of ${tenant} to nobody`);
  const role = release.tenants[tenant] as Role;
  const parts = signatures.map((token) => readToken(token, what));
  const [first] = parts;
  if (first === undefined || parts.some(({ payload }) => payload !== first.payload))
    return refuse("trust/bad-document", `${what} has signatures of different claims`);
  const payload = readBase64(first.payload, what);
  let before = "";
  for (const signature of parts) {
    const kid = readKeyId(signature, type, what);
    if (kid === before) return refuse("trust/duplicate-signature", `${what} has two signatures of ${kid}`);
    if (kid < before)
      return refuse("trust/bad-document", `${what} has signatures out of the order of their key ids`);
    before = kid;
    const key = release.keys.find((known) => known.kid === kid);
    if (key === undefined)
      return refuse("trust/unknown-key", `${what} is signed by ${kid}, whom nobody trusts`);
    if (!role.keys.includes(kid))
      return refuse("trust/foreign-path", `${what} is signed by ${kid}, which may not sign for ${tenant}`);
    if (!(await isSignedBy(payload, signature, key, what)))
      return refuse("trust/bad-signature", `${what} has a signature of ${kid} that does not hold`);
  }
  if (parts.length < role.threshold)
    return refuse(
      "trust/threshold",
      `${what} has ${parts.length} of the ${role.threshold} signatures that the release asks for`,
    );
  const text = decodeText(payload);
  if (text === undefined) return refuse("trust/bad-document", `${what} has claims that are not UTF-8`);
  const value = readCanonicalText(text, what, trustCodes);
  const format = (value as { wardline?: { format?: unknown } } | null)?.wardline?.format;
  if (typeof format === "string" && format !== claimsFormat)
    return refuse("trust/unknown-format", `${what} is of format ${shown(format)}, not ${claimsFormat}`);
  return decoded(() => claimsShape(value, decode.root), what);
}

/** Refuses a bundle that is not the one which its signatures claim, or not one of the release. `there` are the files that it has. */
export function checkClaims(
  claims: BundleClaims,
  there: readonly SignedFile[],
  manifest: BundleManifest,
  release: Release,
): void {
  const signed = claims.wardline;
  const own = manifest.metadata.wardline;
  if (signed.tenant !== own.tenant)
    refuse("bundle/wrong-tenant", `its signatures are for ${signed.tenant}, and it is of ${own.tenant}`);
  if (canonicalJson(claims.files) !== canonicalJson(there)) refuseFiles(claims.files, there);
  const differs = (["model", "platform", "compiler"] as const).find(
    (key) => canonicalJson(signed[key]) !== canonicalJson(own[key]),
  );
  if (differs !== undefined || String(signed.revision) !== manifest.revision)
    refuse("bundle/wrong-claims", `its signatures claim another ${differs ?? "revision"} than its manifest`);
  if (canonicalJson(own.model) !== canonicalJson(release.model))
    refuse("bundle/wrong-model", "it is for a state of the model that was not released");
  if (own.platform !== release.platform)
    refuse("bundle/wrong-platform", "it is for a state of the platform's files that was not released");
}

/** Refuses a bundle whose time has not come or is over. `now` in seconds. */
export function checkBundleTime({ nbf, exp }: Pick<BundleClaims, "nbf" | "exp">, now: number): void {
  if (!(now >= nbf)) refuse("bundle/not-yet-valid", `it is in force from ${timeText(nbf)} on`);
  if (!(now < exp)) refuse("bundle/expired", `it was in force until ${timeText(exp)}`);
}

function refuseFiles(signed: readonly SignedFile[], there: readonly SignedFile[]): void {
  const extra = there.find(({ name }) => !signed.some((file) => file.name === name));
  if (extra !== undefined) refuse("bundle/extra-file", `${extra.name} is not among what is signed`);
  const missing = signed.find(({ name }) => !there.some((file) => file.name === name));
  if (missing !== undefined) refuse("bundle/missing-file", `${missing.name} is signed and missing`);
  const changed = there.find(({ name, hash }) =>
    signed.some((file) => file.name === name && file.hash !== hash),
  );
  refuse("bundle/digest-mismatch", `${changed?.name ?? "a file"} is not what is signed`);
}

/** Of every file but the signatures, in the order of their names. */
export function digestsOf(files: ReadonlyMap<string, Uint8Array>): Promise<readonly SignedFile[]> {
  const names = [...files.keys()].filter((key) => key !== signaturesName).toSorted();
  return Promise.all(
    names.map(async (name) => ({
      algorithm: "SHA-256" as const,
      hash: await sha256(files.get(name) as Uint8Array),
      name,
    })),
  );
}

function readToken(token: string, what: string): Signature & { readonly payload: string } {
  const [head = "", payload = "", signature = "", ...more] = token.split(".");
  if (more.length > 0 || signature === "")
    return refuse("trust/bad-document", `${what} holds a text that is no compact JWS`);
  return { protected: head, payload, signature };
}
