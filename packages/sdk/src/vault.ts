/** Tenants' wrapping keys in the transit engine of a Vault, or of an OpenBao. */
export { vaultTransit, type VaultTransitOptions } from "@wardline/isolation";
