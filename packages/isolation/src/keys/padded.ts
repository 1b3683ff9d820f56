/** A provider whose keys seal texts padded, so that who reads a table does not see how long each is. */
import type { KeyProvider } from "./key-provider.ts";

/**
 * The same provider; what is sealed under its keys from now on has one of few lengths. What was sealed without padding opens, and has its
 * length until it is sealed again.
 */
export function padded(keys: KeyProvider): KeyProvider {
  return {
    name: keys.name,
    padding: "padme",
    create: (tenant) => keys.create(tenant),
    generate: (context) => keys.generate(context),
    unwrap: (context, wrapped) => keys.unwrap(context, wrapped),
    rewrap: (context, wrapped) => keys.rewrap(context, wrapped),
    state: (tenant, part) => keys.state(tenant, part),
    disable: (tenant, part) => keys.disable(tenant, part),
    enable: (tenant, part) => keys.enable(tenant, part),
    destroy: (tenant, part) => keys.destroy(tenant, part),
  };
}
