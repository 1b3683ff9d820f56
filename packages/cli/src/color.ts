/** Whether a report may bear colours: on a terminal that knows them, unless `NO_COLOR` is set. */
export function wantsColor(
  environment: Readonly<Record<string, string | undefined>>,
  terminal: boolean,
): boolean {
  return terminal && (environment["NO_COLOR"] ?? "") === "" && environment["TERM"] !== "dumb";
}
