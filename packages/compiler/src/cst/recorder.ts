/**
 * Builds a concrete syntax tree while the one parser runs: it is told when a rule begins, takes a token, and ends. So
 * there is one grammar, and the tree cannot say anything else than what was parsed.
 */
import type { RuleName } from "../parse/grammar/rule-names.ts";
import type { CstElement, CstNode, CstToken } from "./node.ts";

export class Recorder {
  private readonly leaves: readonly CstToken[];
  /** What the open rules have taken so far, the outermost first. */
  private readonly taken: CstElement[] = [];
  /** The open rules, and where what each has taken begins. */
  private readonly rules: RuleName[] = [];
  private readonly starts: number[] = [];
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
    this.rules.push(rule);
    this.starts.push(this.taken.length);
  }

  take(): void {
    const leaf = this.leaves[this.next];
    if (leaf === undefined) throw new Error("Invariant: the parser takes only tokens that it was given");
    this.taken.push(leaf);
    this.next += 1;
  }

  end(): void {
    const rule = this.rules.pop();
    const start = this.starts.pop();
    if (rule === undefined || start === undefined) throw new Error("Invariant: a rule ends after it began");
    // An array of its own length: one that grew would take several times the memory.
    const node: CstNode = { kind: "node", rule, children: this.taken.splice(start) };
    if (this.rules.length === 0) this.root = node;
    else this.taken.push(node);
  }
}
