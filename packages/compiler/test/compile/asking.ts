/** Asks a policy of the checker's library through the oracle. What a request holds is set per question. */
import { evaluate, type Decision } from "@wardline/core";
import { compileLibrary, type Texts } from "../check/library.ts";

export const book = "0198c0de-0000-7000-8000-0000000000b0";
export const branch = "0198c0de-0000-7000-8000-0000000000c0";
export const house = "0198c0de-0000-7000-8000-0000000000c1";

/** What a book has, but for what a question sets. */
const bookFields = {
  branch,
  title: "Ada Lovelace",
  genre: "law",
  pages: 100,
  price: "12.50",
  tags: ["open"],
  reserved_for: [],
  acquired: "2026-01-01T00:00:00.000000Z",
  lost: false,
  loan_time: 1_000_000,
};

export interface Asked {
  readonly roles?: readonly string[];
  readonly type?: "Member" | "Scanner";
  readonly action?: string;
  readonly row?: Readonly<Record<string, unknown>>;
  readonly prior?: Readonly<Record<string, unknown>>;
  readonly next?: Readonly<Record<string, unknown>>;
  readonly context?: Readonly<Record<string, unknown>>;
  readonly attributes?: Readonly<Record<string, unknown>>;
  readonly tenant?: Readonly<Record<string, unknown>>;
  readonly references?: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  readonly ancestors?: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>>;
  readonly now?: string;
  readonly clock?: Readonly<Record<string, unknown>>;
  readonly home?: string;
  readonly rowTenant?: string;
  readonly limits?: Readonly<Record<string, unknown>>;
}

const rowOf = (fields: Readonly<Record<string, unknown>>, tenant = "north") => ({
  id: book,
  tenant,
  attributes: { ...bookFields, ...fields },
});

export function ask(texts: Texts, asked: Asked = {}): Decision {
  const { program, findings } = compileLibrary(texts);
  if (program === null) throw new Error(findings.map((found) => found.message).join("; "));
  return evaluate(program, {
    tenant: {
      id: "north",
      attributes: { plan: "pro", founded: "2020-01-01T00:00:00.000000Z", ...asked.tenant },
    },
    principal: {
      type: asked.type ?? "Member",
      id: "ada",
      tenant: asked.home ?? "north",
      roles: asked.roles ?? ["reader"],
      attributes: { email: "a@b", level: 3, tier: 1, groups: [], label: "gate", ...asked.attributes },
    },
    action: { name: asked.action ?? "read" },
    resource: { type: "Book", ...rowOf(asked.row ?? {}, asked.rowTenant) },
    prior: rowOf(asked.prior ?? {}),
    next: rowOf(asked.next ?? {}),
    context: { mfa: true, ...asked.context },
    ancestors: { principal: { Branch: [branch, house] }, resource: { Branch: [house] }, ...asked.ancestors },
    ...(asked.references === undefined ? {} : { references: asked.references }),
    ...(asked.clock === undefined ? {} : { clock: asked.clock }),
    ...(asked.limits === undefined ? {} : { limits: asked.limits }),
    relations: { guards: [{ from: "ada", to: book }] },
    now: asked.now ?? "2026-01-05T12:00:00.000000Z",
  });
}

/** The outcome alone. */
export const outcome = (policy: string, asked: Asked = {}, platform?: string) =>
  ask(platform === undefined ? { policy } : { policy, platform }, asked).outcome;
