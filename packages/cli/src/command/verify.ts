/** `wardline verify`: holds a repository, a build or an archive to its digests and signatures, as an application would. */
import { Option } from "commander";
import type { AddCommand } from "./shell.ts";

export interface VerifyOptions {
  readonly root?: string;
  readonly release?: string;
  readonly format: "plain" | "json";
}

export const addVerify: AddCommand = (program, { io, end }) => {
  program
    .command("verify")
    .description("check the digests and signatures of a repository, a build or an archive")
    .argument("<path>", "the folder of a repository or of a build, or a .tar.gz")
    .option("--root <file>", "the root that is trusted; without it no signature is checked")
    .option("--release <file>", "for a build or an archive: the release that it must belong to")
    .addOption(
      new Option("--format <format>", "how to print what was found")
        .choices(["plain", "json"])
        .default("plain"),
    )
    .action(async (path: string, options: VerifyOptions) => {
      const { verify } = await import("../release/verify.ts");
      end(await verify(io, path, options));
    });
};
