/** The application's role, and roles that stand above row-level security. */
import { applicationRole, ownerRole } from "../../schema/identifier.ts";
import type { RoleFacts, RoleSetting } from "../catalogue.ts";
import type { DoctorLint, Examined, Found } from "../lint.ts";

const onRole = (name: string, message: string): Found => ({ object: { kind: "role", name }, message });
const application = ({ catalogue }: Examined) => catalogue.roles.find(({ name }) => name === applicationRole);

export const noApplicationRole: DoctorLint = {
  code: "doctor/no-application-role",
  severity: "error",
  summary: "The application's role does not exist.",
  why: "The application would run as some other role, which the grants and policies do not mean.",
  cure: "run `wardline db apply`",
  *find(at) {
    if (application(at) === undefined) yield onRole(applicationRole, "it does not exist");
  },
};

export const ownerPower: DoctorLint = {
  code: "doctor/owner-power",
  severity: "error",
  summary: "The owner of the control schema can log in, or has a power of its own.",
  why: "Every function that checks a context acts as this role; whoever logs in as it reads the keys and rewrites the checks.",
  cure: "ALTER ROLE wardline_owner NOLOGIN NOSUPERUSER NOBYPASSRLS NOCREATEROLE NOCREATEDB NOREPLICATION",
  *find({ catalogue }) {
    const role = catalogue.roles.find(({ name }) => name === ownerRole);
    if (role === undefined) return;
    const has = [...powers, ["login", "LOGIN"] as const]
      .filter(([key]) => role[key] === true)
      .map(([, word]) => word);
    if (has.length > 0) yield onRole(role.name, `it has ${has.join(", ")}`);
  },
};

const powers: readonly (readonly [keyof RoleFacts, string])[] = [
  ["superuser", "SUPERUSER"],
  ["bypassesRowSecurity", "BYPASSRLS"],
  ["createsRoles", "CREATEROLE"],
  ["createsDatabases", "CREATEDB"],
  ["replication", "REPLICATION"],
];

export const applicationPower: DoctorLint = {
  code: "doctor/application-power",
  severity: "error",
  summary: "The application's role has a power that passes by row-level security.",
  why: "A superuser and a role with BYPASSRLS are under no policy; REPLICATION reads every row as it is written; CREATEROLE and CREATEDB make such roles.",
  cure: "ALTER ROLE wardline_app NOSUPERUSER NOBYPASSRLS NOCREATEROLE NOCREATEDB NOREPLICATION",
  *find(at) {
    const role = application(at);
    if (role === undefined) return;
    const has = powers.filter(([key]) => role[key] === true).map(([, word]) => word);
    if (has.length > 0) yield onRole(role.name, `it has ${has.join(", ")}`);
  },
};

export const applicationMember: DoctorLint = {
  code: "doctor/application-member",
  severity: "error",
  summary: "The application's role is a member of another role.",
  why: "It can take on that role, with all its rights: an owner's, or those of pg_read_all_data.",
  cure: "REVOKE the other role FROM wardline_app",
  *find({ catalogue }) {
    for (const { role, member } of catalogue.memberships)
      if (member === applicationRole) yield onRole(applicationRole, `it is a member of ${role}`);
  },
};

export const applicationOwns: DoctorLint = {
  code: "doctor/application-owns",
  severity: "error",
  summary: "The application's role owns something.",
  why: "An owner grants, alters and drops what it owns, and takes row-level security off it.",
  cure: "ALTER … OWNER TO another role",
  *find({ catalogue }) {
    for (const { role, what } of catalogue.owned)
      if (role === applicationRole) yield onRole(role, `it owns ${what}`);
  },
};

export const applicationPassword: DoctorLint = {
  code: "doctor/application-password",
  severity: "warning",
  summary: "The application's role logs in with a password.",
  why: "A role may always change its own password: one statement that gets through locks everybody else out, or lets somebody in.",
  cure: "let it log in by certificate, by the platform's identity or by a rule of pg_hba, and ALTER ROLE … PASSWORD NULL",
  *find({ catalogue }) {
    if (catalogue.passwords.includes(applicationRole)) yield onRole(applicationRole, "it has a password");
  },
};

const text = ({ name, here }: RoleSetting) => `${name} is set${here ? " in this database" : ""}`;

export const roleSetting: DoctorLint = {
  code: "doctor/role-setting",
  severity: "error",
  summary: "A role of ours has a setting of its own.",
  why: "A role may change its own settings for all sessions to come. One that nobody wrote may be the trace of a statement that got through: a search path, a role, a timeout.",
  cure: "ALTER ROLE … RESET ALL, and find out who set it",
  *find({ catalogue, wanted }) {
    for (const setting of catalogue.roleSettings) {
      const known = wanted.roleSettings.some(
        ({ role, name, value }) => role === setting.role && name === setting.name && value === setting.value,
      );
      const { role } = setting;
      if ((role === applicationRole || role === ownerRole) && !known) yield onRole(role, text(setting));
    }
  },
};

/** Settings that decide what a statement means, or whether policies hold. */
const decisive = new Set([
  "bytea_output",
  "client_encoding",
  "datestyle",
  "default_transaction_isolation",
  "lo_compat_privileges",
  "local_preload_libraries",
  "role",
  "row_security",
  "search_path",
  "session_preload_libraries",
  "session_replication_role",
  "standard_conforming_strings",
  "timezone",
  "transform_null_equals",
]);

export const databaseSetting: DoctorLint = {
  code: "doctor/database-setting",
  severity: "error",
  summary: "A setting that decides what statements mean is fixed for the database or for all roles.",
  why: "Every session begins with it: another search path or a replica's role changes which table or trigger a name means.",
  cure: "ALTER DATABASE … RESET, or ALTER ROLE ALL RESET, that setting",
  *find({ catalogue }) {
    for (const setting of catalogue.roleSettings)
      if (setting.role === null && decisive.has(setting.name.toLowerCase()))
        yield { object: { kind: "setting", name: setting.name }, message: text(setting) };
  },
};

/** Roles of the server that read, write or run what no grant says. */
const wideRoles = new Set([
  "pg_read_all_data",
  "pg_write_all_data",
  "pg_read_server_files",
  "pg_write_server_files",
  "pg_execute_server_program",
]);

export const bypassingRole: DoctorLint = {
  code: "doctor/bypassing-role",
  severity: "warning",
  summary: "A role that can log in stands above row-level security or above grants.",
  why: "Whoever has its credentials reads every tenant; no policy, handle or audit is in its way.",
  cure: "ALTER ROLE … NOBYPASSRLS, REVOKE the wide role, or take its LOGIN away",
  *find({ catalogue }) {
    for (const role of catalogue.roles) {
      if (!role.login || role.superuser || role.name === applicationRole) continue;
      const wide = catalogue.memberships
        .filter(({ member, role: of }) => member === role.name && wideRoles.has(of))
        .map(({ role: of }) => of);
      const has = [...(role.bypassesRowSecurity ? ["BYPASSRLS"] : []), ...wide];
      if (has.length > 0) yield onRole(role.name, `it has ${has.join(", ")}`);
    }
  },
};
