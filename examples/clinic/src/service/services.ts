/** What the routes of the clinic are made of. */
import type { Wardline } from "@wardline/sdk";
import type { PolicyDesk } from "./desk/policy-desk.ts";
import type { Account, Accounts, Proof } from "./sign-in/accounts.ts";
import type { Departments } from "./sign-in/clinic-verifier.ts";
import type { SignIn, SignIns } from "./sign-in/sign-ins.ts";

export interface Services {
  readonly wardline: Wardline;
  readonly accounts: Accounts;
  readonly signIns: SignIns;
  readonly desk: PolicyDesk;
  readonly departments: Departments;
  /** Tenants are `NAME.domain`. */
  readonly domain: string;
  readonly clock: () => Date;
  /** Whether the database answers. */
  readonly isReady: () => Promise<boolean>;
  readonly onError: (error: unknown) => void;
}

/** What a request has once its caller is proved. */
export interface SignedIn {
  readonly account: Account;
  readonly signIn: SignIn;
  readonly token: string;
  /** What came of the code of a second factor that came with this request; null without one. */
  readonly factor: Proof["kind"] | null;
}

export interface ServiceEnv {
  Variables: { readonly signedIn: SignedIn };
}
