/** How KMS is reached, and how its keys are made. */
export interface AwsCredentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
  readonly expiration?: Date;
}

export interface AwsKmsOptions {
  readonly region: string;
  /** Without it those that AWS's own client finds: the environment, its files, the machine's role. A function is asked again when they expire. */
  readonly credentials?: AwsCredentials | (() => Promise<AwsCredentials>);
  /** Another address than AWS's own, of a VPC endpoint say. */
  readonly endpoint?: string;
  /** Permits an `endpoint` on another machine without TLS. Keys then go over the network in clear. */
  readonly insecure?: boolean;
  /** The authorities that the server's certificate is checked against, in PEM, instead of those that Node trusts. */
  readonly ca?: string;
  /** Days that a key waits for its deletion, 7 to 30; 30 without it. */
  readonly waitingDays?: number;
  /** The policy of keys that are made, as JSON; AWS's default without it, which leaves all to IAM. */
  readonly keyPolicy?: string;
  /** Tags of keys that are made, beside `wardline:tenant` and `wardline:part`. */
  readonly tags?: Readonly<Record<string, string>>;
  /** Milliseconds for one try; 1500 without it. */
  readonly timeout?: number;
  /** How often an outage, a time limit or a throttled request is tried in all; 3 without it. What is refused is not tried again. */
  readonly attempts?: number;
}

/** Throws `TypeError` or `RangeError`. */
export function checkAwsKmsOptions(options: AwsKmsOptions): void {
  const { region, waitingDays = 30, timeout = 1500, attempts = 3, tags = {} } = options;
  if (!/^[a-z0-9-]{1,64}$/.test(region)) throw new TypeError("a region of AWS has no such name");
  if (!Number.isInteger(waitingDays) || waitingDays < 7 || waitingDays > 30)
    throw new RangeError("waitingDays is 7 to 30");
  if (!(timeout > 0) || !Number.isInteger(attempts) || attempts < 1)
    throw new RangeError("a timeout is more than 0 ms, and attempts are 1 or more");
  if (Object.keys(tags).some((name) => name.startsWith("wardline:")))
    throw new TypeError("tags that begin with wardline: are made by awsKms alone");
}
