/** The names that `let`s of a test give, and which of them are used. */
import type { Datum } from "../ast/statement.ts";
import type { Report } from "../check/report.ts";
import { unknownName } from "../check/suggest.ts";

export class Bindings {
  readonly #report: Report;
  readonly #bound: ReadonlyMap<string, Datum>;
  readonly used = new Set<string>();

  constructor(report: Report, bound: ReadonlyMap<string, Datum>) {
    this.#report = report;
    this.#bound = bound;
  }

  get names(): Iterable<string> {
    return this.#bound.keys();
  }

  has(name: string): boolean {
    return this.#bound.has(name);
  }

  /** What a name is bound to directly; anything else, and a name that is bound to nothing, as it is. */
  bound(datum: Datum): Datum {
    const bound = datum.kind === "name" ? this.#bound.get(datum.name.text) : undefined;
    if (datum.kind !== "name" || bound === undefined) return datum;
    this.used.add(datum.name.text);
    return bound;
  }

  /** A name as what it is bound to in the end, and the name; other things as they are. Null if it was reported. */
  resolve(datum: Datum): readonly [Datum | null, string | null] {
    let meant: Datum = datum;
    let label: string | null = null;
    const seen = new Set<string>();
    while (meant.kind === "name") {
      const { name } = meant;
      const bound = this.#bound.get(name.text);
      if (bound === undefined || seen.has(name.text)) {
        this.#report.add(unknownName("name", name, this.names));
        return [null, null];
      }
      seen.add(name.text);
      this.used.add(name.text);
      label ??= name.text;
      meant = bound;
    }
    return [meant, label];
  }
}
