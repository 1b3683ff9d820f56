/** The client of KMS, loaded and made when it is first used. Each call ends in time; what may be tried again is tried a few times. */
import type { KMS } from "@aws-sdk/client-kms";
import { KeyProviderError } from "../key-provider-error.ts";
import { outsideAddress } from "../outside/outside-address.ts";
import type { AwsKmsOptions } from "./aws-kms-options.ts";

/** Runs one call. Throws what the client throws. */
export type CallKms = <T>(
  call: (kms: KMS, limits: { readonly abortSignal: AbortSignal }) => Promise<T>,
) => Promise<T>;

export function kmsClient(options: AwsKmsOptions): CallKms {
  const { endpoint, insecure = false, timeout = 1500, attempts = 3 } = options;
  const address = endpoint === undefined ? undefined : outsideAddress(endpoint, "endpoint", insecure);
  let made: Promise<KMS> | undefined;

  async function make(): Promise<KMS> {
    const { KMS } = await load();
    const { region, credentials, ca } = options;
    return new KMS({
      region,
      ...(address === undefined ? {} : { endpoint: address.href }),
      ...(credentials === undefined ? {} : { credentials }),
      maxAttempts: attempts,
      retryMode: "standard",
      requestHandler: {
        connectionTimeout: timeout,
        requestTimeout: timeout,
        throwOnRequestTimeout: true,
        // Whatever the environment says: the server's certificate is checked.
        httpsAgent: {
          keepAlive: true,
          maxSockets: 50,
          rejectUnauthorized: true,
          ...(ca === undefined ? {} : { ca }),
        },
      },
    });
  }

  return async (call) => {
    made ??= make();
    let kms: KMS;
    try {
      kms = await made;
    } catch (error) {
      made = undefined;
      throw error;
    }
    // For credentials too, which the time limit of a request does not cover.
    return call(kms, { abortSignal: AbortSignal.timeout((timeout + 500) * attempts) });
  };
}

async function load(): Promise<typeof import("@aws-sdk/client-kms")> {
  try {
    return await import("@aws-sdk/client-kms");
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code !== "ERR_MODULE_NOT_FOUND" || !message.includes("@aws-sdk/client-kms")) throw error;
    throw new KeyProviderError(
      "keys/unavailable",
      "awsKms needs the package @aws-sdk/client-kms, which is not installed: npm install @aws-sdk/client-kms",
    );
  }
}
