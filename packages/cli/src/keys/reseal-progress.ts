/** How far a reseal is, on a terminal; what it waits for, everywhere. */
import type { ResealProgress } from "@wardline/sdk/operator";
import type { Io } from "../io.ts";
import { startProgress, type Progress } from "../progress.ts";
import { visible } from "../report/visible.ts";

export class ResealProgressText {
  readonly #io: Io;
  readonly #tenant: string;
  #what = "";
  #progress: Progress | undefined;

  constructor(io: Io, tenant: string) {
    this.#io = io;
    this.#tenant = visible(tenant);
  }

  tell(progress: ResealProgress): void {
    switch (progress.kind) {
      case "added":
        this.end();
        this.#io.err(`${this.#tenant}: key ${progress.version} for ${progress.purpose}\n`);
        return;
      case "waiting":
        this.end();
        this.#io.err(
          `${this.#tenant}: waiting until ${progress.until.toISOString()}, when every process knows of the keys\n`,
        );
        return;
      case "rows": {
        const doing = progress.state === "running" ? "sealing" : "looking at";
        const what = `${this.#tenant}: ${doing} ${visible(progress.table)}, row`;
        if (what !== this.#what) {
          this.end();
          this.#progress = startProgress(this.#io, what);
          this.#what = what;
        }
        this.#progress?.step(progress.seen, progress.all);
      }
    }
  }

  end(): void {
    this.#progress?.end();
    this.#progress = undefined;
    this.#what = "";
  }
}
