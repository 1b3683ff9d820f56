/** Whether a statement that is about these people and records can ask a named condition. */
import type { CardContext } from "../card-context.ts";
import { canRelate, relatesBy } from "./comparable.ts";
import { factAt, type About } from "./facts.ts";
import type { LetFacts } from "./let-facts.ts";

/** Whether all that a let reads is there in everything that a statement is about, and some of what it compares can be so. */
export function letFits(ctx: CardContext, about: About, { paths, related }: LetFacts): boolean {
  const factOf = (path: string) => factAt(ctx, about, path.split("."));
  const sides = about.sides ?? ["prior", "next"];
  const isThere = (path: string) => {
    const [root = ""] = path.split(".");
    const isSaid = root !== "prior" && root !== "next" ? true : sides.includes(root);
    return isSaid && factOf(path) !== null;
  };
  return (
    paths.every(isThere) &&
    related.every(({ left, sign, right }) => {
      const how = relatesBy(`${sign} fact`);
      const [one, other] = [factOf(left), factOf(right)];
      return (
        how === null ||
        one?.type.kind !== "entity" ||
        other?.type.kind !== "entity" ||
        canRelate(ctx, about, how, one, other)
      );
    })
  );
}
