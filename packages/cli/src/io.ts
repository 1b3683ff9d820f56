/** The world as a command sees it. Reports go to `out`, all else to `err`. */
export interface Io {
  readonly cwd: string;
  readonly out: (text: string) => void;
  readonly err: (text: string) => void;
  /** The whole of standard input. */
  readonly stdin: () => Promise<string>;
  readonly color: boolean;
}
