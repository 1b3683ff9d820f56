/**
 * Parts of programs that are equal are one object: what the platform says, and what tenants say alike. Programs are frozen data, so
 * nobody can tell. What is kept for the next program is bounded.
 */
import type { ModelIr, Pass, Program, Table } from "@wardline/core";

/** The most parts that are kept; a policy of 20 rules has some two hundred, most of them like others'. */
const mostKept = 20_000;

export class SharedParts {
  readonly #kept = new Map<string, object>();

  /** The same program, of a model that is equal to its own. */
  program(program: Program, model: ModelIr): Program {
    return Object.freeze({
      ...program,
      model,
      // A tenant's own rules bear its name.
      rules: Object.freeze(program.rules.map((rule) => (rule.layer === "platform" ? this.#one(rule) : rule))),
      slots: this.#one(program.slots),
      atoms: this.#each(program.atoms),
      conditions: this.#each(program.conditions),
      tables: Object.freeze(program.tables.map((table) => this.#table(table))),
      sealed: this.#one(program.sealed),
    });
  }

  #table(table: Table): Table {
    const passes = Object.freeze(table.passes.map((pass) => this.#pass(pass)));
    return Object.freeze({
      ...table,
      passes,
      slots: this.#one(table.slots),
      duties: this.#one(table.duties),
    });
  }

  #pass(pass: Pass): Pass {
    return Object.freeze({
      ...pass,
      ...(pass.ceilings === undefined ? {} : { ceilings: this.#one(pass.ceilings) }),
      forbids: this.#each(pass.forbids),
      grants: this.#each(pass.grants),
      requires: this.#each(pass.requires),
    });
  }

  #each<T extends object>(parts: readonly T[]): readonly T[] {
    return Object.freeze(parts.map((part) => this.#one(part)));
  }

  #one<T extends object>(part: T): T {
    const text = JSON.stringify(part);
    const known = this.#kept.get(text);
    // Invariant: equal texts are equal parts, since a program is what its text says.
    if (known !== undefined) return known as T;
    this.#kept.set(text, part);
    if (this.#kept.size > mostKept)
      for (const oldest of this.#kept.keys()) {
        this.#kept.delete(oldest);
        break;
      }
    return part;
  }
}
