/**
 * Spans and metrics of what Wardline does. Invariant: a span has no event, no message and no attribute but those named here; whoever reads traces
 * learns no value, no id and no text.
 */
import {
  context,
  metrics,
  SpanKind,
  SpanStatusCode,
  trace,
  type Attributes,
  type MeterProvider,
  type TracerProvider,
} from "@opentelemetry/api";
import type { Ended, Telemetry, Work } from "../telemetry/telemetry.ts";
import { createInstruments, metricAttributes, workNames } from "./instruments.ts";

export interface OpenTelemetryOptions {
  /** Default: the global ones. Where the application has set none up, nothing is sent anywhere. */
  readonly tracerProvider?: TracerProvider;
  readonly meterProvider?: MeterProvider;
  /** Whether spans say whose tenant's the work was. Metrics never do. Default: no. */
  readonly tenantAttribute?: boolean;
}

const scope = "@wardline/sdk";

export function openTelemetry(options: OpenTelemetryOptions = {}): Telemetry {
  const tracer = (options.tracerProvider ?? trace).getTracer(scope);
  const instruments = createInstruments((options.meterProvider ?? metrics).getMeter(scope));
  // Invariant: only this word, and nothing that merely counts as true, names tenants.
  const namesTenants = options.tenantAttribute === true;
  return {
    begin(work, tenant) {
      const since = performance.now();
      const attributes = {
        ...workAttributes(work),
        ...(namesTenants && tenant !== null ? { "wardline.tenant": tenant } : {}),
      };
      const kind = work.kind === "query" || work.kind === "unwrap" ? SpanKind.CLIENT : SpanKind.INTERNAL;
      const span = tracer.startSpan(workNames[work.kind], { kind, attributes });
      const inside = trace.setSpan(context.active(), span);
      return {
        within: (run) => context.with(inside, run),
        end(ended) {
          span.setAttributes(endedAttributes(work, ended));
          if (isError(ended)) span.setStatus({ code: SpanStatusCode.ERROR });
          span.end();
          instruments.record(work, ended, (performance.now() - since) / 1000);
        },
      };
    },
    levels: (read) => instruments.levels(read),
  };
}

function workAttributes(work: Work): Attributes {
  switch (work.kind) {
    case "query":
      return { ...metricAttributes(work), "wardline.tables": [...work.tables] };
    case "append":
      return { "wardline.audit.entries": work.entries };
    case "decide":
    case "unwrap":
    case "transaction":
    case "reload":
      return metricAttributes(work);
  }
}

function endedAttributes({ kind }: Work, { outcome, code, rows }: Ended): Attributes {
  return {
    "wardline.outcome": outcome,
    ...(kind === "query" || kind === "decide" ? { "wardline.challenged": outcome === "challenged" } : {}),
    ...(code === undefined ? {} : { "wardline.code": code }),
    ...(code === undefined || outcome === "challenged" ? {} : { "error.type": code }),
    ...(rows === undefined ? {} : { "db.response.returned_rows": rows }),
  };
}

/** A denial is an answer. */
function isError({ outcome }: Ended): boolean {
  return outcome === "failed" || outcome === "timeout";
}
