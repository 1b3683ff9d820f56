/** What named conditions read, as far as their words tell it. */
import type { Expression, LetStatement, PathExpression } from "@wardline/compiler";

/** What is read by a let, itself and by others that it uses: paths, and which of them are compared as references. */
export interface LetFacts {
  readonly paths: readonly string[];
  readonly related: readonly { readonly left: string; readonly sign: string; readonly right: string }[];
}

type Uses = LetFacts & { readonly lets: readonly string[] };

/** What each let of a file reads. */
export function letFacts(lets: readonly LetStatement[]): ReadonlyMap<string, LetFacts> {
  const own = new Map(lets.map(({ name, value }) => [name.text, usesOf(value)]));
  const all = (name: string, seen: Set<string>): readonly Uses[] => {
    const uses = own.get(name);
    if (uses === undefined || seen.has(name)) return [];
    seen.add(name);
    return [uses, ...uses.lets.flatMap((one) => all(one, seen))];
  };
  return new Map(
    [...own.keys()].map((name) => {
      const uses = all(name, new Set());
      return [
        name,
        {
          paths: [...new Set(uses.flatMap(({ paths }) => paths))],
          related: uses.flatMap(({ related }) => related),
        },
      ];
    }),
  );
}

function usesOf(expression: Expression): Uses {
  const of = (...parts: readonly Expression[]): Uses => {
    const all = parts.map(usesOf);
    return {
      paths: all.flatMap(({ paths }) => paths),
      related: all.flatMap(({ related }) => related),
      lets: all.flatMap(({ lets }) => lets),
    };
  };
  switch (expression.kind) {
    case "and":
    case "or":
    case "list":
      return of(...expression.of);
    case "not":
      return of(expression.of);
    case "has":
    case "fallback":
      return of(expression.path);
    case "compare": {
      const { left, right, op } = expression;
      const uses = of(left, right);
      const [one, other] = [factPath(left), factPath(right)];
      return one === null || other === null
        ? uses
        : { ...uses, related: [...uses.related, { left: one, sign: op, right: other }] };
    }
    case "path": {
      const path = factPath(expression);
      const args = [...(expression.args ?? []), ...expression.steps.flatMap((step) => step.args ?? [])];
      const uses = of(...args);
      if (path !== null) return { ...uses, paths: [...uses.paths, path] };
      return expression.root.kind === "name"
        ? { ...uses, lets: [...uses.lets, expression.root.name.text] }
        : uses;
    }
    case "literal":
    case "now":
    case "time_range":
    case "entity":
      return { paths: [], related: [], lets: [] };
  }
}

/** The path of a fact, without what is asked of a set or a text; null of what is none. */
function factPath(expression: Expression): string | null {
  if (expression.kind !== "path" || expression.root.kind !== "keyword") return null;
  return [expression.root.word, ...factSteps(expression).map(({ name }) => name.text)].join(".");
}

function factSteps({ steps }: PathExpression): PathExpression["steps"] {
  const last = steps.at(-1);
  return last !== undefined && (last.args !== null || last.name.text === "is_empty")
    ? steps.slice(0, -1)
    : steps;
}
