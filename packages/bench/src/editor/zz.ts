import { editorTexts } from "./texts.ts";
import { checkProject } from "@wardline/compiler/project";
const n = Number(process.argv[2]);
const t = editorTexts(n);
const mk = (policy = t.policy) => ({
  model: t.model,
  platform: [t.platform],
  packs: [],
  tenants: new Map([["north", policy]]),
  lints: {},
});
const times: number[] = [];
for (let i = 0; i < 60; i++) {
  const s = process.cpuUsage();
  checkProject(mk({ name: "north.ward", text: t.policy.text + "// " + i }), {
    lint: process.argv[3] !== "no",
  });
  const e = process.cpuUsage(s);
  times.push((e.user + e.system) / 1000);
}
times.splice(0, 20);
times.sort((a, b) => a - b);
console.log(n, "lines", t.lines, "cpu ms min", times[0], "median", times[20], "p95", times[38]);
