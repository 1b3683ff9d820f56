/** Runs in the browser: asks each module of `/cases` its requests by the thin host, and posts what it answers. */
import { loadWasmPolicy, WasmPolicyError } from "@wardline/backends/wasm-host";
import type { BrowserAnswers, BrowserCase } from "./browser-case.ts";

async function main(): Promise<BrowserAnswers> {
  const cases = (await (await fetch("/cases")).json()) as readonly BrowserCase[];
  const answers = [];
  for (const [number, { module, inputs }] of cases.entries()) {
    const bytes = bytesOf(module);
    // Compiled at once, or in the background.
    const policy = loadWasmPolicy(number % 2 === 0 ? bytes : await WebAssembly.compile(bytes));
    answers.push(
      inputs.map((input) => [
        answerOf(() => policy.decide(bytesOf(input))),
        answerOf(() => policy.allows(bytesOf(input))),
        ...objectOf(input).map((request) => answerOf(() => policy.decideObject(request))),
      ]),
    );
  }
  return { browser: navigator.userAgent, answers };
}

/** The request, if the bytes are JSON. */
function objectOf(input: string): readonly unknown[] {
  try {
    return [JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytesOf(input)))];
  } catch {
    return [];
  }
}

function answerOf(ask: () => unknown): unknown {
  try {
    return ask();
  } catch (error) {
    if (error instanceof WasmPolicyError) return `threw ${error.code}: ${error.message}`;
    throw error;
  }
}

function bytesOf(base64: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
}

async function post(result: unknown): Promise<void> {
  await fetch("/result", { method: "POST", body: JSON.stringify(result) });
}

main().then(post, (error: unknown) => post({ failed: String(error) }));
