/**
 * Filters over the policy of B1 with attributes: binding one to who asks, and asking it about rows that are at hand. What a
 * list costs in a database is B4's.
 */
import { prepareFilters } from "@wardline/backends";
import { evaluate, type KnownFacts } from "@wardline/core";
import { abacByHand, abacRequest, abacTexts, makeAbac } from "../b1/abac.ts";
import type { Question } from "../b1/abac.ts";
import { compileTexts } from "../ours/compile-texts.ts";
import type { Work } from "../work.ts";

type Rows = ((doc: Question["doc"]) => boolean) | null;

/** What a careful developer would hand to a list: nothing, or a function of rows. */
function rowsByHand({ user, action }: Question): Rows {
  if (action === "approve" && user.role !== "admin" && user.role !== "manager") return null;
  return (doc) => abacByHand(user, action, doc);
}

export function filterWorks(): readonly Work[] {
  const { questions } = makeAbac();
  const program = compileTexts(abacTexts);
  const filters = prepareFilters(program);
  const requests = questions.map(abacRequest);
  const known = requests.map(({ tenant, principal }): KnownFacts => ({ tenant, principal }));
  const filterOf = (n: number) =>
    filters.filter((questions[n] as Question).action, "Doc", known[n] as KnownFacts);
  const rows = requests.map(({ resource }) => resource);
  const bound = questions.map((_, n) => filterOf(n));
  const boundByHand = questions.map(rowsByHand);
  const doc = (n: number) => (questions[n] as Question).doc;
  return [
    {
      title: "a filter bound to who asks: may any row be permitted?",
      questions: questions.length,
      ways: [
        { name: "by hand", ask: (n) => rowsByHand(questions[n] as Question) !== null },
        { name: "Wardline filter", ask: (n) => filterOf(n).kind !== "never" },
        {
          name: "Wardline filter, as a document",
          ask: (n) => filterOf(n).residual.kind !== "never",
        },
      ],
      leftOut: [],
    },
    {
      title: "one row asked of a filter that is bound",
      questions: questions.length,
      ways: [
        { name: "by hand", ask: (n) => boundByHand[n]?.(doc(n)) ?? false },
        { name: "Wardline filter, matches", ask: (n) => bound[n]?.matches(rows[n]) ?? false },
        { name: "Wardline filter, decide", ask: (n) => bound[n]?.decide(rows[n]).outcome === "permit" },
        { name: "Wardline filter, bound for this row", ask: (n) => filterOf(n).matches(rows[n]) },
        { name: "Wardline oracle", ask: (n) => evaluate(program, requests[n]).outcome === "permit" },
      ],
      leftOut: [],
    },
  ];
}
