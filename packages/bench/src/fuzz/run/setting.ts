/** Scoping alone with row-level security off; row-level security alone with scoping off; both. */
export type Setting = "scope" | "rls" | "both";
