/** A provider of keys whose unwraps are told of, and how the last of them went is known. */
import type { KeyProvider } from "@wardline/isolation";
import { observe } from "./observe.ts";
import type { Recent } from "./recent.ts";
import type { Telemetry } from "./telemetry.ts";

export function observedKeys(
  provider: KeyProvider,
  recent: Recent,
  telemetry: Telemetry | undefined,
): KeyProvider {
  return {
    name: provider.name,
    ...(provider.padding === undefined ? {} : { padding: provider.padding }),
    create: (tenant) => provider.create(tenant),
    generate: (context) => provider.generate(context),
    unwrap: (context, wrapped) =>
      recent.of(
        observe(telemetry, { kind: "unwrap", purpose: context.purpose }, context.tenant, () =>
          provider.unwrap(context, wrapped),
        ),
      ),
    rewrap: (context, wrapped) => provider.rewrap(context, wrapped),
    state: (tenant, part) => provider.state(tenant, part),
    disable: (tenant, part) => provider.disable(tenant, part),
    enable: (tenant, part) => provider.enable(tenant, part),
    destroy: (tenant, part) => provider.destroy(tenant, part),
  };
}
