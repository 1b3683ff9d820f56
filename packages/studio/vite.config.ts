/** Builds the studio: static files, no addresses of other hosts, no evaluated code. */
import { readdirSync, readFileSync } from "node:fs";
import react from "@vitejs/plugin-react";
import { defaultClientConditions, defineConfig, type Plugin } from "vite";
import { thirdParty } from "./scripts/third-party.ts";
import { contentSecurityPolicy } from "./src/content-security-policy.ts";

const example = new URL("../../examples/projects/", import.meta.url);

/** The project that the studio opens where nobody gives it another: `project.json` beside the page. */
function exampleProject(): Plugin {
  return {
    name: "example-project",
    generateBundle() {
      const names = readdirSync(example, { recursive: true, encoding: "utf8" });
      const files = names
        .filter((name) => name.endsWith(".ward"))
        .toSorted()
        .map((name) => ({
          name: name.replaceAll("\\", "/"),
          text: readFileSync(new URL(name, example), "utf8"),
        }));
      const config = readFileSync(new URL("wardline.config.json", example), "utf8");
      const source = JSON.stringify({ title: "An example", config, files });
      this.emitFile({ type: "asset", fileName: "project.json", source });
    },
  };
}

/** The page carries its policy, so that it holds behind any server. */
function carriedPolicy(): Plugin {
  return {
    name: "carried-policy",
    apply: "build",
    transformIndexHtml: () => [
      {
        tag: "meta",
        attrs: { "http-equiv": "Content-Security-Policy", content: contentSecurityPolicy({ framed: true }) },
        injectTo: "head-prepend",
      },
    ],
  };
}

const notices = thirdParty("third-party.md");

export default defineConfig({
  root: import.meta.dirname,
  base: "./",
  plugins: [react(), exampleProject(), carriedPolicy(), notices.page],
  resolve: { conditions: ["@wardline/source", ...defaultClientConditions] },
  worker: { format: "es", plugins: () => [notices.worker] },
  build: {
    outDir: "dist/app",
    target: "es2024",
    // A data URL counts against the content security policy.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 5000,
  },
});
