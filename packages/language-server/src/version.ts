/** Made by `pnpm generate` from the manifest. */
export const version = "0.1.0";
