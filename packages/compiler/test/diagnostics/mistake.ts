/** One mistake of an administrator, made in the firm's policy. */
export interface Mistake {
  /** What goes wrong, in the words of whoever explains it. */
  readonly name: string;
  /** A part of the policy, and what is written in its place: `⟪…⟫` marks what is underlined. Empty: added at the end. */
  readonly from: string;
  readonly to: string;
  readonly code: string;
  /** What the finding says to do: its help, or else the label under the place. */
  readonly cure: string;
  /** The finding's fix does not leave a policy without findings, or there is no fix. */
  readonly fix: "mends" | "none";
}
