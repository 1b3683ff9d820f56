/**
 * What the system catalogue of a database says, as plain data: all that the lints look at. Names are as the catalogue has
 * them, unquoted; expressions and definitions are as the server prints them with an empty search path.
 */

/** A right on something. Rights of its owner are left out: an owner has them all. */
export interface Grant {
  /** A role's name; null for PUBLIC. */
  readonly to: string | null;
  readonly privilege: string;
  readonly grantable: boolean;
}

export interface ServerFacts {
  /** As `server_version_num` has it: 180004 is 18.4. */
  readonly version: number;
  readonly versionText: string;
  readonly database: string;
  readonly databaseOid: string;
  readonly databaseOwner: string;
  readonly databaseGrants: readonly Grant[];
  /** The role that reads. */
  readonly role: string;
  readonly isSuperuser: boolean;
  /** Roles whose rights it has by membership, other than the server's own. */
  readonly mayBecome: readonly string[];
}

export interface RoleFacts {
  readonly name: string;
  readonly superuser: boolean;
  readonly inherits: boolean;
  readonly createsRoles: boolean;
  readonly createsDatabases: boolean;
  readonly login: boolean;
  readonly replication: boolean;
  readonly bypassesRowSecurity: boolean;
}

export interface Membership {
  readonly role: string;
  readonly member: string;
}

/** A row of `pg_db_role_setting` that concerns this database. */
export interface RoleSetting {
  /** Null: every role. */
  readonly role: string | null;
  /** Whether it is for this database alone. */
  readonly here: boolean;
  readonly name: string;
  readonly value: string;
}

export interface SchemaFacts {
  readonly name: string;
  readonly owner: string;
  readonly grants: readonly Grant[];
}

export interface ColumnFacts {
  readonly name: string;
  readonly type: string;
  readonly isDomain: boolean;
  readonly required: boolean;
  /** `schema.name`; null for types without one. */
  readonly collation: string | null;
  /** Whether `expression` generates it, and how. */
  readonly generated: "stored" | "virtual" | null;
  readonly identity: boolean;
  /** The default, or what generates the value; null for none. */
  readonly expression: string | null;
  readonly grants: readonly Grant[];
}

export type ConstraintKind = "primary" | "unique" | "exclusion" | "foreign" | "check";

/** What a foreign key does to a row when the row that it refers to is deleted or updated. */
export type ReferentialAction = "no action" | "restrict" | "cascade" | "set null" | "set default";

export interface ConstraintFacts {
  readonly name: string;
  readonly kind: ConstraintKind;
  readonly definition: string;
  readonly columns: readonly string[];
  /** For a foreign key: the relation and the columns that it refers to, pairwise with `columns`. */
  readonly refersTo: string | null;
  readonly referred: readonly string[];
  readonly onDelete: ReferentialAction | null;
  readonly onUpdate: ReferentialAction | null;
  readonly validated: boolean;
}

export interface IndexFacts {
  readonly name: string;
  readonly unique: boolean;
  readonly valid: boolean;
  readonly ofConstraint: boolean;
  /** Its key columns in order; null for an expression. */
  readonly columns: readonly (string | null)[];
  /** The columns of `columns` none of whose operators in this index is leakproof. */
  readonly leaky: readonly string[];
  readonly method: string;
  readonly definition: string;
}

export type PolicyCommand = "all" | "select" | "insert" | "update" | "delete";

export interface PolicyFacts {
  readonly name: string;
  readonly permissive: boolean;
  readonly command: PolicyCommand;
  /** Null: PUBLIC. */
  readonly roles: readonly string[] | null;
  readonly using: string | null;
  readonly check: string | null;
}

export interface TriggerFacts {
  readonly name: string;
  readonly definition: string;
  /** As `pg_trigger.tgenabled`: `O` origin, `D` disabled, `R` replica, `A` always. */
  readonly enabled: string;
  /** `schema.name`. */
  readonly calls: string;
}

/** As `pg_class.relkind`. */
export type RelationKind =
  | "table"
  | "partitioned table"
  | "view"
  | "materialized view"
  | "foreign table"
  | "sequence";

export interface RelationFacts {
  readonly schema: string;
  readonly name: string;
  readonly kind: RelationKind;
  readonly owner: string;
  readonly rowSecurity: boolean;
  readonly forced: boolean;
  readonly unlogged: boolean;
  /** A view that reads as whoever asks it. */
  readonly securityInvoker: boolean;
  /** The extension that it belongs to. */
  readonly extension: string | null;
  readonly grants: readonly Grant[];
  readonly columns: readonly ColumnFacts[];
  /** `schema.name` of the relations that it is a partition or an inheritance child of. */
  readonly parents: readonly string[];
  /** `schema.name` of the relations that a view reads. */
  readonly reads: readonly string[];
  readonly constraints: readonly ConstraintFacts[];
  readonly indexes: readonly IndexFacts[];
  readonly policies: readonly PolicyFacts[];
  readonly triggers: readonly TriggerFacts[];
  /** Names of its rules, without the one that makes a view. */
  readonly rules: readonly string[];
}

export interface FunctionFacts {
  readonly schema: string;
  readonly name: string;
  /** Types of the arguments, as `text, integer`. */
  readonly arguments: string;
  readonly owner: string;
  readonly definer: boolean;
  readonly isTriggerFunction: boolean;
  readonly extension: string | null;
  /** The statement that makes it; null for aggregates. */
  readonly definition: string | null;
  readonly grants: readonly Grant[];
}

export interface DefaultGrant {
  readonly role: string;
  readonly schema: string | null;
  /** As `pg_default_acl.defaclobjtype`: `r`, `S`, `f`, `T`, `n`, `L`. */
  readonly kind: string;
  readonly grants: readonly Grant[];
}

export interface OwnedObject {
  readonly role: string;
  readonly what: string;
}

export interface Publication {
  readonly name: string;
  readonly everyTable: boolean;
  /** `schema.name`. */
  readonly tables: readonly string[];
}

/** Something with a name, and what it belongs to or calls. */
export interface NamedFacts {
  readonly name: string;
  readonly of: string;
}

/** Never the key itself. */
export interface ContextKeyFacts {
  readonly id: string;
  readonly live: boolean;
  /** The cluster and the database in which it was installed. */
  readonly systemIdentifier: string;
  readonly databaseOid: string;
}

export interface Catalogue {
  readonly server: ServerFacts;
  /** Settings that the lints look at, by name. */
  readonly settings: ReadonlyMap<string, string>;
  readonly roleSettings: readonly RoleSetting[];
  readonly roles: readonly RoleFacts[];
  readonly memberships: readonly Membership[];
  /** What the roles of this product own. */
  readonly owned: readonly OwnedObject[];
  /** Roles that have a password. */
  readonly passwords: readonly string[];
  readonly schemas: readonly SchemaFacts[];
  readonly relations: readonly RelationFacts[];
  readonly functions: readonly FunctionFacts[];
  /** Signatures of functions of `pg_catalog` that the application's role may run. */
  readonly systemFunctions: readonly string[];
  /** Those that everybody may run. */
  readonly publicFunctions: readonly string[];
  /** Those that the application's statements are made of, or the checks of its context, and that cannot be run for them. */
  readonly closedFunctions: readonly string[];
  /** Relations of `pg_catalog` that it may read. */
  readonly systemRelations: readonly string[];
  /** Languages that it may use. */
  readonly languages: readonly string[];
  /** Settings that it was given the right to change. */
  readonly parameters: readonly NamedFacts[];
  readonly defaultGrants: readonly DefaultGrant[];
  readonly extensions: readonly NamedFacts[];
  readonly eventTriggers: readonly NamedFacts[];
  /** Foreign servers, with their wrapper. */
  readonly foreignServers: readonly NamedFacts[];
  readonly publications: readonly Publication[];
  /** Logical replication slots of this database, with their plugin. */
  readonly slots: readonly NamedFacts[];
  readonly largeObjects: number;
  /** The system identifier of the cluster. */
  readonly systemIdentifier: string;
  /** The keys that contexts are signed with; none where there is no control schema. */
  readonly contextKeys: readonly ContextKeyFacts[];
  /** Parts that the reading role may not read, by their names here. They are empty, which says nothing about them. */
  readonly unreadable: readonly CataloguePart[];
}

export type CataloguePart = Exclude<keyof Catalogue, "unreadable">;

/** `schema.name`, by which relations are known here. */
export function relationName({ schema, name }: { readonly schema: string; readonly name: string }): string {
  return `${schema}.${name}`;
}
