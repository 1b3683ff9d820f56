/** A reader of grammar/wardline.ebnf, and what a test needs of it: to know a text, and to write one. */
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

export type Node =
  | { readonly kind: "word"; readonly text: string }
  | { readonly kind: "rule"; readonly name: string }
  | { readonly kind: "token"; readonly pattern: string }
  | { readonly kind: "all" | "any"; readonly of: readonly Node[] }
  | { readonly kind: "option" | "repeat"; readonly of: Node };

export type Grammar = ReadonlyMap<string, Node>;

export function readGrammar(): Grammar {
  const path = fileURLToPath(new URL("../../../../grammar/wardline.ebnf", import.meta.url));
  const signs =
    readFileSync(path, "utf8").match(/\(\*[\s\S]*?\*\)|"[^"]*"|\? .*? \?|[A-Za-z0-9]+|[^\sA-Za-z0-9]/g) ?? [];
  const tokens = signs.filter((sign) => !sign.startsWith("(*"));
  let at = 0;
  const take = (sign: string) => {
    if (tokens[at] !== sign) throw new Error(`expected ${sign}, found ${tokens[at]}`);
    at += 1;
  };
  const any = (): Node => {
    const of = [all()];
    while (tokens[at] === "|") {
      at += 1;
      of.push(all());
    }
    const [only] = of;
    return of.length === 1 && only !== undefined ? only : { kind: "any", of };
  };
  const all = (): Node => {
    const of: Node[] = [];
    while (![undefined, "|", ";", ")", "]", "}"].includes(tokens[at])) of.push(one());
    return { kind: "all", of };
  };
  const within = (open: string, close: string): Node => {
    take(open);
    const of = any();
    take(close);
    return of;
  };
  const one = (): Node => {
    const sign = tokens[at] ?? "";
    if (sign === "(") return within("(", ")");
    if (sign === "[") return { kind: "option", of: within("[", "]") };
    if (sign === "{") return { kind: "repeat", of: within("{", "}") };
    at += 1;
    if (sign.startsWith('"')) return { kind: "word", text: sign.slice(1, -1) };
    if (sign.startsWith("? ")) return { kind: "token", pattern: sign.slice(2, -2) };
    return { kind: "rule", name: sign };
  };
  const grammar = new Map<string, Node>();
  while (at < tokens.length) {
    const name = tokens[at] ?? "";
    at += 1;
    take("=");
    grammar.set(name, any());
    take(";");
  }
  return grammar;
}

/** Every word and sign in quotes. */
export function wordsOf(grammar: Grammar): ReadonlySet<string> {
  const found = new Set<string>();
  const visit = (node: Node): void => {
    if (node.kind === "word") found.add(node.text);
    else if (node.kind === "all" || node.kind === "any") node.of.forEach(visit);
    else if (node.kind === "option" || node.kind === "repeat") visit(node.of);
  };
  for (const node of grammar.values()) visit(node);
  return found;
}

/** A token of a text, as the grammar sees it: its text, and the name of its token rule if it has one. */
export interface Sign {
  readonly text: string;
  readonly token: string | null;
}

/** Whether the grammar derives a text. Every way of reading it is tried. */
export function derives(grammar: Grammar, signs: readonly Sign[]): boolean {
  const known = new Map<string, ReadonlySet<number>>();
  const rule = (name: string, at: number): ReadonlySet<number> => {
    const key = `${name} ${at}`;
    const found = known.get(key);
    if (found !== undefined) return found;
    const node = grammar.get(name);
    if (node === undefined) throw new Error(`the grammar has no rule ${name}`);
    const ends = node.kind === "all" && node.of[0]?.kind === "token" ? lexical(name, at) : match(node, at);
    known.set(key, ends);
    return ends;
  };
  const lexical = (name: string, at: number) => new Set(signs[at]?.token === name ? [at + 1] : []);
  const match = (node: Node, at: number): ReadonlySet<number> => {
    switch (node.kind) {
      case "word":
        return new Set(signs[at]?.text === node.text ? [at + 1] : []);
      case "token":
        throw new Error("a token rule holds nothing else");
      case "rule":
        return rule(node.name, at);
      case "any":
        return new Set(node.of.flatMap((child) => [...match(child, at)]));
      case "all": {
        let ends: ReadonlySet<number> = new Set([at]);
        for (const child of node.of) ends = new Set([...ends].flatMap((end) => [...match(child, end)]));
        return ends;
      }
      case "option":
        return new Set([at, ...match(node.of, at)]);
      case "repeat": {
        const ends = new Set([at]);
        // A set grows while it is walked.
        for (const end of ends) for (const next of match(node.of, end)) ends.add(next);
        return ends;
      }
    }
  };
  return rule("file", 0).has(signs.length);
}

/** Writes a text of the grammar. `pick` gives a number below its argument; deep rules are kept short. */
export function write(
  grammar: Grammar,
  samples: (token: string) => string,
  pick: (below: number) => number,
  start = "file",
): string[] {
  const visit = (node: Node, depth: number): string[] => {
    switch (node.kind) {
      case "word":
        return [node.text];
      case "token":
        throw new Error("a token rule holds nothing else");
      case "rule": {
        const rule = grammar.get(node.name);
        if (rule === undefined) throw new Error(`the grammar has no rule ${node.name}`);
        return rule.kind === "all" && rule.of[0]?.kind === "token"
          ? [samples(node.name)]
          : visit(rule, depth + 1);
      }
      case "all":
        return node.of.flatMap((child) => visit(child, depth));
      case "any": {
        const choices = depth > 22 ? node.of.filter((child) => !recursive.has(headOf(child))) : node.of;
        const chosen = choices[pick(choices.length)] ?? node.of[0];
        return chosen === undefined ? [] : visit(chosen, depth + 1);
      }
      case "option":
        return depth < 20 && pick(2) === 1 ? visit(node.of, depth) : [];
      case "repeat": {
        const times = depth < 20 ? pick(3) : 0;
        return Array.from({ length: times }).flatMap(() => visit(node.of, depth));
      }
    }
  };
  return visit({ kind: "rule", name: start }, 0);
}

/** What begins an alternative that leads deeper; every choice has one that does not. */
const recursive = new Set(["not", "(", "[", "-", "instance", "data"]);

function headOf(node: Node): string {
  switch (node.kind) {
    case "word":
      return node.text;
    case "rule":
      return node.name;
    case "token":
      return node.pattern;
    case "all":
    case "any": {
      const [first] = node.of;
      return first === undefined ? "" : headOf(first);
    }
    case "option":
    case "repeat":
      return headOf(node.of);
  }
}
