import { evaluate, type Atom } from "@wardline/core";
import { describe, expect, it } from "vitest";
import { firstFact, grantIf, oneTable, requestText } from "./one-table.ts";
import { bytesOf, loadPolicy } from "./policy.ts";

const text = { kind: "string" } as const;
const fact = { kind: "slot", slot: firstFact, fallback: null } as const;
const is = (value: string): Atom => ({
  kind: "compare",
  op: "eq",
  left: fact,
  right: { kind: "constant", value, type: text },
});

/** May if the fact at `context.a` is "x". */
const program = oneTable({
  ...grantIf([{ kind: "atom", atom: 0, negated: false }]),
  facts: [{ source: { from: "context", name: "a" }, type: text, optional: true }],
  atoms: [is("x")],
});
const policy = loadPolicy(program);

function outcome(request: string): string {
  const wanted = evaluate(program, JSON.parse(request));
  expect(policy.decision(bytesOf(request)), request).toEqual(wanted);
  return wanted.reason ?? wanted.outcome;
}

describe("of equal keys the last counts, with all that stands under it", () => {
  it.each([
    ['{"a":"y","a":"x"}', "permit"],
    ['{"a":"x","a":"y"}', "not_granted"],
    ['{"a":"x","a":null}', "not_granted"],
    ['{"a":"x","a":5}', "invalid_input"],
    ['{"a":5,"a":"x"}', "permit"],
    ['{"a":"x","\\u0061":"y"}', "not_granted"],
    ['{"\\u0061":"y","a":"x"}', "permit"],
  ])("%s", (context, wanted) => expect(outcome(requestText(context))).toBe(wanted));

  it.each(["{}", "null", "[]", "5", '"x"', "true", '{"b":"x"}', '[{"a":"x"}]'])(
    "a whole object by %s",
    (later) => {
      expect(outcome(requestText(`{"a":"x"},"context":${later}`))).toBe("not_granted");
      expect(outcome(requestText(`${later},"context":{"a":"x"}`))).toBe("permit");
    },
  );

  it("the facts of the scope too", () => {
    const request = requestText('{"a":"x"}');
    for (const name of ["tenant", "principal", "action", "resource", "context"]) {
      const again = (value: string) => outcome(`${request.slice(0, -1)},"${name}":${value}}`);
      expect(again("{}")).toBe(name === "context" ? "not_granted" : "invalid_input");
      expect(outcome(`{"${name}":{},${request.slice(1)}`)).toBe("permit");
    }
    expect(outcome(`${request.slice(0, -1)},"resource":{"type":"Book","tenant":"south"}}`)).toBe(
      "out_of_scope",
    );
    expect(outcome(`${request.slice(0, -1)},"principal":{"type":"Member","tenant":"south"}}`)).toBe(
      "not_granted",
    );
  });
});

it("a key with half a surrogate pair is no key that stands for it", () => {
  const replaced = oneTable({
    ...grantIf([{ kind: "atom", atom: 0, negated: false }]),
    facts: [{ source: { from: "context", name: "\ufffd" }, type: text, optional: true }],
    atoms: [is("x")],
  });
  const strange = loadPolicy(replaced);
  for (const key of ["\\ud800", "\\udfff", "\\ufffd", "\ufffd"]) {
    const request = requestText(`{"${key}":"x"}`);
    const wanted = key.endsWith("fffd") || key === "\ufffd" ? "permit" : "deny";
    expect(strange.decision(bytesOf(request))).toMatchObject({ outcome: wanted });
    expect(evaluate(replaced, JSON.parse(request)).outcome).toBe(wanted);
  }
});
