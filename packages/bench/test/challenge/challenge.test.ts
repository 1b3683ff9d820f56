/** Challenged writes that are gone on with: each promise is attacked, on a real server and embedded. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { ChallengeRequired, Sealed, type Session, type Wardline } from "@wardline/sdk";
import {
  codeOf,
  openHarbour,
  sessionOf,
  writeBundles,
  type Harbour,
  type Person,
  type Tables,
} from "./harbor.ts";

const ada: Person = { id: "ada", roles: ["clerk"] };
const bea: Person = { id: "bea", roles: ["head"] };
const carl: Person = { id: "carl", roles: ["trainee"] };
const fresh = { mfa: true, mfa_age: 1_000_000 };

/** What the write is challenged with. */
async function challenged(write: { execute(): Promise<unknown> }): Promise<string> {
  try {
    await write.execute();
  } catch (error) {
    if (error instanceof ChallengeRequired && error.continuation !== null) return error.continuation;
    throw error;
  }
  throw new Error("the write was not challenged");
}

describe.each(["embedded", "server"] as const)("%s", (kind) => {
  // What is the same whatever the database is needs to be seen once.
  const onServer = test.runIf(kind === "server");
  let harbour: Harbour;
  let wardline: Wardline;
  let skip = 0;
  const now = (): Date => new Date(Date.now() + skip);
  beforeAll(async () => {
    harbour = await openHarbour(kind);
    wardline = await harbour.open({ clock: now });
  });
  afterAll(async () => {
    await wardline.close();
    await harbour.close();
  });

  const as = (person: Person, context = {}): Session<Tables> => sessionOf(wardline, person, context);
  const remove = (session: Session<Tables>, id: string) =>
    session.db.deleteFrom("crates").where("id", "=", id);
  const set = (session: Session<Tables>, id: string, values: Partial<Tables["crates"]>) =>
    session.db.updateTable("crates").set(values).where("id", "=", id);
  const stored = async (id: string) =>
    (await harbour.raw("select name, fee::text as fee, note from public.crates where id = $1", id))[0];
  const lastEntries = async (count: number) => (await harbour.record("north")).slice(-count);

  test("a second factor: the same write goes on with a fresh one, once", async () => {
    const id = await harbour.crate("10.00");
    const continuation = await challenged(remove(as(ada), id));
    expect(await codeOf(as(ada).resume(continuation))).toBe("access/challenge");
    expect(await codeOf(as(ada, { mfa: true, mfa_age: 400_000_000 }).resume(continuation))).toBe(
      "access/challenge",
    );
    expect(await stored(id)).toBeDefined();
    expect(await as(ada, fresh).resume(continuation)).toEqual({
      action: "remove",
      entity: "Crate",
      ids: [id],
    });
    expect(await stored(id)).toBeUndefined();
    const [raised, , , resumed] = await lastEntries(4);
    expect(raised).toMatchObject({ kind: "challenge", action: "remove", rows: [id] });
    expect(resumed).toMatchObject({ kind: "write", reason: "resumed", of: raised?.["id"], rows: [id] });
  });

  onServer("what is still asked for comes with the same continuation", async () => {
    const continuation = await challenged(remove(as(ada), await harbour.crate("10.00")));
    const error: unknown = await as(ada)
      .resume(continuation)
      .catch((caught: unknown) => caught);
    expect(error).toMatchObject({ code: "access/challenge", continuation });
    expect(error).toMatchObject({ obligations: [{ type: "step_up", factor: "mfa" }] });
  });

  test("a reason goes sealed into the record, with the write", async () => {
    const id = await harbour.crate("90.00");
    const mover = as(ada, { approved: true, approved_age: 0 });
    const continuation = await challenged(set(mover, id, { fee: "600.00" }));
    for (const reason of ["", "  ", "x".repeat(2_001), "\ud800"])
      expect(await codeOf(mover.resume(continuation, { reason }))).toBe("challenge/reason");
    await mover.resume(continuation, { reason: "weighed again" });
    expect(await stored(id)).toMatchObject({ fee: "600.00" });
    const [entry] = await lastEntries(1);
    expect(entry).toMatchObject({ kind: "write", words: "weighed again", fields: ["fee"] });
    const [raw] = await harbour.raw("select entry from wardline.audit order by seq desc limit 1");
    expect(String(raw?.["entry"])).not.toContain("weighed");
  });

  test("V107: a continuation shows nothing of what it carries, and opens nowhere but here", async () => {
    const id = await harbour.crate("120.00");
    const continuation = await challenged(set(as(ada), id, { name: "kingfisher", code: "heron" }));
    const bytes = Buffer.from(continuation.slice(5), "base64url").toString("latin1");
    for (const word of ["kingfisher", "heron", "ada", id]) {
      expect(continuation).not.toContain(word);
      expect(bytes).not.toContain(word);
    }
    const south = sessionOf(wardline, ada, fresh, "south");
    expect(await codeOf(south.resume(continuation))).toBe("challenge/invalid");
    expect(await codeOf(sessionOf(wardline, bea, {}, "south").review(continuation))).toBe(
      "challenge/invalid",
    );
  });

  onServer("V107: forged, cut and changed texts are refused alike", async () => {
    const continuation = await challenged(remove(as(ada), await harbour.crate("10.00")));
    const other = await challenged(remove(as(ada), await harbour.crate("10.00")));
    const flipped = (at: number): string => {
      const bytes = Buffer.from(continuation.slice(5), "base64url");
      bytes[at] = (bytes[at] as number) ^ 1;
      return `wlc1.${bytes.toString("base64url")}`;
    };
    // The id of one with the envelope of another.
    const mixed = Buffer.concat([
      Buffer.from(other.slice(5), "base64url").subarray(0, 32),
      Buffer.from(continuation.slice(5), "base64url").subarray(32),
    ]);
    const texts = [
      "",
      "wlc1.",
      continuation.slice(0, -4),
      `${continuation}AAAA`,
      `${continuation} `,
      continuation.replace("wlc1.", "wla1."),
      continuation.toUpperCase(),
      `wlc1.${mixed.toString("base64url")}`,
      ...[0, 31, 32, 40, 80, 120, -1].map((at) => flipped(at === -1 ? 150 : at)),
      `wlc1.${"A".repeat(300_000)}`,
    ];
    const session = as(ada, fresh);
    for (const text of texts)
      expect(await codeOf(session.resume(text)), text.slice(0, 40)).toBe("challenge/invalid");
    for (const value of [null, undefined, 7, {}, [continuation]])
      expect(await codeOf(session.resume(value as never))).toBe("challenge/invalid");
    await session.resume(continuation);
  });

  onServer("V107: another principal, and another session of the same one, cannot go on with it", async () => {
    const id = await harbour.crate("10.00");
    const times = { begunAt: now(), usedAt: now() };
    const first = sessionOf(wardline, ada, {}, "north", { id: "s1", ...times });
    const continuation = await challenged(remove(first, id));
    for (const session of [
      as(bea, fresh),
      as(ada, fresh),
      sessionOf(wardline, ada, fresh, "north", { id: "s2", ...times }),
      wardline.tenant("north").as<Tables>({ type: "Clerk", id: "Ada", roles: ["clerk"] }, fresh),
    ])
      expect(await codeOf(session.resume(continuation))).toBe("challenge/invalid");
    expect(await stored(id)).toBeDefined();
    await sessionOf(wardline, ada, fresh, "north", { id: "s1", ...times }).resume(continuation);
    expect(await stored(id)).toBeUndefined();
  });

  test("V107: it is carried out once: a replay is refused, and on record", async () => {
    const continuation = await challenged(
      as(ada)
        .db.insertInto("crates")
        .values({ name: "once", fee: "150.00" } as Tables["crates"]),
    );
    const approval = await as(bea).approve(continuation);
    const given = { approvals: [approval] };
    const { ids } = await as(ada).resume(continuation, given);
    expect(await codeOf(as(ada).resume(continuation, given))).toBe("challenge/spent");
    // Also where the row is gone again, and nothing else would be in its way.
    await harbour.raw("delete from public.crates where id = $1", ids[0]);
    expect(await codeOf(as(ada).resume(continuation, given))).toBe("challenge/spent");
    expect(await stored(ids[0] as string)).toBeUndefined();
    expect(await lastEntries(1)).toMatchObject([
      { kind: "refusal", outcome: "deny", reason: "challenge/spent", action: "create" },
    ]);
  });

  test("V107: of many at once exactly one wins", async () => {
    const id = await harbour.crate("10.00");
    const continuation = await challenged(remove(as(ada), id));
    const codes = await Promise.all(
      Array.from({ length: 5 }, () => codeOf(as(ada, fresh).resume(continuation))),
    );
    expect(codes.toSorted()).toEqual([...Array<string>(4).fill("challenge/spent"), "no error"].toSorted());
    const deletions = (await harbour.record("north")).filter(
      ({ kind: of, rows }) => of === "write" && (rows as string[])[0] === id,
    );
    expect(deletions).toHaveLength(1);
  });

  test("V107: a row that has changed since starts over, sealed cells too, and is not spent", async () => {
    for (const change of ["name = 'other'", "code = null", "fee = 11"]) {
      const id = await harbour.crate("10.00");
      const continuation = await challenged(remove(as(ada), id));
      await harbour.raw(`update public.crates set ${change} where id = $1`, id);
      expect(await codeOf(as(ada, fresh).resume(continuation)), change).toBe("challenge/changed");
      expect(await stored(id)).toBeDefined();
    }
    const id = await harbour.crate("10.00");
    const continuation = await challenged(remove(as(ada), id));
    await harbour.raw("delete from public.crates where id = $1", id);
    expect(await codeOf(as(ada, fresh).resume(continuation))).toBe("challenge/changed");
    expect(await lastEntries(1)).toMatchObject([{ kind: "refusal", reason: "challenge/changed" }]);
  });

  onServer("V107: its time is over to the moment", async () => {
    const continuation = await challenged(remove(as(ada), await harbour.crate("10.00")));
    skip += 901_000;
    expect(await codeOf(as(ada, fresh).resume(continuation))).toBe("challenge/expired");
    expect(await codeOf(as(bea).review(continuation))).toBe("challenge/expired");
    expect(await lastEntries(1)).toMatchObject([{ reason: "challenge/expired" }]);
  });

  onServer("V107: everything is decided again: who lost the right gets nothing by it", async () => {
    const id = await harbour.crate("10.00");
    const continuation = await challenged(remove(as(ada), id));
    const lowered = as({ id: "ada", roles: ["trainee"] }, fresh);
    expect(await codeOf(lowered.resume(continuation))).toBe("access/denied");
    const stranger = as({ id: "ada", roles: [] }, fresh);
    expect(await codeOf(stranger.resume(continuation))).toBe("challenge/changed");
    expect(await stored(id)).toBeDefined();
  });

  describe("an approval", () => {
    test("shows whole what will be written, and lets exactly that be written", async () => {
      const id = await harbour.crate("50.00");
      const continuation = await challenged(set(as(ada), id, { fee: "130.00", code: "owl" }));
      const review = await as(bea).review(continuation);
      expect(review).toMatchObject({
        action: "update",
        entity: "Crate",
        requester: { type: "Clerk", id: "ada" },
        approvals: ["second"],
        rows: [{ id, values: { fee: "130.00" } }],
      });
      const code = review.rows[0]?.values["code"];
      expect(code instanceof Sealed && code.reveal()).toBe("owl");
      expect(JSON.stringify(review)).not.toContain("owl");
      // Nothing is left of the look.
      expect(await stored(id)).toMatchObject({ fee: "50.00" });
      expect(await codeOf(as(ada).resume(continuation))).toBe("access/challenge");
      const approval = await as(bea).approve(continuation);
      await as(ada).resume(continuation, { approvals: [approval] });
      expect(await stored(id)).toMatchObject({ fee: "130.00" });
      const entries = await lastEntries(4);
      expect(entries.map(({ kind: of, reason }) => `${String(of)} ${String(reason)}`)).toEqual(
        ["decision reviewed", "challenge second", "decision approved", "write resumed"].map((line) =>
          line.replace("challenge second", "challenge approval"),
        ),
      );
      expect(entries[3]).toMatchObject({
        facts: { approvals: [{ by: "second", type: "Clerk", id: "bea" }] },
      });
      expect(entries.map(({ of }) => of)).toEqual(Array(4).fill(entries[0]?.["of"]));
    });

    test("V107: nobody approves what he asked for, whatever he is", async () => {
      const requester = { id: "ada", roles: ["head", "clerk"] };
      const continuation = await challenged(
        set(as(requester), await harbour.crate("50.00"), { fee: "130.00" }),
      );
      expect(await codeOf(as(requester).approve(continuation))).toBe("challenge/not-approvable");
      expect(await codeOf(as(requester).review(continuation))).toBe("challenge/not-approvable");
    });

    onServer("V107: who may not `approve` the row as it is and as it would be does not", async () => {
      const dear = await harbour.crate("2000.00");
      const cheap = await harbour.crate("50.00");
      const asked = as(ada, { purpose: "sale" });
      for (const [id, fee] of [
        [dear, "130.00"],
        [cheap, "1500.00"],
      ] as const) {
        const continuation = await challenged(set(asked, id, { fee }));
        expect(await codeOf(as(bea).approve(continuation)), fee).toBe("access/denied");
        expect(await codeOf(as(bea).review(continuation)), fee).toBe("access/denied");
        expect(await codeOf(as({ id: "dan", roles: ["clerk"] }).approve(continuation))).toBe("access/denied");
        expect(await codeOf(as({ id: "eve", roles: [] }).approve(continuation))).toBe("access/denied");
        expect(await stored(id)).toMatchObject({ fee: id === dear ? "2000.00" : "50.00" });
      }
      expect(await lastEntries(1)).toMatchObject([
        { kind: "refusal", action: "approve", reason: "approve refused" },
      ]);
    });

    onServer("V107: a value that the approver does not see in full is approved by him never", async () => {
      const id = await harbour.crate("50.00");
      const hidden = await challenged(set(as(ada), id, { fee: "130.00", note: "robin" }));
      expect(await codeOf(as(carl).review(hidden))).toBe("challenge/hidden-value");
      expect(await codeOf(as(carl).approve(hidden))).toBe("challenge/hidden-value");
      const shown = await challenged(set(as(ada), id, { fee: "130.00" }));
      expect(await codeOf(as(carl).approve(shown))).toBe("no error");
    });

    onServer("V107: an approval is of one continuation, one use, and no other text", async () => {
      const id = await harbour.crate("50.00");
      const small = await challenged(set(as(ada), id, { fee: "130.00" }));
      const large = await challenged(set(as(ada), id, { fee: "190.00" }));
      const approval = await as(bea).approve(small);
      const use = (continuation: string, approvals: string[]) =>
        codeOf(as(ada).resume(continuation, { approvals }));
      expect(await use(large, [approval])).toBe("challenge/approval");
      expect(await use(small, [large])).toBe("challenge/approval");
      expect(await use(small, [`${approval.slice(0, -2)}AA`])).toBe("challenge/approval");
      expect(await use(small, [approval, approval])).toBe("challenge/approval");
      expect(await use(small, [approval, await as({ id: "kim", roles: ["head"] }).approve(small)])).toBe(
        "challenge/approval",
      );
      expect(await use(small, [approval])).toBe("no error");
      expect(await use(small, [approval])).toBe("challenge/spent");
      expect(await stored(id)).toMatchObject({ fee: "130.00" });
    });

    onServer("V107: the approver is decided again at its use, with what he is then", async () => {
      const id = await harbour.crate("50.00");
      const continuation = await challenged(set(as(ada), id, { fee: "130.00" }));
      const approvals = [await as(bea).approve(continuation)];
      const bePresent = (roles: string[] | null) => ({
        approvals,
        approver: ({ type, id: of }: { type: string; id: string }) =>
          roles === null ? null : { type, id: of, roles },
      });
      expect(await codeOf(as(ada).resume(continuation, bePresent(["clerk"])))).toBe("challenge/approval");
      expect(await codeOf(as(ada).resume(continuation, bePresent(null)))).toBe("challenge/approval");
      const elsewhere = { approvals, approver: () => ({ type: "Clerk", id: "kim", roles: ["head"] }) };
      expect(await codeOf(as(ada).resume(continuation, elsewhere))).toBe("challenge/approval");
      const failing = { approvals, approver: () => Promise.reject(new Error("no directory")) };
      expect(await codeOf(as(ada).resume(continuation, failing))).toBe("challenge/approval");
      expect(await stored(id)).toMatchObject({ fee: "50.00" });
      expect(await codeOf(as(ada).resume(continuation, bePresent(["head"])))).toBe("no error");
    });

    onServer("is no older than the policy asks for", async () => {
      const old = await harbour.open({ clock: now, challengeLife: 3_600_000 });
      const session = (): Session<Tables> => sessionOf(old, ada);
      const continuation = await challenged(set(session(), await harbour.crate("50.00"), { fee: "130.00" }));
      const approvals = [await sessionOf(old, bea).approve(continuation)];
      skip += 601_000;
      expect(await codeOf(session().resume(continuation, { approvals }))).toBe("access/challenge");
      const again = [await sessionOf(old, bea).approve(continuation)];
      expect(await codeOf(session().resume(continuation, { approvals: again }))).toBe("no error");
      await old.close();
    });

    onServer("and a reason, both at once", async () => {
      const id = await harbour.crate("50.00");
      const continuation = await challenged(set(as(ada), id, { fee: "700.00" }));
      const approvals = [await as(bea).approve(continuation)];
      expect(await codeOf(as(ada).resume(continuation, { approvals }))).toBe("access/challenge");
      expect(await codeOf(as(ada).resume(continuation, { reason: "damage" }))).toBe("access/challenge");
      await as(ada).resume(continuation, { approvals, reason: "damage" });
      expect(await stored(id)).toMatchObject({ fee: "700.00" });
    });

    onServer("is of nothing that asked for none", async () => {
      const continuation = await challenged(remove(as(ada), await harbour.crate("10.00")));
      expect(await codeOf(as(bea).approve(continuation))).toBe("challenge/not-approvable");
    });
  });

  onServer("values go on as they were computed, whole, for every row", async () => {
    const ids = [await harbour.crate("60.00"), await harbour.crate("70.00")];
    const { db } = as(ada);
    const continuation = await challenged(
      db
        .updateTable("crates")
        .set(({ eb }) => ({ fee: eb("fee", "*", "2") }))
        .where("id", "in", ids),
    );
    const approvals = [await as(bea).approve(continuation)];
    expect((await as(ada).resume(continuation, { approvals })).ids.toSorted()).toEqual(ids.toSorted());
    expect(await Promise.all(ids.map(stored))).toMatchObject([{ fee: "120.00" }, { fee: "140.00" }]);
  });

  onServer("what cannot be resumed is challenged without a continuation", async () => {
    const id = await harbour.crate("10.00");
    const session = as(ada);
    const caught = async (act: Promise<unknown>): Promise<unknown> => act.catch((error: unknown) => error);
    const none = { code: "access/challenge", continuation: null };
    const transaction = session.db
      .transaction()
      .execute((trx) => trx.deleteFrom("crates").where("id", "=", id).execute());
    expect(await caught(transaction)).toMatchObject(none);
    const values = { id, name: "x", fee: "150.00" } as Tables["crates"];
    const upsert = session.db
      .insertInto("crates")
      .values([values, { ...values, id: "00000000-0000-7000-8000-0000000000ff" }])
      .onConflict((on) => on.column("id").doNothing());
    expect(await caught(upsert.execute())).toMatchObject(none);
    const large = { name: "x", fee: "150.00", note: "n".repeat(70_000) } as Tables["crates"];
    expect(await caught(session.db.insertInto("crates").values(large).execute())).toMatchObject(none);
  });

  onServer("V107: another policy starts over, and the row's rules are those of now", async () => {
    const id = await harbour.crate("10.00");
    const continuation = await challenged(remove(as(ada), id));
    await writeBundles(harbour.bundles, "forbid kept: anyone to remove Crate\n", "2");
    expect(await wardline.reload()).toMatchObject({ loaded: ["north", "south"] });
    expect(await codeOf(as(ada, fresh).resume(continuation))).toBe("challenge/changed");
    expect(await stored(id)).toBeDefined();
    await writeBundles(harbour.bundles, "", "3");
    await wardline.reload();
    expect(await codeOf(as(ada, fresh).resume(continuation))).toBe("challenge/changed");
  });

  test("V107: spent ids are kept until nothing of their age can be good, then swept; nobody can take one back", async () => {
    const spend = async () => {
      const continuation = await challenged(remove(as(ada), await harbour.crate("10.00")));
      await as(ada, fresh).resume(continuation);
    };
    await spend();
    const count = async (): Promise<number> =>
      Number((await harbour.raw("select count(*)::int as n from wardline.challenge_spent"))[0]?.["n"]);
    const before = await count();
    await harbour.raw("update wardline.challenge_spent set spent_at = now() - interval '47 hours'");
    await spend();
    expect(await count()).toBe(before + 1);
    await harbour.raw("update wardline.challenge_spent set spent_at = now() - interval '49 hours'");
    await spend();
    expect(await count()).toBe(1);
    const denied = harbour.database.turn(async (session) => {
      if (kind === "embedded") await session.query("set role wardline_app", []);
      return session.query("delete from wardline.challenge_spent", []);
    });
    expect(await codeOf(denied)).toBe("42501");
  });
});
