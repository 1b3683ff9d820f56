/** Sealers that count what goes through them, so that no unwrapped key is used without end. */
import type { AuditSealer, ChallengeSealer, Sealer } from "../contracts.ts";

export interface Meter {
  uses: number;
  /** Of texts, counted as one a character. */
  bytes: number;
}

function count(meter: Meter, text: string): void {
  meter.uses += 1;
  meter.bytes += text.length;
}

export function meteredCells(sealer: Sealer, meter: Meter): Sealer {
  return {
    seal(cell, plaintext) {
      count(meter, plaintext);
      return sealer.seal(cell, plaintext);
    },
    open(cell, ciphertextHex) {
      count(meter, ciphertextHex);
      return sealer.open(cell, ciphertextHex);
    },
    blindIndex(field, plaintext) {
      count(meter, plaintext);
      return sealer.blindIndex(field, plaintext);
    },
    blindIndexes(field, plaintext) {
      count(meter, plaintext);
      return sealer.blindIndexes(field, plaintext);
    },
    mask(kind, field, plaintext) {
      count(meter, plaintext);
      return sealer.mask(kind, field, plaintext);
    },
    revealToken(field, token) {
      count(meter, token);
      return sealer.revealToken(field, token);
    },
  };
}

export function meteredAudit(sealer: AuditSealer, meter: Meter): AuditSealer {
  return {
    seal(entry, plaintext) {
      count(meter, plaintext);
      return sealer.seal(entry, plaintext);
    },
    open(entry, ciphertextHex) {
      count(meter, ciphertextHex);
      return sealer.open(entry, ciphertextHex);
    },
    digest(text) {
      count(meter, text);
      return sealer.digest(text);
    },
  };
}

export function meteredChallenges(sealer: ChallengeSealer, meter: Meter): ChallengeSealer {
  return {
    seal(part, id, plaintext) {
      count(meter, plaintext);
      return sealer.seal(part, id, plaintext);
    },
    open(part, id, ciphertextHex) {
      count(meter, ciphertextHex);
      return sealer.open(part, id, ciphertextHex);
    },
  };
}
