/**
 * Builds a concrete syntax tree while the one parser runs: it is told when a rule begins, takes a token, and ends. So
 * there is one grammar, and the tree cannot say anything else than what was parsed.
 */
import type { RuleName } from "../parse/grammar/rule-names.ts";
import type { CstElement, CstNode, CstToken } from "./node.ts";

interface OpenNode extends CstNode {
  readonly children: CstElement[];
}

export class Recorder {
  private readonly leaves: readonly CstToken[];
  private readonly open: OpenNode[] = [];
  private next: number;
  private root: CstNode | null = null;

  /** `from` is the index of the first token that the parser is given. */
  constructor(leaves: readonly CstToken[], from: number) {
    this.leaves = leaves;
    this.next = from;
  }

  /** What the outermost rule took. After an error it is not to be used. */
  get node(): CstNode | null {
    return this.root;
  }

  begin(rule: RuleName): void {
    const node: OpenNode = { kind: "node", rule, children: [] };
    const parent = this.open.at(-1);
    if (parent === undefined) this.root = node;
    else parent.children.push(node);
    this.open.push(node);
  }

  take(): void {
    const leaf = this.leaves[this.next];
    if (leaf === undefined) throw new Error("Invariant: the parser takes only tokens that it was given");
    this.open.at(-1)?.children.push(leaf);
    this.next += 1;
  }

  end(): void {
    this.open.pop();
  }
}
