/** The server: its version, what it logs, how it reads text, and whether it is the one that it was. */
import type { Catalogue } from "../catalogue.ts";
import type { DoctorLint, Found } from "../lint.ts";

const onServer = (message: string): Found => ({ object: { kind: "server", name: "server" }, message });
const onSetting = (name: string, message: string): Found => ({ object: { kind: "setting", name }, message });

/** The first release of each supported major that has no known hole in row-level security, statistics or MERGE. */
const floors: ReadonlyMap<number, number> = new Map([
  [15, 14],
  [16, 10],
  [17, 6],
  [18, 0],
]);
const oldest = Math.min(...floors.keys());

export const serverVersion: DoctorLint = {
  code: "doctor/server-version",
  severity: "error",
  summary: "The server is older than what is safe.",
  why: "Older releases let statistics, partitions or MERGE pass by row-level security; a major that the community has left gets no mending at all.",
  cure: "update to the latest release of the major: at least 15.14, 16.10, 17.6 or 18.0",
  *find({ catalogue: { server }, embedded }) {
    if (embedded) return;
    const major = Math.floor(server.version / 10_000);
    const floor = floors.get(major);
    if (major < oldest || (floor !== undefined && server.version % 10_000 < floor))
      yield onServer(`it is ${server.versionText}`);
  },
};

export const serverEncoding: DoctorLint = {
  code: "doctor/encoding",
  severity: "error",
  summary: "The database is not in UTF-8.",
  why: "Two texts that differ to the policy can then be one to the database.",
  cure: "make a database WITH ENCODING 'UTF8', and restore into it",
  *find({ catalogue: { settings } }) {
    const encoding = settings.get("server_encoding");
    if (encoding !== undefined && encoding !== "UTF8")
      yield onSetting("server_encoding", `it is ${encoding}`);
  },
};

const pinned: ReadonlyMap<string, string> = new Map([
  ["row_security", "on"],
  ["standard_conforming_strings", "on"],
  ["transform_null_equals", "off"],
  ["session_replication_role", "origin"],
  ["lo_compat_privileges", "off"],
  ["allow_system_table_mods", "off"],
]);

export const serverSetting: DoctorLint = {
  code: "doctor/server-setting",
  severity: "error",
  summary: "A setting of the server changes what statements mean or whether checks run.",
  why: "What was checked is then not what is run: backslashes end texts, NULL is equal, triggers and foreign keys are skipped.",
  cure: "set it back to its default in the server's configuration",
  *find({ catalogue: { settings }, embedded }) {
    for (const [name, right] of pinned) {
      const value = settings.get(name);
      // An embedded database is started so, and its one session is a superuser's.
      if (embedded && name === "allow_system_table_mods") continue;
      if (value !== undefined && value !== right)
        yield onSetting(name, `it is ${value}, and must be ${right}`);
    }
  },
};

/** Whether statements are written to the log with the values of their parameters. */
function logsValues({ settings }: Catalogue): readonly string[] {
  const number = (name: string) => Number(settings.get(name) ?? "-1");
  const logs = [
    ...(settings.get("log_statement") === "none" || !settings.has("log_statement") ? [] : ["log_statement"]),
    ...["log_min_duration_statement", "log_min_duration_sample"].filter((name) => number(name) >= 0),
    ...(Number(settings.get("log_transaction_sample_rate") ?? "0") > 0
      ? ["log_transaction_sample_rate"]
      : []),
  ];
  const values = settings.has("log_parameter_max_length") && number("log_parameter_max_length") !== 0;
  return values ? logs : [];
}

export const parametersLogged: DoctorLint = {
  code: "doctor/parameters-logged",
  severity: "error",
  summary: "The server writes the values of parameters to its log.",
  why: "Values of all tenants and the context's token then stand in a file that no policy guards.",
  cure: "set log_parameter_max_length = 0, and log_parameter_max_length_on_error = 0",
  *find({ catalogue }) {
    for (const name of logsValues(catalogue))
      yield onSetting(name, "statements are logged with their parameters");
    const onError = catalogue.settings.get("log_parameter_max_length_on_error");
    if (onError !== undefined && onError !== "0")
      yield onSetting("log_parameter_max_length_on_error", "parameters of statements that fail are logged");
  },
};

export const autoExplain: DoctorLint = {
  code: "doctor/auto-explain",
  severity: "error",
  summary: "auto_explain writes plans with the values of parameters to the log.",
  why: "It is switched on by a library, apart from what the server logs by itself, and shows values of all tenants.",
  cure: "set auto_explain.log_parameter_max_length = 0, and leave log_analyze off",
  *find({ catalogue: { settings } }) {
    const libraries = ["shared_preload_libraries", "session_preload_libraries", "local_preload_libraries"];
    const loaded = libraries.some((name) => /\bauto_explain\b/.test(settings.get(name) ?? ""));
    const isOn = Number(settings.get("auto_explain.log_min_duration") ?? "-1") >= 0;
    const values = settings.get("auto_explain.log_parameter_max_length") !== "0";
    if (loaded && isOn && values) yield onSetting("auto_explain.log_parameter_max_length", "it is not 0");
  },
};

export const logicalWal: DoctorLint = {
  code: "doctor/logical-wal",
  severity: "info",
  summary: "The server writes what logical replication needs.",
  why: "Whoever has REPLICATION can then read every row as it is written, from any client.",
  cure: "wal_level = replica where nothing decodes it",
  *find({ catalogue: { settings } }) {
    if (settings.get("wal_level") === "logical") yield onSetting("wal_level", "it is logical");
  },
};

export const noContextKey: DoctorLint = {
  code: "doctor/no-context-key",
  severity: "warning",
  summary: "No key is installed with which contexts are signed.",
  why: "No application can enter a tenant's context here, so it sees nothing at all.",
  cure: "run `wardline db apply` with --context-key",
  *find({ catalogue: { contextKeys, unreadable }, embedded }) {
    if (!embedded && !unreadable.includes("contextKeys") && !contextKeys.some(({ live }) => live))
      yield onServer("no context key is valid");
  },
};

export const clusterIdentity: DoctorLint = {
  code: "doctor/cluster-identity",
  severity: "error",
  summary: "The database is not the one that its context keys were installed in.",
  why: "A restored or cloned database takes the tokens that were made for the original, and knows epochs and revisions of the past.",
  cure: "run `wardline db apply` with a new context key",
  *find({ catalogue: { systemIdentifier, server, contextKeys }, embedded }) {
    // An embedded database has new keys with every process.
    if (embedded) return;
    const isOther = contextKeys.some(
      (key) => systemIdentifier !== "" && key.systemIdentifier !== systemIdentifier,
    );
    if (isOther) yield onServer("it is another cluster than the one that the keys were installed in");
    else if (contextKeys.some((key) => key.databaseOid !== server.databaseOid))
      yield onServer("it is another database than the one that the keys were installed in");
  },
};
