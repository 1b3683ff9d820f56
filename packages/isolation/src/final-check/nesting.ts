/**
 * How deep the tree of a text can be, without parsing it. The parser works on a stack of its own, and one that was run over leaves
 * it broken for every later text; so what could fill it never reaches it.
 */

/** Open parentheses and brackets. */
const maxOpen = 500;

/** Words and signs that can stand above one another in the tree. A thousand nested unions are far below it. */
const maxDepth = 3_000;

/** Blanks, comments to the end of a line, texts, quoted names, words, parameters, numbers, and any other sign by itself. */
const token =
  /(?<blank>\s+|--[^\n\r]*)|(?<escaped>[eE]'(?:[^'\\]+|\\[\s\S]|'')*')|'[^']*'|"[^"]*"|(?<word>[A-Za-z_\u0080-\uffff][\w$\u0080-\uffff]*)|\$\d+|\d[\w.]*|(?<sign>[\s\S])/y;

interface Level {
  readonly kind: "list" | "case";
  /** What may stand above the next word: all since the last comma, and every set operation. */
  chain: number;
  operations: number;
}

/** False for what is too deep, and for a text with escapes that another one follows. */
export function isShallow(text: string): boolean {
  const levels: Level[] = [{ kind: "list", chain: 0, operations: 0 }];
  let open = 0;
  let above = 0;
  let before = "";
  token.lastIndex = 0;
  for (let match = token.exec(text); match !== null; match = token.exec(text)) {
    const { blank, escaped, word, sign } = match.groups ?? {};
    if (blank !== undefined) continue;
    const [level] = levels.slice(-1) as [Level];
    const name = before === "." ? undefined : word?.toLowerCase();
    before = sign ?? "";
    level.chain += 1;
    above += 1;
    if (above > maxDepth) return false;
    switch (sign ?? name ?? "") {
      case "(":
      case "[":
        open += 1;
        if (open > maxOpen) return false;
        levels.push({ kind: "list", chain: 0, operations: 0 });
        break;
      case "case":
        levels.push({ kind: "case", chain: 0, operations: 0 });
        break;
      case ")":
      case "]":
      case "end": {
        const kind = sign === undefined ? "case" : "list";
        if (level.kind !== kind || levels.length === 1) break;
        if (kind === "list") open -= 1;
        above -= level.chain + level.operations;
        levels.pop();
        break;
      }
      case "union":
      case "intersect":
      case "except":
        level.operations += 1;
        above += 1;
        break;
      case ",":
      case "when":
        if (sign === undefined && level.kind !== "case") break;
        above -= level.chain;
        level.chain = 0;
        break;
      case "/":
      case "$": {
        const from = token.lastIndex - 1;
        const end = sign === "/" ? commentEnd(text, from) : dollarEnd(text, from);
        if (end !== null) token.lastIndex = end;
        break;
      }
    }
    // A text with escapes goes on behind a line break, where its end could not be told.
    if (escaped !== undefined && /^\s*'/.test(text.slice(token.lastIndex, token.lastIndex + 200)))
      return false;
  }
  return true;
}

/** Where a comment that may hold others ends; null where none begins. One without an end takes the rest, as it does for the server. */
function commentEnd(text: string, from: number): number | null {
  if (!text.startsWith("/*", from)) return null;
  const edge = /\/\*|\*\//g;
  edge.lastIndex = from;
  let depth = 0;
  for (let match = edge.exec(text); match !== null; match = edge.exec(text)) {
    depth += match[0] === "/*" ? 1 : -1;
    if (depth === 0) return edge.lastIndex;
  }
  return text.length;
}

const dollars = /\$(?:[A-Za-z_\u0080-\uffff][\w\u0080-\uffff]*)?\$/y;

/** The same for a text between dollars. */
function dollarEnd(text: string, from: number): number | null {
  dollars.lastIndex = from;
  const [delimiter] = dollars.exec(text) ?? [];
  if (delimiter === undefined) return null;
  const end = text.indexOf(delimiter, from + delimiter.length);
  return end === -1 ? text.length : end + delimiter.length;
}
