/**
 * Makes policies of bundles. The tables were made for the one model of all bundles and for what is sealed: what no program sealed so far needs another
 * look at them.
 */
import type { ModelIr, Program } from "@wardline/core";
import { BundleRejected, otherTables } from "./bundle-rejected.ts";
import type { HeldPolicy } from "./loaded-policies.ts";
import type { LoadedBundle } from "./moment.ts";
import { createPolicyGuard } from "./policy-guard.ts";
import { SharedParts } from "./shared-parts.ts";

/** What a policy takes in memory for each byte of its program's text: closures, and the program itself. Measured by `pnpm bench b8`. */
const bytesPerByte = 4;

export class PolicyComposer {
  readonly #model: ModelIr;
  readonly #checkTables: ((programs: readonly Program[]) => Promise<void>) | null;
  readonly #parts = new SharedParts();
  /** What is sealed by programs that the tables were compared with. */
  readonly #sealed: Set<string>;

  /** `first`: programs that the tables were compared with. `checkTables` rejects where they are not those that programs need; null: they are not looked at again. */
  constructor(
    model: ModelIr,
    first: readonly LoadedBundle[],
    checkTables: ((programs: readonly Program[]) => Promise<void>) | null,
  ) {
    this.#model = model;
    this.#sealed = new Set(first.map(({ program }) => JSON.stringify(program.sealed)));
    this.#checkTables = checkTables;
  }

  /** Rejects with {@link BundleRejected} where the tables are not those that the program needs, or nothing can be made of it. */
  async checked(bundle: LoadedBundle): Promise<HeldPolicy> {
    await this.#checkProgram(bundle.program);
    return this.compose(bundle);
  }

  /** Throws {@link BundleRejected} where nothing can be made of the program. */
  compose(bundle: LoadedBundle): HeldPolicy {
    const { tenant, mark, terms, until, size } = bundle;
    const program = this.#parts.program(bundle.program, this.#model);
    try {
      const policy = createPolicyGuard({ ...bundle, program });
      return { policy, mark, terms, until, size: size * bytesPerByte };
    } catch (error) {
      throw new BundleRejected("bundle/bad-program", `the bundle of ${tenant}: ${(error as Error).message}`);
    }
  }

  async #checkProgram(program: Program): Promise<void> {
    const sealed = JSON.stringify(program.sealed);
    if (this.#sealed.has(sealed)) return;
    const checkTables = this.#checkTables;
    if (checkTables === null) throw otherTables();
    await checkTables([program]).catch((error: unknown) => {
      throw new BundleRejected("bundle/mixed-models", (error as Error).message);
    });
    this.#sealed.add(sealed);
  }
}
