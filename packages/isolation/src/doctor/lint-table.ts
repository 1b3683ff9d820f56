/** All lints, in the order of their themes. */
import * as adoptions from "./lints/adoptions.ts";
import * as beside from "./lints/beside.ts";
import * as children from "./lints/children.ts";
import * as columns from "./lints/columns.ts";
import * as control from "./lints/control.ts";
import * as databaseRights from "./lints/database-rights.ts";
import * as functions from "./lints/functions.ts";
import * as grants from "./lints/grants.ts";
import * as keys from "./lints/keys.ts";
import * as relations from "./lints/relations.ts";
import * as roles from "./lints/roles.ts";
import * as rowSecurity from "./lints/row-security.ts";
import * as server from "./lints/server.ts";
import * as triggers from "./lints/triggers.ts";
import type { DoctorLint } from "./lint.ts";

export const doctorLints: readonly DoctorLint[] = [
  rowSecurity.rowSecurityOff,
  rowSecurity.rowSecurityNotForced,
  rowSecurity.noTenantPolicy,
  rowSecurity.tenantPolicyChanged,
  rowSecurity.applicationPolicyMissing,
  rowSecurity.widePolicy,
  rowSecurity.unknownPolicy,
  rowSecurity.noRowPolicies,
  children.childOpen,
  children.childGranted,
  relations.missingTable,
  relations.unknownTable,
  relations.ownerView,
  relations.materializedView,
  relations.foreignTable,
  relations.rule,
  relations.unloggedTable,
  triggers.unknownTrigger,
  triggers.eventTrigger,
  functions.definerFunction,
  functions.functionCallable,
  control.controlFunctionChanged,
  control.controlTableChanged,
  control.controlUnknown,
  keys.uniqueWithoutTenant,
  keys.exclusionWithoutTenant,
  keys.foreignKeyWithoutTenant,
  keys.undeclaredCascade,
  keys.constraintMissing,
  keys.indexWithoutTenant,
  keys.indexMissing,
  keys.leakyIndex,
  columns.tenantNullable,
  columns.tenantType,
  columns.tenantUpdatable,
  columns.missingColumn,
  columns.unknownColumn,
  columns.functionColumn,
  columns.columnDefault,
  adoptions.halfAdopted,
  adoptions.brokenAdoption,
  grants.grantedToPublic,
  grants.grantedToUnknown,
  grants.grantedMore,
  grants.reachesElsewhere,
  grants.sequenceUsable,
  grants.defaultPrivileges,
  databaseRights.temporaryTables,
  databaseRights.createGranted,
  databaseRights.languageUsable,
  databaseRights.systemFunctionOpen,
  databaseRights.systemFunctionClosed,
  databaseRights.systemRelationOpen,
  databaseRights.parameterGranted,
  databaseRights.largeObjects,
  roles.noApplicationRole,
  roles.applicationPower,
  roles.ownerPower,
  roles.applicationMember,
  roles.applicationOwns,
  roles.applicationPassword,
  roles.roleSetting,
  roles.databaseSetting,
  roles.bypassingRole,
  server.serverVersion,
  server.serverEncoding,
  server.serverSetting,
  server.parametersLogged,
  server.autoExplain,
  server.logicalWal,
  server.clusterIdentity,
  server.noContextKey,
  beside.unknownExtension,
  beside.foreignServer,
  beside.publication,
  beside.replicationSlot,
  beside.unreadable,
  beside.crossed,
  beside.notCrossed,
];
