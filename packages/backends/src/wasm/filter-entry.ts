/**
 * The entrypoint of lists. The runtime finds a table, reads its facts and calls its function as it does for a decision, with
 * other tables and other refusals: which ones is said anew before every evaluation, since an abort leaves what was said last.
 */
import {
  call,
  drop,
  i32Const,
  i32Eq,
  i32Type,
  load,
  localGet,
  localTee,
  select,
  storeWord,
  whenElse,
  leave,
  type Code,
} from "./assembler.ts";
import { configAt, type Config } from "./layout.ts";
import type { Functions } from "./linker.ts";

/** The words of the configuration that differ for lists. */
export type ListConfig = Pick<Config, "tableKeys" | "tableCount" | "tables" | "answers">;

/** Where an evaluation context holds the input, the result and the entrypoint. */
const context = { input: 0, result: 8, entrypoint: 12 } as const;

/**
 * Adds what is exported in place of the runtime's functions of those names. `entrypoint`: the number of that of lists, which
 * the runtime is told to be 0.
 */
export function addFilterEntry(
  functions: Functions,
  entrypoint: number,
  decisions: Config,
  lists: ListConfig,
): ReadonlyMap<string, number> {
  const keys = ["tableKeys", "tableCount", "tables", "answers"] as const;
  const choose = functions.add(
    { parameters: [i32Type], results: [] },
    [],
    keys.flatMap((key) => [
      ...i32Const(configAt(decisions, key)),
      ...i32Const(lists[key]),
      ...i32Const(decisions[key]),
      ...localGet(0),
      ...select,
      ...storeWord(0),
    ]),
  );
  const isList = (number: Code): Code => [...number, ...i32Const(entrypoint), ...i32Eq];
  /** One that is given the entrypoint as a parameter. */
  const given = (name: string, count: number, place: number): number => {
    const parameters = Array.from({ length: count }, () => i32Type);
    const asked = localGet(place);
    return functions.add(
      { parameters, results: [i32Type] },
      [],
      [
        ...isList(asked),
        ...call(choose),
        ...parameters.flatMap((_, i) =>
          i === place ? [...i32Const(0), ...asked, ...isList(asked), ...select] : localGet(i),
        ),
        ...functions.call(name),
      ],
    );
  };
  const numberOf = [...localGet(0), ...load(context.entrypoint)];
  // The host's context stays as it is, so that one that is asked again is asked the same.
  const ofList = [
    ...functions.call("opa_eval_ctx_new"),
    ...localTee(1),
    ...localGet(0),
    ...load(context.input),
    ...storeWord(context.input),
    ...localGet(1),
    ...functions.call("eval"),
    ...drop,
    ...localGet(0),
    ...localGet(1),
    ...load(context.result),
    ...storeWord(context.result),
  ];
  const evaluate = functions.add(
    { parameters: [i32Type], results: [i32Type] },
    [i32Type],
    [
      ...isList(numberOf),
      ...call(choose),
      ...isList(numberOf),
      ...whenElse(ofList, [...localGet(0), ...functions.call("eval"), ...leave]),
      ...i32Const(0),
    ],
  );
  return new Map([
    ["opa_eval", given("opa_eval", 7, 1)],
    ["wardline_decide", given("wardline_decide", 2, 0)],
    ["eval", evaluate],
  ]);
}
