/** Requests to the transit engine, a few times where that may help, and what its refusals mean. */
import { setTimeout as sleep } from "node:timers/promises";
import type { KeyProviderErrorCode } from "../key-provider-error.ts";
import { outsideProblem } from "../outside/outside-problem.ts";
import { exchangeWithVault, type VaultAnswer } from "./vault-exchange.ts";
import { checkVaultTransitOptions, type VaultTransitOptions } from "./vault-transit-options.ts";

export const vaultName = "vault-transit";

/** What the engine refused: its status 400 or 404, and its own first sentence. */
export interface Refusal {
  readonly status: number;
  readonly sentence: string;
}

export type VaultResult =
  | { readonly ok: true; readonly data: Readonly<Record<string, unknown>> }
  | { readonly ok: false; readonly refusal: Refusal };

/** Throws `KeyProviderError`: `keys/unavailable`, or `keys/refused`. `tenant` stands in the message. */
export type CallVault = (
  tenant: string,
  method: "GET" | "POST" | "DELETE",
  path: string,
  body?: Readonly<Record<string, unknown>>,
) => Promise<VaultResult>;

const longestWait = 2_000;

export function vaultClient(options: VaultTransitOptions): CallVault {
  const { url: base, timeout, attempts } = checkVaultTransitOptions(options);

  async function tokenOf(tenant: string, refused: boolean): Promise<string> {
    let token: unknown;
    try {
      token = await options.token(refused);
    } catch {
      // Its error may hold what it read.
      throw outsideProblem(vaultName, "keys/unavailable", tenant, "no token could be had");
    }
    if (typeof token !== "string" || !/^[\x21-\x7e]+$/.test(token))
      throw outsideProblem(vaultName, "keys/refused", tenant, "what was given as a token is none");
    return token;
  }

  return async (tenant, method, path, body) => {
    const problem = (code: KeyProviderErrorCode, why: string) => outsideProblem(vaultName, code, tenant, why);
    const url = new URL(path, base);
    let token = await tokenOf(tenant, false);
    let isSecondToken = false;
    for (let attempt = 1; ; attempt++) {
      const headers = {
        "content-type": "application/json",
        "x-vault-request": "true",
        "x-vault-token": token,
        ...(options.namespace === undefined ? {} : { "x-vault-namespace": options.namespace }),
      };
      const text = body === undefined ? Buffer.alloc(0) : Buffer.from(JSON.stringify(body), "utf8");
      let answer: VaultAnswer | undefined;
      let why = "";
      try {
        answer = await exchangeWithVault({ url, method, headers, body: text, timeout, ca: options.ca });
        why = `status ${answer.status}`;
      } catch (error) {
        why = (error as Error).message;
      }
      if (answer?.status === 403) {
        const next: string = isSecondToken ? token : await tokenOf(tenant, true);
        if (next === token) throw problem("keys/refused", why);
        [token, isSecondToken] = [next, true];
        continue;
      }
      const result = answer === undefined ? undefined : readAnswer(answer);
      if (result !== undefined) return result;
      const mayHelp = answer === undefined || [412, 429].includes(answer.status) || answer.status >= 500;
      if (!mayHelp || attempt >= attempts) throw problem("keys/unavailable", why);
      // Half of the wait is drawn, so that processes that failed together do not come back together.
      const wait = Math.min(longestWait, 100 * 2 ** (attempt - 1));
      await sleep(Math.max(wait * (0.5 + Math.random() / 2), Math.min(longestWait, answer?.wait ?? 0)));
    }
  };
}

/** Undefined for what is no answer of the engine: a proxy's page, a way to elsewhere, an outage. */
function readAnswer({ status, document }: VaultAnswer): VaultResult | undefined {
  if (status === 204) return { ok: true, data: {} };
  if (status === 200) {
    const data = own(document, "data");
    return isRecord(data) ? { ok: true, data } : undefined;
  }
  const errors = own(document, "errors");
  if ((status !== 400 && status !== 404) || !Array.isArray(errors)) return undefined;
  const [first = ""] = errors as readonly unknown[];
  return typeof first === "string" ? { ok: false, refusal: { status, sentence: first } } : undefined;
}

function own(value: unknown, name: string): unknown {
  return isRecord(value) && Object.hasOwn(value, name) ? value[name] : undefined;
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
