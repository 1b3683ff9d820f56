// Written by `wardline types` from the model clinic and the policies over it. Do not edit: run it again.
import type { Masked, modelTypes, Sealed } from "@wardline/sdk";
import type { ColumnType } from "kysely";

export type Region = "eu" | "us";

export type Plan = "free" | "pro" | "enterprise";

export interface DepartmentTable {
  id: ColumnType<string, never, never>;
  name: ColumnType<string, never, never>;
  parent_id: ColumnType<string | null, never, never>;
}

export interface DepartmentRow {
  readonly id: string;
  readonly name: string;
  readonly parent_id: string | null;
}

export interface PatientTable {
  id: ColumnType<string, string | undefined, never>;
  department_id: string;
  attending_id: string | null;
  name: ColumnType<Masked<string>, string, string>;
  ssn: ColumnType<Sealed | Masked<string> | null, Sealed | string, Sealed | string>;
  notes: ColumnType<Sealed | null, Sealed | string | null, Sealed | string | null>;
  vip: boolean;
  balance: ColumnType<string | null, string | number | bigint, string | number | bigint>;
  admitted: ColumnType<string, string | Date, string | Date>;
  discharged: boolean;
}

export interface PatientRow {
  readonly id: string;
  readonly department: string;
  readonly attending: string | null;
  readonly name: Masked<string>;
  readonly ssn: Sealed | Masked<string> | null;
  readonly notes: Sealed | null;
  readonly vip: boolean;
  readonly balance: string | null;
  readonly admitted: string;
  readonly discharged: boolean;
}

export interface VisitTable {
  id: ColumnType<string, string | undefined, never>;
  at: ColumnType<string, string | Date, string | Date>;
  summary: ColumnType<Sealed, Sealed | string, Sealed | string>;
  patient_id: string | null;
}

export interface VisitRow {
  readonly id: string;
  readonly at: string;
  readonly summary: Sealed;
  readonly patient_id: string | null;
}

/** The tables as queries see them, and under `modelTypes` the names and facts of the model. */
export interface Database {
  departments: DepartmentTable;
  patients: PatientTable;
  visits: VisitTable;
  readonly [modelTypes]: Model;
}

/** Roles, as they are assigned to principals. */
export type Role = "viewer" | "clinician" | "billing" | "auditor" | "owner" | "support";

/** Who asks. */
export type Principal =
  | {
      readonly type: "User";
      readonly id: string;
      readonly roles?: readonly Role[];
      readonly in?: readonly string[] | { readonly Department?: readonly string[] };
      readonly attributes: {
        readonly email: string;
        readonly clearance: number;
      };
    }
  | {
      readonly type: "Service";
      readonly id: string;
      readonly roles?: readonly Role[];
      readonly attributes: {
        readonly name: string;
      };
    };

/** What the application knows of a tenant. */
export type TenantFacts = {
  readonly plan: Plan;
  readonly region: Region;
};

/** What comes with a request. */
export type ContextFacts = {
  readonly mfa: boolean;
  readonly mfa_age?: number | null | undefined;
  readonly ip: string;
  readonly purpose?: string | null | undefined;
};

/** What can be asked, and by whom. */
export interface Model {
  readonly principal: Principal;
  readonly tenant: TenantFacts;
  readonly context: ContextFacts;
  readonly rows: {
    readonly Department: DepartmentRow;
    readonly Patient: PatientRow;
    readonly Visit: VisitRow;
  };
  readonly features: string;
  readonly reads: "read" | "list" | "export";
  readonly decides: {
    readonly read: "Patient" | "Visit" | "Department";
    readonly list: "Patient" | "Visit" | "Department";
    readonly export: "Patient" | "Visit" | "Department";
    readonly update: "Patient" | "Visit";
    readonly delete: "Patient" | "Visit";
  };
  readonly filters: {
    readonly read: "Patient" | "Visit" | "Department";
    readonly list: "Patient" | "Visit" | "Department";
    readonly export: "Patient" | "Visit" | "Department";
    readonly create: "Patient" | "Visit";
    readonly delete: "Patient" | "Visit";
  };
}
