/** What every provider of keys does. A provider's own test opens it here and adds what is its own. */
import { randomUUID } from "node:crypto";
import { describe, expect, it, test as vector } from "vitest";
import { keyParts, keyPurposes, partOf, type KeyContext, type KeyProvider } from "../src/index.ts";

const code = (wanted: string) => expect.objectContaining({ name: "KeyProviderError", code: wanted });

/** `again` opens the same store as another process would. */
export function keyProviderContract(
  name: string,
  open: () => Promise<{ readonly provider: KeyProvider; readonly again: () => KeyProvider }>,
): void {
  describe(`the provider ${name}`, () => {
    const tenant = () => `tenant-${randomUUID()}`;
    const contextOf = (of: string, purpose: KeyContext["purpose"] = "seal", version = 1): KeyContext => ({
      tenant: of,
      purpose,
      version,
    });

    it("unwraps what it wrapped, in another process too, and never wraps one key twice", async () => {
      const { provider, again } = await open();
      const it = tenant();
      await provider.create(it);
      for (const purpose of keyPurposes) {
        const one = await provider.generate(contextOf(it, purpose));
        const two = await provider.generate(contextOf(it, purpose));
        expect(one.key).toHaveLength(32);
        expect(Buffer.from(one.key).equals(two.key)).toBe(false);
        expect(Buffer.from(one.wrapped).includes(Buffer.from(one.key))).toBe(false);
        expect(Buffer.from(await again().unwrap(contextOf(it, purpose), one.wrapped))).toEqual(
          Buffer.from(one.key),
        );
      }
    });

    vector(
      "V72: unwraps nothing that was wrapped for another tenant, purpose or version, or was changed",
      async () => {
        const { provider } = await open();
        const [mine, other] = [tenant(), tenant()];
        await provider.create(mine);
        await provider.create(other);
        const { wrapped } = await provider.generate(contextOf(mine, "seal", 2));
        const wrong: readonly KeyContext[] = [
          contextOf(other, "seal", 2),
          contextOf(mine, "index", 2),
          contextOf(mine, "mask", 2),
          contextOf(mine, "audit", 2),
          contextOf(mine, "seal", 1),
          contextOf(mine, "seal", 3),
          contextOf(mine, "seal", 0x0200_0000),
        ];
        for (const context of wrong) {
          const why = JSON.stringify(context);
          await expect(provider.unwrap(context, wrapped), why).rejects.toThrow(code("keys/not-authentic"));
          await expect(provider.rewrap(context, wrapped), why).rejects.toThrow(code("keys/not-authentic"));
        }
        for (let at = 0; at < wrapped.length; at += Math.max(1, Math.floor(wrapped.length / 40))) {
          const changed = Uint8Array.from(wrapped, (byte, index) => (index === at ? byte ^ 1 : byte));
          const unwrapped = provider.unwrap(contextOf(mine, "seal", 2), changed);
          await expect(unwrapped, `byte ${at}`).rejects.toThrow(code("keys/not-authentic"));
        }
        for (const bytes of [wrapped.subarray(1), wrapped.subarray(0, -1), new Uint8Array(0)])
          await expect(provider.unwrap(contextOf(mine, "seal", 2), bytes)).rejects.toThrow(
            code("keys/not-authentic"),
          );
      },
    );

    it("wraps anew without another key", async () => {
      const { provider, again } = await open();
      const it = tenant();
      await provider.create(it);
      const { key, wrapped } = await provider.generate(contextOf(it));
      const anew = await provider.rewrap(contextOf(it), wrapped);
      expect(Buffer.from(anew).equals(wrapped)).toBe(false);
      for (const bytes of [wrapped, anew])
        expect(Buffer.from(await again().unwrap(contextOf(it), bytes))).toEqual(Buffer.from(key));
    });

    it("makes wrapping keys once, and knows nothing of tenants that have none", async () => {
      const { provider, again } = await open();
      const it = tenant();
      for (const part of keyParts) expect(await provider.state(it, part)).toEqual({ kind: "missing" });
      await expect(provider.generate(contextOf(it))).rejects.toThrow(code("keys/missing"));
      await expect(provider.destroy(it, "data")).rejects.toThrow(code("keys/missing"));
      await provider.create(it);
      const { key, wrapped } = await provider.generate(contextOf(it));
      await provider.create(it);
      await again().create(it);
      expect(Buffer.from(await provider.unwrap(contextOf(it), wrapped))).toEqual(Buffer.from(key));
      for (const part of keyParts) expect(await provider.state(it, part)).toEqual({ kind: "usable" });
    });

    it("does nothing for a part that is disabled, and everything for the others", async () => {
      const { provider, again } = await open();
      const [it, other] = [tenant(), tenant()];
      await provider.create(it);
      await provider.create(other);
      for (const part of keyParts) {
        await provider.disable(it, part);
        await provider.disable(it, part);
        expect(await again().state(it, part)).toEqual({ kind: "disabled" });
        for (const purpose of keyPurposes) {
          const asked = provider.generate(contextOf(it, purpose));
          if (partOf(purpose) === part) await expect(asked).rejects.toThrow(code("keys/disabled"));
          else await expect(asked).resolves.toBeDefined();
          await expect(provider.generate(contextOf(other, purpose))).resolves.toBeDefined();
        }
        await provider.enable(it, part);
        expect(await provider.state(it, part)).toEqual({ kind: "usable" });
      }
    });

    vector("V106: unwraps nothing of a destroyed part any more, and no key takes its place", async () => {
      const { provider, again } = await open();
      const it = tenant();
      await provider.create(it);
      const { wrapped } = await provider.generate(contextOf(it));
      const audit = await provider.generate(contextOf(it, "audit"));
      const said = await provider.destroy(it, "data");
      expect(["destroyed", "pending"]).toContain(said.kind);
      expect((await again().destroy(it, "data")).kind).toBe(said.kind);
      expect((await again().state(it, "data")).kind).toBe(said.kind);
      for (const one of [provider, again()]) {
        await expect(one.unwrap(contextOf(it), wrapped)).rejects.toThrow(code("keys/destroyed"));
        await expect(one.rewrap(contextOf(it), wrapped)).rejects.toThrow(code("keys/destroyed"));
        await expect(one.generate(contextOf(it, "mask"))).rejects.toThrow(code("keys/destroyed"));
        await expect(one.create(it)).rejects.toThrow(code("keys/destroyed"));
        await expect(one.enable(it, "data")).rejects.toThrow(code("keys/destroyed"));
      }
      // The other part is a key of its own.
      expect(await provider.state(it, "audit")).toEqual({ kind: "usable" });
      expect(Buffer.from(await provider.unwrap(contextOf(it, "audit"), audit.wrapped))).toEqual(
        Buffer.from(audit.key),
      );
    });
  });
}
