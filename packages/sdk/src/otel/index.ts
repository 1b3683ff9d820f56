/** OpenTelemetry for Wardline: needs `@opentelemetry/api`, of which the application has one, with the SDK that it likes. */
export { openTelemetry, type OpenTelemetryOptions } from "./open-telemetry.ts";
