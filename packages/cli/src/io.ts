/** The world as a command sees it. Reports go to `out`, all else to `err`. */
export interface Io {
  readonly cwd: string;
  readonly out: (text: string) => void;
  readonly err: (text: string) => void;
  /** The whole of standard input. */
  readonly stdin: () => Promise<string>;
  /** Whether `out` is a terminal that wants colours. */
  readonly color: boolean;
  /** Whether `err` is a terminal, where progress can be shown and taken back. */
  readonly interactive: boolean;
  /** Calls back when the user asks to stop, until the returned function is called. Without a callback the process ends. */
  readonly onInterrupt: (callback: () => void) => () => void;
}
