/** The clinic's tables as queries see them. Masked and hidden fields may be null. */
import type { SealedColumn } from "@wardline/sdk";

export interface Tables {
  patients: {
    id: string;
    department_id: string;
    attending_id: string | null;
    name: string | null;
    ssn: SealedColumn;
    notes: SealedColumn;
    vip: boolean;
    balance: string | null;
    admitted: string;
    discharged: boolean;
  };
  visits: { id: string; patient_id: string | null; at: string; summary: SealedColumn };
  departments: { id: string; parent_id: string | null; name: string };
}
