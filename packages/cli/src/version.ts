import manifest from "../package.json" with { type: "json" };

/** The version of the compiler and the command, as bundles record it. */
export const version: string = manifest.version;
