/** What the two do and what becomes of their messages, step by step. */
import fc from "fast-check";
import { vi } from "vitest";
import type { Studio } from "../../packages/cli/src/studio/studio-server.ts";
import { Account, type Will } from "./account.ts";
import { Disk, type OtherDeed } from "./disk.ts";
import { Network, turns, type Fate, type Sent } from "./network.ts";
import { Page, type EditDeed, type Settlement } from "./page.ts";

export type Deed =
  | { readonly do: "edit"; readonly deed: EditDeed; readonly file: number; readonly place: number }
  | { readonly do: "undo" | "redo" | "save" | "reopen" | "new policy" | "poll" | "look" | "reload" | "quiet" }
  | { readonly do: "settle"; readonly by: Settlement; readonly which: number }
  | { readonly do: "other"; readonly deed: OtherDeed; readonly file: number; readonly place: number }
  | { readonly do: "network"; readonly fate: Fate; readonly which: number }
  | { readonly do: "rest"; readonly choices: readonly Settlement[] };

const small = fc.nat(5);
const settlement = fc.constantFrom<Settlement>("mine", "theirs", "both");
const simple = (
  name: Exclude<
    Deed,
    | { readonly deed: unknown }
    | { readonly by: unknown }
    | { readonly fate: unknown }
    | { readonly choices: unknown }
  >["do"],
) => fc.constant<Deed>({ do: name });

const deed: fc.Arbitrary<Deed> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      do: fc.constant("edit" as const),
      deed: fc.constantFrom<EditDeed>("line", "line", "type", "delete", "replace", "card"),
      file: fc.nat(2),
      place: small,
    }),
  },
  { weight: 3, arbitrary: simple("undo") },
  { weight: 2, arbitrary: simple("redo") },
  { weight: 4, arbitrary: simple("save") },
  { weight: 2, arbitrary: simple("reopen") },
  { weight: 1, arbitrary: simple("new policy") },
  { weight: 3, arbitrary: simple("poll") },
  { weight: 1, arbitrary: simple("look") },
  { weight: 1, arbitrary: simple("reload") },
  { weight: 3, arbitrary: simple("quiet") },
  {
    weight: 4,
    arbitrary: fc.record({ do: fc.constant("settle" as const), by: settlement, which: fc.nat(2) }),
  },
  {
    weight: 5,
    arbitrary: fc.record({
      do: fc.constant("other" as const),
      deed: fc.constantFrom<OtherDeed>(
        "insert",
        "insert",
        "delete",
        "replace",
        "rewrite",
        "remove",
        "rename",
      ),
      file: fc.nat(2),
      place: small,
    }),
  },
  {
    weight: 8,
    arbitrary: fc.record({
      do: fc.constant("network" as const),
      fate: fc.constantFrom<Fate>(
        "handle",
        "handle",
        "answer",
        "pass",
        "pass",
        "refuse",
        "cut before",
        "cut after",
        "late",
      ),
      which: fc.nat(2),
    }),
  },
);

/** The last deed of a story settles all that is open. */
export const story: fc.Arbitrary<readonly Deed[]> = fc
  .tuple(fc.array(deed, { maxLength: 40, size: "max" }), fc.array(settlement, { minLength: 1, maxLength: 3 }))
  .map(([deeds, choices]) => [...deeds, { do: "rest", choices }]);

export interface Stage {
  readonly studio: Studio;
  readonly folder: string;
}

/** Throws where something does not hold. */
export async function tell(deeds: readonly Deed[], { studio, folder }: Stage): Promise<void> {
  const disk = new Disk(folder);
  disk.begin();
  const account = new Account(disk);
  const wills = new Map<Sent, Will>();
  const network = new Network({
    origin: studio.origin,
    onSent: (sent) => wills.set(sent, account.will),
    around: async (sent, carryOut) => {
      const file = decodeURIComponent(sent.path.slice("/api/files/".length));
      const before = disk.text(file);
      await carryOut();
      if (sent.method === "PUT" && (sent.handled?.status ?? 0) < 300) account.saved(file, sent.body);
      if (sent.method === "PUT" && disk.text(file) !== before)
        account.written(file, before, disk.text(file), wills.get(sent) ?? account.will);
    },
  });
  const clock = new Clock();
  vi.stubGlobal("fetch", network.fetch);
  clock.stub();
  const parts = { token: studio.address.split("#token=")[1] ?? "", disk, account, network };
  let page = await Page.open(parts);
  const quiet = async () => {
    await network.flush();
    for (let times = 0; times < 2; times += 1) {
      clock.fire();
      await turns();
      await network.flush();
      await turns();
    }
  };
  /** Whatever the page's texts become meanwhile is of the other's doing. */
  const received = async (happens: () => Promise<void> | void) => {
    const before = page.texts();
    await happens();
    await turns();
    account.receivedAll(before, page.texts());
  };
  const perform = async (one: Deed): Promise<void> => {
    switch (one.do) {
      case "edit":
        return page.edit(one.deed, one.file, one.place);
      case "undo":
      case "redo":
        return page.move(one.do === "undo");
      case "save":
        return page.save();
      case "reopen":
        return page.reopen();
      case "new policy":
        return page.newPolicy();
      case "settle":
        return page.settle(one.by, one.which);
      case "poll":
        return clock.fire();
      case "look":
        return clock.look();
      case "reload":
        page.close();
        clock.clear();
        page = await Page.open(parts);
        return;
      case "other": {
        const before = new Map(disk.names.map((name) => [name, disk.text(name)]));
        disk.act(one.deed, one.file, one.place);
        for (const name of [...before.keys(), ...disk.names])
          if (disk.text(name) !== before.get(name)) account.overwritten(name);
        return;
      }
      case "network": {
        const { waiting } = network;
        const sent = waiting[one.which % Math.max(waiting.length, 1)];
        if (sent !== undefined) await network.decide(sent, one.fate);
        return;
      }
      case "quiet":
        await quiet();
        return page.checkQuiet();
      case "rest":
        return await page.rest(one.choices, async () => {
          await received(quiet);
          page.checkQuiet();
        });
    }
  };
  try {
    for (const one of deeds) {
      const others = ["poll", "look", "other", "network", "quiet", "save", "reopen", "new policy"];
      if (others.includes(one.do)) await received(() => perform(one));
      else {
        await perform(one);
        await received(() => {});
      }
      page.check();
    }
  } finally {
    page.close();
  }
}

/** The page's timers, which end when the story says so, and whether somebody looks at it. */
class Clock {
  readonly #timers = new Map<number, () => void>();
  readonly #listeners = new Set<() => void>();
  #last = 0;

  stub(): void {
    vi.stubGlobal("setTimeout", (end: () => void) => {
      this.#last += 1;
      this.#timers.set(this.#last, end);
      return this.#last;
    });
    vi.stubGlobal("clearTimeout", (timer: number) => void this.#timers.delete(timer));
    vi.stubGlobal("document", {
      visibilityState: "visible",
      addEventListener: (_: string, listener: () => void) => void this.#listeners.add(listener),
      removeEventListener: (_: string, listener: () => void) => void this.#listeners.delete(listener),
    });
  }

  fire(): void {
    const due = [...this.#timers.values()];
    this.#timers.clear();
    for (const end of due) end();
  }

  look(): void {
    for (const listener of this.#listeners) listener();
  }

  clear(): void {
    this.#timers.clear();
    this.#listeners.clear();
  }
}
