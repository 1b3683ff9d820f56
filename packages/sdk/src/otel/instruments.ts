/** The metrics. Their attributes come from closed lists and from the model, so that there are never more series than these allow. */
import type { Attributes, Meter } from "@opentelemetry/api";
import type { Ended, Levels, Work } from "../telemetry/telemetry.ts";

/** Seconds. */
const bounds = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];

/** What each kind of work is called. */
export const workNames = {
  query: "wardline.query",
  decide: "wardline.decide",
  transaction: "wardline.transaction",
  reload: "wardline.reload",
  unwrap: "wardline.key.unwrap",
  append: "wardline.audit.append",
} as const satisfies Record<Work["kind"], string>;

export interface Instruments {
  record(work: Work, ended: Ended, seconds: number): void;
  levels(read: () => Levels): () => void;
}

export function createInstruments(meter: Meter): Instruments {
  const made = (kind: Work["kind"]) => ({
    count: meter.createCounter(`${workNames[kind]}.count`, {
      description: `${workNames[kind]} by outcome and code`,
    }),
    duration: meter.createHistogram(`${workNames[kind]}.duration`, {
      unit: "s",
      advice: { explicitBucketBoundaries: bounds },
    }),
  });
  const all = {
    query: made("query"),
    decide: made("decide"),
    transaction: made("transaction"),
    reload: made("reload"),
    unwrap: made("unwrap"),
    append: made("append"),
  };
  const denied = meter.createCounter("wardline.limits.denied", {
    description: "what a limit refused, or what could not be counted",
  });
  const policies = meter.createObservableGauge("wardline.policies.loaded");
  const keys = meter.createObservableGauge("wardline.keys.tenants", {
    description: "tenants whose keys are held",
  });
  const waiting = meter.createObservableGauge("wardline.turns.waiting");
  return {
    record(work, { outcome, code }, seconds) {
      const attributes: Attributes = {
        ...metricAttributes(work),
        "wardline.outcome": outcome,
        ...(code === undefined ? {} : { "wardline.code": code }),
      };
      const { count, duration } = all[work.kind];
      count.add(1, attributes);
      duration.record(seconds, attributes);
      if (outcome === "limited") denied.add(1, code === undefined ? {} : { "wardline.code": code });
    },
    levels(read) {
      const observe = (pick: (levels: Levels) => number) => (result: { observe(value: number): void }) => {
        result.observe(pick(read()));
      };
      const pairs = [
        [policies, observe((levels) => levels.policies)],
        [keys, observe((levels) => levels.keyTenants)],
        [waiting, observe((levels) => levels.waiting)],
      ] as const;
      for (const [gauge, callback] of pairs) gauge.addCallback(callback);
      return () => {
        for (const [gauge, callback] of pairs) gauge.removeCallback(callback);
      };
    },
  };
}

/** A join names no table: there are more sets of tables than tables. */
export function metricAttributes(work: Work): Attributes {
  switch (work.kind) {
    case "query": {
      const [only, more] = work.tables;
      return {
        "db.system.name": "postgresql",
        "db.operation.name": work.operation,
        ...(only === undefined || more !== undefined ? {} : { "db.collection.name": only }),
      };
    }
    case "decide":
      return decideAttributes(work);
    case "unwrap":
      return { "wardline.key.purpose": work.purpose };
    case "transaction":
    case "reload":
    case "append":
      return {};
  }
}

function decideAttributes({ action, entity }: Extract<Work, { kind: "decide" }>): Attributes {
  return {
    ...(action === null ? {} : { "wardline.action": action }),
    ...(entity === null ? {} : { "wardline.entity": entity }),
  };
}
