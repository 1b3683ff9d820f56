/** The hierarchy of a world against a walk over its edges, on random graphs whose edges come and go. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { EntityModel, ModelIr } from "@wardline/core";
import { World, WorldError, type Entity } from "../../src/index.ts";
import { ancestorsView } from "../../src/store/ancestor-members.ts";

const entity = (name: string, parents: readonly string[]): EntityModel => ({
  name,
  kind: "entity",
  storage: null,
  keyType: "text",
  parents: parents.map((parent) => ({ entity: parent, via: { kind: "session" } })),
  fields: [
    {
      name: "size",
      type: { kind: "int", min: 0, max: 9 },
      optional: true,
      classes: [],
      searchable: false,
      storage: null,
    },
  ],
});

const model: ModelIr = {
  name: "shelves",
  enums: [],
  tenant: [],
  context: [],
  entities: [entity("Folder", ["Folder", "Room"]), entity("Room", ["Room"]), entity("Sheet", ["Folder"])],
  relations: [{ name: "near", from: "Folder", to: "Room", table: "near", fromColumn: "a", toColumn: "b" }],
  actions: [],
  roles: [],
};

/** All that stand above, by walking. */
function above(one: Entity, seen = new Set<Entity>()): ReadonlySet<Entity> {
  for (const parent of one.parents)
    if (!seen.has(parent)) {
      seen.add(parent);
      above(parent, seen);
    }
  return seen;
}

function expectRight(world: World, all: readonly Entity[]): void {
  for (const one of all) {
    const walked = above(one);
    for (const kind of model.entities.map(({ name }) => world.kind(name)))
      for (const other of all)
        if (other.kind === kind)
          expect(ancestorsView(one, kind).has(other.id), `${one.id} below ${other.id}`).toBe(
            walked.has(other),
          );
  }
}

describe("the hierarchy of a world", () => {
  it("knows all ancestors after every change, and refuses cycles", () => {
    let refused = 0;
    let removed = 0;
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.nat(99), fc.nat(99), fc.nat(9)), { minLength: 20, maxLength: 60 }),
        (changes) => {
          const world = new World(model, "north");
          const types = ["Folder", "Folder", "Room", "Sheet"] as const;
          const all = Array.from({ length: 12 }, (_, n) =>
            world.put({ type: types[n % 4] as string, id: `e${n}` }),
          );
          for (const [a, b, what] of changes) {
            const child = all[a % all.length] as Entity;
            const known = [...child.parents];
            const isKnown = what < 2 && known.length > 0;
            const parent = (isKnown ? known[b % known.length] : all[b % all.length]) as Entity;
            if (what < 2) {
              const had = child.parents.has(parent);
              expect(world.unlink(child, parent)).toBe(had);
              removed += had ? 1 : 0;
              continue;
            }
            if (what === 9) {
              // One that is taken out and comes again has no edges left.
              world.remove(child);
              expect(child.standing).toBe("removed");
              all[all.indexOf(child)] = world.put({ type: child.type, id: child.id });
              continue;
            }
            const fits = child.kind.model.parents.some((p) => p.entity === parent.type);
            if (fits && child !== parent && !above(parent).has(child)) world.link(child, parent);
            else {
              expect(() => world.link(child, parent)).toThrow(WorldError);
              refused += 1;
            }
          }
          expectRight(world, all);
        },
      ),
      { numRuns: 150 },
    );
    expect(refused).toBeGreaterThan(100);
    expect(removed).toBeGreaterThan(50);
  });

  it("is the same whatever way a graph came to be", () => {
    const build = (order: readonly number[]) => {
      const world = new World(model, "north");
      const all = Array.from({ length: 40 }, (_, n) => world.put({ type: "Folder", id: `f${n}` }));
      for (const n of order) if (n > 0) world.link(all[n] as Entity, all[Math.floor((n - 1) / 3)] as Entity);
      return { world, all };
    };
    const up = build(Array.from({ length: 40 }, (_, n) => n));
    const down = build(Array.from({ length: 40 }, (_, n) => 39 - n));
    expectRight(up.world, up.all);
    expectRight(down.world, down.all);
  });
});

describe("what comes into a world", () => {
  const world = new World(model, "north");
  const room = world.put({ type: "Room", id: "r" });
  const folder = world.put({ type: "Folder", id: "f", attributes: { size: 3 }, parents: [room] });

  it("is checked against the model, and changes nothing if it is refused", () => {
    const bad = [
      { type: "Nothing", id: "x" },
      { type: "__proto__", id: "x" },
      { type: "Folder", id: "a\0" },
      { type: "Folder", id: "\ud800" },
      { type: "Folder", id: "f", attributes: { size: 10 } },
      { type: "Folder", id: "f", attributes: { size: "3" } },
      { type: "Folder", id: "f", roles: ["\ud800"] },
      { type: "Folder", id: "f", parents: [folder] },
      { type: "Room", id: "r", parents: [folder] },
      { type: "Folder", id: "f", parents: [new World(model, "north").put({ type: "Room", id: "r" })] },
    ];
    for (const document of bad)
      expect(() => world.put(document), JSON.stringify(document.id)).toThrow(WorldError);
    expect(folder.values).toEqual([3]);
    expect([...folder.parents]).toEqual([room]);
  });

  it("takes nothing from a prototype", () => {
    const attributes = Object.create({ size: 7 }) as { size: number };
    expect(world.draft({ type: "Folder", id: "p", attributes }).values).toEqual([undefined]);
  });

  it("changes what was there, for those that hold it too", () => {
    const sheet = world.put({ type: "Sheet", id: "s", parents: [folder] });
    expect(world.put({ type: "Folder", id: "f", attributes: { size: 4 } })).toBe(folder);
    expect(folder.values).toEqual([4]);
    expect(ancestorsView(sheet, world.kind("Folder")).has("f")).toBe(true);
    expect(ancestorsView(sheet, world.kind("Room")).has("r")).toBe(false);
  });

  it("gives a draft the ancestors that its parents have at that time", () => {
    const draft = world.draft({ type: "Sheet", id: "t", parents: [folder] });
    const rooms = ancestorsView(draft, world.kind("Room"));
    expect(rooms.has("r")).toBe(false);
    world.link(folder, room);
    expect(rooms.has("r")).toBe(true);
    expect(world.entity("Sheet", "t")).toBeUndefined();
  });

  it("loses its edges and pairs when it goes", () => {
    world.relate("near", "f", "r");
    expect(world.relation("near").hasPair("f", "r")).toBe(true);
    const draft = world.draft({ type: "Sheet", id: "t", parents: [folder] });
    expect(world.remove(room)).toBe(true);
    expect(world.remove(room)).toBe(false);
    expect(ancestorsView(draft, world.kind("Room")).has("r")).toBe(false);
    expect(world.relation("near").hasPair("f", "r")).toBe(false);
    // The number of what went may be another's now.
    const other = world.put({ type: "Room", id: "other" });
    world.link(world.put({ type: "Folder", id: "g" }), other);
    expect(ancestorsView(folder, world.kind("Room")).has("other")).toBe(false);
  });
});
