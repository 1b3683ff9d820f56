/**
 * The way in for a serialised program: nothing else may make a {@link Program} of data from outside.
 * It accepts a program whole or not at all, and hands out a frozen copy that shares nothing with the input.
 */
import { checkAtoms } from "./load/check-atoms.ts";
import { checkConditions } from "./load/check-conditions.ts";
import { checkModel } from "./load/check-model.ts";
import { checkRules } from "./load/check-rules.ts";
import { checkSettings } from "./load/check-settings.ts";
import { checkSlots } from "./load/check-slots.ts";
import { checkSealed, checkTables } from "./load/check-tables.ts";
import { canonicalJson } from "../value/canonical-json.ts";
import { Refusal, root, under } from "../value/decode.ts";
import { programShape } from "./load/program-shape.ts";
import type { Program } from "./program.ts";

/** A program, or what is wrong with the first thing that is: `$.tables[2].slots[0]: there is no slot 9`. */
export type LoadedProgram = { readonly program: Program } | { readonly error: string };

/** Checks a parsed JSON document in every part: shapes, references, types, order, and the slots that tables read. */
export function loadProgram(value: unknown): LoadedProgram {
  try {
    const program = programShape(value, root);
    checkModel(program.model, under(root, "model"));
    checkRules(program, root);
    checkSlots(program, under(root, "slots"));
    checkAtoms(program, under(root, "atoms"));
    checkConditions(program, under(root, "conditions"));
    checkSealed(program, under(root, "sealed"));
    checkTables(program, under(root, "tables"));
    if (program.settings !== undefined)
      checkSettings(program.model, program.settings, under(root, "settings"));
    return { program };
  } catch (error) {
    if (error instanceof Refusal) return { error: error.message };
    throw error;
  }
}

/** The program as JSON on one line: the same text for equal programs, whatever the order of their keys. */
export function serializeProgram(program: Program): string {
  return `${canonicalJson(program)}\n`;
}
