/** What stands in the place of a part of the page that failed. */
import { Component, type ReactNode } from "react";
import { CodeWords } from "../controls/code-words.tsx";

/** Says what went wrong where a part of the page cannot be shown. */
export class Mishap extends Component<
  {
    readonly title: string;
    /** It is all of the page. */
    readonly whole?: boolean;
    readonly children: ReactNode;
  },
  { readonly problem: string | null }
> {
  override state: { readonly problem: string | null } = { problem: null };

  static getDerivedStateFromError(error: unknown): { readonly problem: string } {
    return { problem: error instanceof Error ? error.message : String(error) };
  }

  override render(): ReactNode {
    if (this.state.problem === null) return this.props.children;
    const said = (
      <div className="mishap" role="alert">
        <h1>{this.props.title}</h1>
        <p>
          <CodeWords text={this.state.problem} />
        </p>
        <button type="button" className="button" onClick={() => location.reload()}>
          Load the page again
        </button>
      </div>
    );
    return this.props.whole === true ? <main>{said}</main> : said;
  }
}
