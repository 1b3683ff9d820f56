/** What addresses, days, times of day and exact numbers mean in conditions, through the oracle. */
import { describe, expect, test } from "vitest";
import { libraryModel, openPlatform } from "../check/library.ts";
import { ask, outcome, type Asked } from "./asking.ts";

const when = (condition: string) => `permit a: reader to read Book when ${condition}`;
/** The values, of those given, with which the condition holds. */
const holding = (condition: string, values: readonly unknown[], asked: (value: unknown) => Asked) =>
  values.filter((value) => outcome(when(condition), asked(value)) === "permit");

describe("addresses", () => {
  const from = (condition: string, ...addresses: readonly string[]) =>
    holding(condition, addresses, (address) => ({ context: { address } }));

  test("an address is compared as one, however it is written", () => {
    expect(from("context.address == 10.0.0.1", "10.0.0.1", "10.0.0.2", "::1")).toEqual(["10.0.0.1"]);
    expect(from("context.address == ::ffff:10.0.0.1", "10.0.0.1", "::1")).toEqual(["10.0.0.1"]);
    expect(from("context.address == 2001:DB8:0:0::1", "2001:db8::1", "2001:db8::2")).toEqual(["2001:db8::1"]);
    expect(from("context.address != 10.0.0.1", "10.0.0.1", "::1")).toEqual(["::1"]);
  });

  test("an address that a request does not write in its canonical form is no input", () => {
    for (const address of ["010.0.0.1", "2001:DB8::1", "::ffff:10.0.0.1", "10.0.0.0/8", 7])
      expect(ask({ policy: when("context.address == 10.0.0.1") }, { context: { address } }).reason).toBe(
        "invalid_input",
      );
  });

  test("a network holds its addresses, of its own version alone", () => {
    const some = ["10.19.255.255", "10.20.0.0", "10.20.255.255", "10.21.0.0", "::", "::a14:0"];
    expect(from("context.address in 10.20.0.0/16", ...some)).toEqual(["10.20.0.0", "10.20.255.255"]);
    expect(from("context.address not in 10.20.0.0/16", ...some)).toEqual(
      some.filter((address) => !address.startsWith("10.20.")),
    );
    expect(from("context.address in 0.0.0.0/0", ...some)).toEqual(some.slice(0, 4));
    expect(from("context.address in ::/0", ...some)).toEqual(some.slice(4));
    expect(from("context.address in ::ffff:10.20.0.0/112", ...some)).toEqual(["10.20.0.0", "10.20.255.255"]);
  });

  test("a list holds networks, addresses and facts beside one another", () => {
    const list = "context.address in [10.0.0.0/8, 192.168.0.0/16, 172.16.0.1, 2001:db8::/32]";
    const some = ["10.1.2.3", "192.168.9.9", "172.16.0.1", "172.16.0.2", "2001:db8::9", "2001:db9::"];
    expect(from(list, ...some)).toEqual(["10.1.2.3", "192.168.9.9", "172.16.0.1", "2001:db8::9"]);
    expect(
      holding("context.address in [tenant.office, 10.0.0.0/8]", some, (address) => ({
        context: { address },
        tenant: { office: "172.16.0.2" },
      })),
    ).toEqual(["10.1.2.3", "172.16.0.2"]);
  });

  test("an absent address lies in no network, and a fallback stands in for it", () => {
    const guarded = "has context.proxy and context.proxy in 10.0.0.0/8";
    expect(outcome(when(guarded))).toBe("deny");
    expect(outcome(when(`not (${guarded})`))).toBe("permit");
    expect(outcome(when(guarded), { context: { proxy: "10.1.1.1" } })).toBe("permit");
    expect(outcome(when("context.proxy ?? 10.9.9.9 in 10.0.0.0/8"))).toBe("permit");
    expect(outcome(when("context.proxy ?? ::ffff:9.9.9.9 in 10.0.0.0/8"))).toBe("deny");
    expect(outcome(when("context.proxy ?? 10.9.9.9 in 10.0.0.0/8"), { context: { proxy: "9.1.1.1" } })).toBe(
      "deny",
    );
  });

  test("a set of addresses contains them", () => {
    const contains = when(
      "resource.seen_at.contains(::ffff:10.0.0.1) or resource.seen_at.contains(tenant.office)",
    );
    const asked = (seen_at: readonly string[]) => ({ row: { seen_at }, tenant: { office: "10.0.0.7" } });
    expect(outcome(contains, asked(["10.0.0.1"]))).toBe("permit");
    expect(outcome(contains, asked(["10.0.0.7"]))).toBe("permit");
    expect(outcome(contains, asked(["10.0.0.2"]))).toBe("deny");
  });
});

test("days are equal and have an order", () => {
  const days = ["2026-01-04", "2026-01-05", "2026-01-06", "2025-12-31"];
  const printed = (condition: string) =>
    holding(`has resource.printed and ${condition}`, days, (day) => ({ row: { printed: day } }));
  expect(printed("resource.printed == 2026-01-05")).toEqual(["2026-01-05"]);
  expect(printed("resource.printed < 2026-01-05")).toEqual(["2026-01-04", "2025-12-31"]);
  expect(printed("2026-01-05 <= resource.printed")).toEqual(["2026-01-05", "2026-01-06"]);
  expect(printed("resource.printed in [2026-01-06, 2025-12-31]")).toEqual(["2026-01-06", "2025-12-31"]);
  expect(outcome(when("resource.printed ?? 2024-02-29 == 2024-02-29"))).toBe("permit");
  expect(
    ask(
      { policy: when("has resource.printed and resource.printed == 2026-01-05") },
      { row: { printed: "2026-1-5" } },
    ).reason,
  ).toBe("invalid_input");
});

describe("times of day", () => {
  const moments = ["00:00", "05:59", "06:00", "12:00", "21:59", "22:00", "23:59"];
  const shown = (condition: string) =>
    holding(condition, moments, (at) => ({ row: { shown_from: `${String(at)}:00.000000` } }));

  test("they are equal and have an order", () => {
    expect(shown("resource.shown_from == 12:00")).toEqual(["12:00"]);
    expect(shown("resource.shown_from < 06:00")).toEqual(["00:00", "05:59"]);
    expect(shown("resource.shown_from in [06:00, 22:00]")).toEqual(["06:00", "22:00"]);
  });

  test("a range holds its beginning and not its end, and goes around midnight", () => {
    expect(shown("resource.shown_from in 06:00..22:00")).toEqual(["06:00", "12:00", "21:59"]);
    expect(shown("resource.shown_from in 22:00..06:00")).toEqual(["00:00", "05:59", "22:00", "23:59"]);
    expect(shown("resource.shown_from not in 22:00..06:00")).toEqual(["06:00", "12:00", "21:59"]);
    expect(shown("resource.shown_from in 00:00..06:00")).toEqual(["00:00", "05:59"]);
    expect(shown("resource.shown_from in 22:00..00:00")).toEqual(["22:00", "23:59"]);
    expect(shown("resource.shown_from in [05:00..06:00, 21:30..22:00, 12:00]")).toEqual([
      "05:59",
      "12:00",
      "21:59",
    ]);
  });

  test("to the microsecond", () => {
    const at = (shown_from: string) =>
      outcome(when("resource.shown_from in 06:00..22:00"), { row: { shown_from } });
    expect(at("21:59:59.999999")).toBe("permit");
    expect(at("22:00:00.000000")).toBe("deny");
    expect(at("05:59:59.999999")).toBe("deny");
    expect(at("24:00:00.000000")).toBe("deny");
  });
});

test("numbers are exact, also below zero and beyond a range", () => {
  const price = (condition: string, ...prices: readonly string[]) =>
    holding(condition, prices, (value) => ({ row: { price: value } }));
  expect(price("resource.price == -0.50", "-0.50", "0.50", "0.00")).toEqual(["-0.50"]);
  expect(price("resource.price > -0.01", "-0.02", "-0.01", "0.00")).toEqual(["0.00"]);
  expect(price("resource.price in [-1, 2.5, 3.10]", "-1.00", "2.50", "3.10", "3.11")).toEqual([
    "-1.00",
    "2.50",
    "3.10",
  ]);
  expect(outcome(when("resource.pages > -9_007_199_254_740_991"))).toBe("permit");
});

describe("now and the clock", () => {
  const acquired = (condition: string, now: string, ...instants: readonly string[]) =>
    holding(condition, instants, (value) => ({ now, row: { acquired: value } }));
  const now = "2026-01-05T12:00:00.000000Z";
  const around = [
    "2026-01-05T11:54:59.999999Z",
    "2026-01-05T11:55:00.000000Z",
    "2026-01-05T12:00:00.000000Z",
  ];

  test("now is moved by a duration, on either side", () => {
    expect(acquired("resource.acquired > now - 5m", now, ...around)).toEqual(around.slice(2));
    expect(acquired("now - 5m <= resource.acquired", now, ...around)).toEqual(around.slice(1));
    expect(acquired("resource.acquired == now - 300s", now, ...around)).toEqual([around[1]]);
    expect(acquired("resource.acquired in [now - 300s, now - 300_000_001us]", now, ...around)).toEqual(
      around.slice(0, 2),
    );
    expect(acquired("resource.acquired != now - 0s", now, ...around)).toEqual(around.slice(0, 2));
    expect(outcome(when("now - 5m in [2026-01-05T11:55:00Z, 2026-01-05T11:56:00Z]"))).toBe("permit");
    expect(outcome(when("now + 1us < 2026-01-05T12:00:00.000001Z"))).toBe("deny");
  });

  test("it may be moved beyond all instants", () => {
    const last = "9999-12-31T23:59:59.999999Z";
    const first = "0001-01-01T00:00:00.000000Z";
    expect(acquired("resource.acquired < now + 104249d", last, last, first)).toEqual([last, first]);
    expect(acquired("resource.acquired > now - 104249d", first, last, first)).toEqual([last, first]);
    expect(acquired("resource.acquired >= now + 1us", last, last, first)).toEqual([]);
  });

  const clock = (condition: string, ...clocks: readonly Readonly<Record<string, unknown>>[]) =>
    holding(condition, clocks, (value) => ({ clock: value as Readonly<Record<string, unknown>> }));
  const night = { time: "23:30:00.000000", hour: 23, weekday: "saturday" };
  const noon = { time: "12:00:00.000000", hour: 12, weekday: "monday" };

  test("the clock is a time, an hour and a day of the week", () => {
    expect(clock("clock.time in 22:00..06:00", night, noon)).toEqual([night]);
    expect(clock("clock.time not in 22:00..06:00", night, noon)).toEqual([noon]);
    expect(clock("clock.hour >= 8 and clock.hour < 18", night, noon)).toEqual([noon]);
    expect(clock("clock.weekday in [saturday, sunday]", night, noon)).toEqual([night]);
    expect(clock("monday == clock.weekday", night, noon)).toEqual([noon]);
    expect(clock("resource.shown_from <= clock.time", night, noon)).toEqual([]);
  });

  test("without a clock, or with one that is none, what reads it is no input", () => {
    const policy = when("clock.hour > 8");
    expect(ask({ policy }).reason).toBe("invalid_input");
    for (const hour of [24, "9", -1, 1.5, null])
      expect(ask({ policy }, { clock: { ...noon, hour } }).reason).toBe("invalid_input");
    expect(ask({ policy: when("clock.weekday == friday") }, { clock: { weekday: "Friday" } }).reason).toBe(
      "invalid_input",
    );
  });

  test("a field may be a day of the week", () => {
    const model = libraryModel.replace("  lost: Bool\n", "  lost: Bool\n  closed_on: Weekday?\n");
    const policy = when("resource.closed_on ?? sunday != clock.weekday");
    expect(ask({ model, policy }, { clock: noon }).outcome).toBe("permit");
    expect(ask({ model, policy }, { clock: noon, row: { closed_on: "monday" } }).outcome).toBe("deny");
  });

  test("a guardrail that trusts the clock may read it", () => {
    const platform = `${openPlatform}forbid night: anyone to read Book when clock.time in 22:00..06:00 trusting clock\n`;
    expect(outcome("permit a: reader to read Book", { clock: night }, platform)).toBe("deny");
    expect(outcome("permit a: reader to read Book", { clock: noon }, platform)).toBe("permit");
  });
});
