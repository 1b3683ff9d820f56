/** Modules in a real browser, by the thin host as it stands in the sources, against the oracle's answers in this process. */
import { readdirSync, readFileSync } from "node:fs";
import { stripTypeScriptTypes } from "node:module";
import { compileWasm } from "@wardline/backends";
import { evaluate, type Program } from "@wardline/core";
import { generateCase, generateRequests } from "@wardline/core/testing";
import { expect, test } from "vitest";
import { compileCase } from "../../src/agree/compile-case.ts";
import { findChromium } from "@wardline/database-testing";
import { runPage, type PageFile } from "../../src/browser/run-page.ts";
import type { BrowserAnswers, BrowserCase } from "./browser-case.ts";

const chromium = findChromium();
if ("missing" in chromium) console.log(`no browser is asked: ${chromium.missing}`);

const packages = new URL("../../../", import.meta.url);
const host = "backends/src/wasm-host";
const page = "bench/test/browser/page.ts";

/** A source as a browser reads it: without its types. */
function source(path: string): readonly [string, PageFile] {
  const text = stripTypeScriptTypes(readFileSync(new URL(path, packages), "utf8"));
  return [`/${path}`, { type: "text/javascript", text }];
}

const html = `<!doctype html>
<script type="importmap" nonce="map">{"imports":{"@wardline/backends/wasm-host":"/${host}/index.ts"}}</script>
<script type="module" src="/${page}"></script>`;

/** Neither `eval` nor anything from elsewhere: WebAssembly alone is let in. */
const security = "default-src 'none'; script-src 'self' 'nonce-map' 'wasm-unsafe-eval'; connect-src 'self'";

function filesOf(cases: readonly BrowserCase[]): ReadonlyMap<string, PageFile> {
  return new Map<string, PageFile>([
    ["/", { type: "text/html", text: html }],
    ["/cases", { type: "application/json", text: JSON.stringify(cases) }],
    source(page),
    ...readdirSync(new URL(host, packages)).map((name) => source(`${host}/${name}`)),
  ]);
}

const base64 = (bytes: Uint8Array | string) => Buffer.from(bytes).toString("base64");

/** Bytes that no module may decide on, and what is thrown. */
const refused: readonly (readonly [Uint8Array | string, string])[] = [
  ["", "threw input: wardline: the input is not valid JSON"],
  ["{}{}", "threw input: wardline: the input is not valid JSON"],
  [Uint8Array.of(34, 0xff, 34), "threw input: wardline: the input is not valid UTF-8"],
  ["[".repeat(9_000), "threw input: wardline: the input is nested too deep"],
];

interface Asked {
  readonly program: Program;
  readonly texts: readonly string[];
}

function generated(): readonly Asked[] {
  return Array.from({ length: 14 }, (_, n) => n * 7).flatMap((seed) => {
    const made = generateCase(seed, "whole", "rules");
    const { program } = compileCase(made);
    if (program === null) return [];
    return [
      { program, texts: generateRequests(made, program, 30).map(({ request }) => JSON.stringify(request)) },
    ];
  });
}

test.skipIf("missing" in chromium)(
  "a browser answers some hundred requests as the oracle does, and refuses what is no JSON",
  { timeout: 180_000 },
  async () => {
    if ("missing" in chromium) return;
    const asked = generated();
    const cases = asked.map(({ program, texts }) => ({
      module: base64(compileWasm(program)),
      inputs: [...texts, ...refused.map(([input]) => input)].map(base64),
    }));
    const result = await runPage(chromium.path, filesOf(cases), security, 150_000);
    expect(result).not.toHaveProperty("failed");
    const { browser, answers } = result as BrowserAnswers;
    expect(browser).toMatch(/Chrom/);
    expect(answers.length).toBe(asked.length);
    const seen = new Map<string, number>();
    for (const [n, { program, texts }] of asked.entries()) {
      const wanted = texts.map((text) => {
        const decision = evaluate(program, JSON.parse(text));
        const kind = decision.reason ?? decision.outcome;
        seen.set(kind, (seen.get(kind) ?? 0) + 1);
        const document: unknown = JSON.parse(JSON.stringify(decision));
        return [document, decision.outcome === "permit", document];
      });
      expect(answers[n]).toEqual([...wanted, ...refused.map(([, thrown]) => [thrown, thrown])]);
    }
    console.log(`${browser} answered ${[...seen].map(([kind, count]) => `${kind} ${count}`).join(", ")}`);
    for (const kind of ["permit", "challenge", "invalid_input", "out_of_scope", "forbidden", "not_granted"])
      expect(seen.get(kind) ?? 0, kind).toBeGreaterThan(5);
  },
);
