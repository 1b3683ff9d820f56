/** How grammar/wardline.ebnf derives a text: which choices it takes, and what it takes each token for. */
import type { Grammar, Node, Sign } from "./ebnf.ts";

/** A way through the grammar: a branch, an option taken or left, a repetition taken never, once or more often. */
export interface Choice {
  readonly node: Node;
  readonly taken: number;
}

export interface Derivation {
  readonly choices: readonly Choice[];
  /** For each token the rule that it is a word of, such as `rule` for `permit`, or the name of its token rule. */
  readonly roles: readonly string[];
}

type Rule = Extract<Node, { kind: "rule" }>;

/** One derivation of a text, or null if there is none. */
export function derive(grammar: Grammar, signs: readonly Sign[]): Derivation | null {
  const known = new Map<Node, Map<number, ReadonlySet<number>>>();
  const choices: Choice[] = [];
  const roles: string[] = [];

  /** Where a node can end that begins at a token. */
  const ends = (node: Node, at: number): ReadonlySet<number> => {
    const ofNode = known.get(node) ?? new Map<number, ReadonlySet<number>>();
    known.set(node, ofNode);
    const found = ofNode.get(at) ?? find(node, at);
    ofNode.set(at, found);
    return found;
  };
  const find = (node: Node, at: number): ReadonlySet<number> => {
    switch (node.kind) {
      case "word":
        return new Set(signs[at]?.text === node.text ? [at + 1] : []);
      case "token":
        throw new Error("a token rule holds nothing else");
      case "rule":
        return isTokenRule(grammar, node)
          ? new Set(signs[at]?.token === node.name ? [at + 1] : [])
          : ends(ruleOf(grammar, node), at);
      case "any":
        return new Set(node.of.flatMap((child) => [...ends(child, at)]));
      case "all":
        return node.of.reduce<ReadonlySet<number>>(
          (from, child) => new Set([...from].flatMap((end) => [...ends(child, end)])),
          new Set([at]),
        );
      case "option":
        return new Set([at, ...ends(node.of, at)]);
      case "repeat": {
        const reached = new Set([at]);
        // A set grows while it is walked.
        for (const end of reached) for (const next of ends(node.of, end)) reached.add(next);
        return reached;
      }
    }
  };

  const take = (node: Node, from: number, to: number, rule: string): void => {
    switch (node.kind) {
      case "word":
        roles[from] = rule;
        return;
      case "token":
        return;
      case "rule":
        if (isTokenRule(grammar, node)) roles[from] = rule === "name" ? "name" : node.name;
        else take(ruleOf(grammar, node), from, to, nameWithin(rule, node.name));
        return;
      case "any": {
        const taken = node.of.findIndex((child) => ends(child, from).has(to));
        choices.push({ node, taken });
        take(node.of[taken] ?? node, from, to, rule);
        return;
      }
      case "all":
        takeAll(node.of, from, to, rule);
        return;
      case "option":
        choices.push({ node, taken: from === to ? 0 : 1 });
        if (from !== to) take(node.of, from, to, rule);
        return;
      case "repeat":
        takeRepeat(node, node.of, from, to, rule);
        return;
    }
  };
  const takeAll = (of: readonly Node[], from: number, to: number, rule: string): void => {
    const reaches = (rest: readonly Node[], at: number): boolean => {
      const [child, ...others] = rest;
      return child === undefined ? at === to : [...ends(child, at)].some((end) => reaches(others, end));
    };
    let at = from;
    for (const [index, child] of of.entries()) {
      const end = [...ends(child, at)].find((next) => reaches(of.slice(index + 1), next)) ?? at;
      take(child, at, end, rule);
      at = end;
    }
  };
  const takeRepeat = (node: Node, of: Node, from: number, to: number, rule: string): void => {
    let times = 0;
    for (let at = from; at < to; times += 1) {
      const end = [...ends(of, at)].find((next) => next > at && ends(node, next).has(to)) ?? to;
      take(of, at, end, rule);
      at = end;
    }
    choices.push({ node, taken: Math.min(times, 2) });
  };

  const file: Node = { kind: "rule", name: "file" };
  if (!ends(file, 0).has(signs.length)) return null;
  take(file, 0, signs.length, "file");
  return { choices, roles };
}

/** The words that a name may be are names. */
const nameWithin = (rule: string, inner: string) => (rule === "name" || rule === "word" ? "name" : inner);

function ruleOf(grammar: Grammar, { name }: Rule): Node {
  return grammar.get(name) ?? fail(`the grammar has no rule ${name}`);
}

function isTokenRule(grammar: Grammar, node: Rule): boolean {
  const rule = ruleOf(grammar, node);
  return rule.kind === "all" && rule.of[0]?.kind === "token";
}

function fail(reason: string): never {
  throw new Error(reason);
}

/** Every choice of a grammar, with a text that tells it apart. */
export function choicesOf(grammar: Grammar): readonly (Choice & { readonly text: string })[] {
  const visit = (rule: string, node: Node): (Choice & { readonly text: string })[] => {
    const say = (taken: number, how: string) => ({ node, taken, text: `${rule}: ${how}` });
    switch (node.kind) {
      case "word":
      case "rule":
      case "token":
        return [];
      case "all":
        return node.of.flatMap((child) => visit(rule, child));
      case "any":
        return node.of.flatMap((child, index) => [say(index, show(child)), ...visit(rule, child)]);
      case "option":
        return [say(0, `without ${show(node)}`), say(1, `with ${show(node)}`), ...visit(rule, node.of)];
      case "repeat":
        return [
          ...["never", "once", "twice or more"].map((times, index) => say(index, `${show(node)} ${times}`)),
          ...visit(rule, node.of),
        ];
    }
  };
  return [...grammar].flatMap(([rule, node]) => visit(rule, node));
}

/** A node as it is written in the grammar. */
function show(node: Node): string {
  switch (node.kind) {
    case "word":
      return JSON.stringify(node.text);
    case "rule":
      return node.name;
    case "token":
      return `? ${node.pattern} ?`;
    case "all":
      return node.of.map((child) => (child.kind === "any" ? `( ${show(child)} )` : show(child))).join(" ");
    case "any":
      return node.of.map(show).join(" | ");
    case "option":
      return `[ ${show(node.of)} ]`;
    case "repeat":
      return `{ ${show(node.of)} }`;
  }
}
