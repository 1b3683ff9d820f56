import type { typeDiagnostics } from "../types.ts";
import type { PagesOf } from "./page.ts";

/** Pages about addresses and times of day in conditions. */
export const valuePages = {
  "type/many-values": {
    summary: "A network or a range of times is compared as if it were one value.",
    why: "An address is never equal to a network, so the rule could never match.",
    wrong: "permit desk: librarian to read Loan\n  when context.address == ⟪10.20.0.0/16⟫",
    right: "permit desk: librarian to read Loan\n  when context.address in 10.20.0.0/16",
  },
  "type/empty-range": {
    summary: "A range of times ends where it begins.",
    why: "A range holds its beginning and not its end, so this one holds nothing, where a whole day may have been meant.",
    wrong: {
      file: "policy",
      text: "permit desk: librarian to read Branch\n  when resource.opens in ⟪22:00..22:00⟫",
    },
    right: "permit desk: librarian to read Branch\n  when resource.opens in 22:00..06:00",
  },
} as const satisfies Partial<PagesOf<typeof typeDiagnostics>>;
