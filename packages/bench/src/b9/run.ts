/** B9: our module beside the one that `opa build -t wasm` makes of our own Rego: size, load, evaluation. */
import { brotliCompressSync, gzipSync } from "node:zlib";
import { at, measure, type Alternative } from "../measure.ts";
import { findOpa } from "../opa/find-opa.ts";
import { loadModule } from "../peers/opa-module.ts";
import { durationText, ratioText, timedReport, type Report } from "../report.ts";
import { moduleWorks, type Built, type ModuleWork } from "./module-work.ts";
import { rawModule } from "./raw-module.ts";
import { webAssembly } from "./web-assembly.ts";

export async function runB9(): Promise<readonly Report[]> {
  const found = findOpa();
  if ("missing" in found) return [nothing(found.missing)];
  return (await moduleWorks(found.path)).flatMap((work) => [sizes(work), loads(work), ...evaluations(work)]);
}

function nothing(why: string): Report {
  const leftOut = [{ name: "all of it", why }];
  return { title: "B9 · modules beside OPA's", heads: ["module"], rows: [], leftOut, figures: [] };
}

function sizes({ title, modules, byHand }: ModuleWork): Report {
  const figures = [...modules, ...byHand].map(({ name, bytes }) => ({
    name,
    bytes: bytes.length,
    gzip: gzipSync(bytes, { level: 9 }).length,
    brotli: brotliCompressSync(bytes).length,
  }));
  const first = figures[0] as (typeof figures)[number];
  return {
    title: `B9 · ${title}: size`,
    heads: ["module", "bytes", "gzip", "brotli", "× ours"],
    rows: figures.map((one) => [
      one.name,
      ...[one.bytes, one.gzip, one.brotli].map((size) => size.toLocaleString("en-US")),
      ratioText(one.bytes / first.bytes),
    ]),
    leftOut: [],
    figures,
  };
}

/** From bytes to the first answer, in a process that has done it before: compiled anew each time. */
function loads({ title, modules, requests }: ModuleWork): Report {
  const input = requests[0];
  const samples = modules.map((): number[] => []);
  for (let round = 0; round < 42; round += 1)
    modules.forEach(({ bytes }, i) => {
      const start = performance.now();
      loadModule(bytes).evaluate(input);
      // The first ones warm up what the two share.
      if (round >= 12) (samples[i] as number[]).push((performance.now() - start) * 1e6);
    });
  const figures = modules.map(({ name }, i) => ({ name, median: at(samples[i] as number[], 0.5) }));
  const first = figures[0] as (typeof figures)[number];
  return {
    title: `B9 · ${title}: load by OPA's SDK, and a first answer`,
    heads: ["module", "median", "× ours"],
    rows: figures.map(({ name, median }) => [name, durationText(median), ratioText(median / first.median)]),
    leftOut: [],
    figures,
  };
}

function evaluations({ title, modules, requests }: ModuleWork): readonly Report[] {
  const encoder = new TextEncoder();
  const texts = requests.map((request) => encoder.encode(JSON.stringify(request)));
  const buffers = texts.map((text) => text.slice().buffer);
  const timed = (how: string, ways: (built: Built) => (n: number) => number) =>
    timedReport(
      `B9 · ${title}: ${how}`,
      measure(modules.map((built) => alternative(built.name, requests.length, ways(built)))),
    );
  return [
    timed("the same bytes, without an SDK", ({ bytes }) => {
      const { evaluate } = rawModule(new webAssembly.Module(bytes), 65_536);
      return (n) => evaluate(texts[n] as Uint8Array);
    }),
    timed("by OPA's SDK, bytes", ({ bytes }) => {
      const module = loadModule(bytes);
      return (n) => module.evaluate(buffers[n]).length;
    }),
    timed("by OPA's SDK, an object", ({ bytes }) => {
      const module = loadModule(bytes);
      return (n) => module.evaluate(requests[n]).length;
    }),
  ];
}

function alternative(name: string, count: number, ask: (n: number) => number): Alternative {
  return {
    name,
    run: (start, pieces) => {
      let kept = 0;
      for (let n = start; n < start + pieces; n += 1) kept += ask(n % count);
      return kept;
    },
  };
}
