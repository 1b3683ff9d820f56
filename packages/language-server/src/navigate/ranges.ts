/** Stretches of a text: what can be folded, and what a selection grows to. They stand on the concrete syntax tree, so that damaged texts have them too. */
import { leavesIn, parseCst, type CstElement, type CstNode, type CstToken } from "@wardline/compiler";
import { limitsOf, type Snapshot } from "../workspace/snapshot.ts";

export interface Stretch {
  readonly start: number;
  /** Exclusive. */
  readonly end: number;
}

export interface Fold extends Stretch {
  readonly kind: "comment" | "region";
}

/** Statements, braces, and comments that go over several lines. */
export function foldsOf(snapshot: Snapshot, file: string): readonly Fold[] {
  const [source, parsed] = [snapshot.source(file), snapshot.parsed(file)];
  if (source === undefined || parsed === undefined) return [];
  const { text } = source;
  const { headerTokens, extents, comments } = parsed;
  const { tokens } = leavesIn(source, limitsOf(snapshot.roleOf(file)));
  const folds: Fold[] = [];
  const add = (start: number, end: number, kind: Fold["kind"]) => {
    if (text.slice(start, end).includes("\n")) folds.push({ start, end, kind });
  };
  for (const { from, to } of [{ from: 0, to: headerTokens }, ...extents]) {
    const [first, last] = [tokens[from], tokens[to - 1]];
    if (first !== undefined && last !== undefined)
      add(first.token.startOffset, last.token.startOffset + last.token.image.length, "region");
  }
  const open: number[] = [];
  for (const { token } of tokens) {
    if (token.image === "{") open.push(token.startOffset);
    else if (token.image === "}") {
      const start = open.pop();
      if (start !== undefined) add(start, token.startOffset + 1, "region");
    }
  }
  let run: { start: number; end: number } | null = null;
  const isAlone = (at: number) => /(?:^|\n)[ \t]*$/.test(text.slice(Math.max(0, at - 200), at));
  for (const { span } of comments) {
    if (!isAlone(span.start)) continue;
    if (
      run !== null &&
      /^\s*$/.test(text.slice(run.end, span.start)) &&
      (text.slice(run.end, span.start).match(/\n/g)?.length ?? 0) < 2
    )
      run.end = span.end;
    else {
      if (run !== null) add(run.start, run.end, "comment");
      run = { start: span.start, end: span.end };
    }
  }
  if (run !== null) add(run.start, run.end, "comment");
  return folds;
}

/** What stands around an offset, from the smallest to the whole text. */
export function selectionsAt(
  snapshot: Snapshot,
  file: string,
  offsets: readonly number[],
): readonly (readonly Stretch[])[] {
  const text = snapshot.text(file);
  if (text === undefined) return offsets.map(() => []);
  const { cst, comments } = parseCst({ name: file, text });
  return offsets.map((offset) => {
    const around: Stretch[] = [{ start: 0, end: text.length }];
    const take = (next: Stretch) => {
      const last = around.at(-1) as Stretch;
      const isInside = next.start >= last.start && next.end <= last.end;
      if (isInside && next.end - next.start < last.end - last.start) around.push(next);
    };
    for (let elements: readonly CstElement[] = cst.children; elements.length > 0;) {
      const [element, stretch] = elementAt(elements, offset) ?? [];
      if (element === undefined || stretch === undefined) break;
      take(stretch);
      elements = element.kind === "node" ? element.children : [];
    }
    const comment = comments.find(({ span }) => span.start <= offset && offset <= span.end);
    if (comment !== undefined) take(comment.span);
    return around.toReversed();
  });
}

/** The element at an offset, or the one that ends there. */
function elementAt(
  elements: readonly CstElement[],
  offset: number,
): readonly [CstElement, Stretch] | undefined {
  const touching = elements.flatMap((element) => {
    const stretch = stretchOf(element);
    return stretch !== null && stretch.start <= offset && offset <= stretch.end
      ? [[element, stretch] as const]
      : [];
  });
  return touching.find(([, { end }]) => offset < end) ?? touching[0];
}

function stretchOf(element: CstElement): Stretch | null {
  const [first, last] = [edge(element, "first"), edge(element, "last")];
  if (first === null || last === null) return null;
  return { start: first.token.startOffset, end: last.token.startOffset + last.token.image.length };
}

function edge(element: CstElement, side: "first" | "last"): CstToken | null {
  let at: CstElement | undefined = element;
  while (at !== undefined && at.kind === "node") {
    const { children }: CstNode = at;
    at = side === "first" ? children[0] : children.at(-1);
  }
  return at ?? null;
}
