import { agreementCase } from "./agree/run.ts";
import { compileCase } from "./agree/compile-case.ts";
import { generateRequests, generateLists } from "@wardline/core/testing";
import { allTargets } from "./agree/target.ts";
const seed = Number(process.argv[2]);
let t = performance.now();
const lap = (n: string) => {
  console.log(n, (performance.now() - t).toFixed(0));
  t = performance.now();
};
const made = agreementCase(seed);
lap("case");
const { program, findings } = compileCase(made);
lap("compile");
if (!program) {
  console.log(
    findings
      .filter((f) => f.severity === "error")
      .slice(0, 3)
      .map((f) => f.code + f.message),
  );
  process.exit();
}
console.log(program.rules.length, program.atoms.length, program.conditions.length, program.tables.length);
for (const make of allTargets) {
  const x = await make(program, made);
  lap(x.name + ("skipped" in x ? " skipped " + x.skipped : ""));
  if ("decide" in x) for (const { request } of generateRequests(made, program, 12)) x.decide(request);
  lap("  asked");
}
generateLists(made, program, 2);
lap("lists");
