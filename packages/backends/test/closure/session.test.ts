import { compileClosures, type ListedRow } from "@wardline/backends";
import type { KnownFacts } from "@wardline/core";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { chooseWith, randomProgram, randomRequest } from "../random-program.ts";

type Json = Readonly<Record<string, unknown>>;

/** A program, and a request that is permitted on it. */
function permitted() {
  for (let seed = 0; seed < 500; seed += 1) {
    const found = fc.sample(fc.gen(), { numRuns: 1, seed }).map((g) => {
      const choose = chooseWith(g);
      const program = randomProgram(choose);
      return Array.from({ length: 10 }, () => randomRequest(choose, program) as Json).flatMap((request) => {
        const engine = compileClosures(program);
        return "resource" in request &&
          engine.allows(request) &&
          !("prior" in request) &&
          !("next" in request)
          ? [{ engine, request }]
          : [];
      });
    });
    const [first] = found.flat();
    if (first !== undefined) return first;
  }
  throw new Error("nothing is permitted");
}

const { engine, request } = permitted();
const { resource, action, ancestors, references } = request as {
  readonly resource: ListedRow & { readonly type: string };
  readonly action: { readonly name: string };
} & Pick<ListedRow, "ancestors" | "references">;
const row: ListedRow = {
  ...resource,
  ...(ancestors && { ancestors }),
  ...(references && { references }),
};
const known = request as unknown as KnownFacts;

describe("a session", () => {
  it("permits what the engine permits", () => {
    expect(engine.session(known).allows(action.name, resource.type, row)).toBe(true);
  });

  it("takes nothing from prototypes", () => {
    const inherited = Object.create(request) as KnownFacts;
    expect(engine.session(inherited).allows(action.name, resource.type, row)).toBe(false);
    const session = engine.session(known);
    expect(session.allows(action.name, resource.type, Object.create(row) as ListedRow)).toBe(false);
  });

  it("denies what is no document, no row and no action", () => {
    for (const odd of [null, undefined, 1, "x", [], [request], () => request]) {
      expect(
        engine.session(odd as unknown as KnownFacts).decide(action.name, resource.type, row).reason,
      ).toBe("invalid_input");
      const session = engine.session(known);
      expect(session.decide(action.name, resource.type, odd as unknown as ListedRow).outcome).toBe("deny");
      expect(session.decide(odd as unknown as string, resource.type, row).reason).toBe("invalid_input");
      expect(session.decide(action.name, odd as unknown as string, row).reason).toBe("invalid_input");
    }
  });

  it("is not misled by a row that asks it while it is read", () => {
    const session = engine.session(known);
    const other = engine.session({ ...known, principal: { ...known.principal, roles: [] } });
    let asked = 0;
    const nosy = {
      ...row,
      get tenant() {
        asked += 1;
        other.decide(action.name, resource.type, { id: "", tenant: "elsewhere", attributes: {} });
        engine.decide({});
        return row.tenant;
      },
    };
    expect(session.decide(action.name, resource.type, nosy)).toEqual(
      session.decide(action.name, resource.type, row),
    );
    expect(asked).toBe(1);
  });
});
