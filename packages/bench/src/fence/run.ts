/**
 * Lists through guarded views, fenced (`OFFSET 0`) and open, beside the query written by hand, on a real Postgres. All give the
 * same rows before anything is timed.
 */
import { at, type Measured } from "../measure.ts";
import { connect, type Connection } from "@wardline/database-testing";
import { startPostgres } from "@wardline/database-testing";
import { durationText, ratioText, type Report } from "../report.ts";
import { archiveCases, byHand, fillArchive, guarded } from "./archive.ts";

const rounds = 41;

interface Asked {
  readonly name: string;
  readonly sql: string;
  readonly values: readonly unknown[];
}

export async function runFence(): Promise<readonly Report[]> {
  const server = await startPostgres();
  const connection = await connect(server);
  try {
    await fillArchive(connection);
    const whole: Timed[] = [];
    const pages: Timed[] = [];
    for (const [policy, rules, where] of archiveCases) {
      const ways: readonly Asked[] = [
        { name: "by hand", sql: byHand(where), values: [] },
        { name: "view, open", ...guarded(rules, false) },
        { name: "view, fenced", ...guarded(rules, true) },
      ];
      whole.push({
        policy,
        measured: await timed(connection, ways, (sql) => `select v.id from (${sql}) as v`),
      });
      const page = (sql: string) => `select v.id from (${sql}) as v order by v.id limit 50`;
      pages.push({ policy, measured: await timed(connection, ways, page) });
    }
    return [
      reportOf("Fence · all ids that a policy lets through", whole),
      reportOf("Fence · the first 50 of them", pages),
    ];
  } finally {
    await connection.close();
    await server.stop();
  }
}

interface Timed {
  readonly policy: string;
  readonly measured: readonly Measured[];
}

/** A policy to a line: the median of each way, and how many times that of the query by hand it is. */
function reportOf(title: string, timed: readonly Timed[]): Report {
  return {
    title,
    heads: ["policy", ...(timed[0]?.measured ?? []).map(({ name }) => name)],
    rows: timed.map(({ policy, measured }) => [
      policy,
      ...measured.map(({ median, ratio }) => `${durationText(median)} × ${ratioText(ratio)}`),
    ]),
    leftOut: [],
    figures: timed,
  };
}

/** Rounds in which every way is asked once, in turn; the ratio is taken within a round. */
async function timed(
  connection: Connection,
  ways: readonly Asked[],
  around: (sql: string) => string,
): Promise<readonly Measured[]> {
  const texts = ways.map(({ sql }) => around(sql));
  const ask = async (way: number) =>
    await connection.query(texts[way] as string, [...(ways[way] as Asked).values]);
  const found = new Set<string>();
  for (const way of ways.keys()) {
    const { rows } = await ask(way);
    found.add(JSON.stringify(rows.map((row) => String(row["id"])).toSorted()));
  }
  if (found.size > 1) throw new Error("the ways give different rows");
  const samples = ways.map((): number[] => []);
  for (let round = 0; round < rounds; round += 1)
    for (let turn = 0; turn < ways.length; turn += 1) {
      const way = (turn + round) % ways.length;
      const start = performance.now();
      await ask(way);
      (samples[way] as number[]).push((performance.now() - start) * 1e6);
    }
  return ways.map(({ name }, way) => {
    const own = samples[way] as readonly number[];
    const ratios = own.map((time, round) => time / ((samples[0] as readonly number[])[round] as number));
    return { name, median: at(own, 0.5), p99: at(own, 0.99), ratio: at(ratios, 0.5) };
  });
}
