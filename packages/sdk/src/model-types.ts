/** What the compiler knows of a model beside its tables: `wardline types` writes it into the `Database` interface, under a key that no query sees. */
import type { Attributes } from "@wardline/core";
import type { PrincipalInput } from "./principal.ts";

/** The key of a `Database` interface under which the {@link ModelTypes} stand. A type alone: nothing has it at run time. */
export declare const modelTypes: unique symbol;

export interface ModelTypes {
  /** Who may ask: one type for each kind of principal, in a union. */
  readonly principal: PrincipalInput;
  /** The facts of a tenant. */
  readonly tenant: Attributes;
  /** The facts of a request. */
  readonly context: Attributes;
  /** Type → a row as `get` shows it, by the names of the model. */
  readonly rows: Readonly<Record<string, object>>;
  /** What `feature` can be asked. */
  readonly features: string;
  /** The actions that `reading` takes. */
  readonly reads: string;
  /** Action → the types of rows that `decide` answers about. */
  readonly decides: Readonly<Record<string, string>>;
  /** Action → the types of rows that `filter` answers about. */
  readonly filters: Readonly<Record<string, string>>;
}

/** The names and facts of a model that was not said. */
export interface AnyModel extends ModelTypes {
  readonly rows: Readonly<Record<string, Record<string, unknown>>>;
}

/** The model that a `Database` interface was written from; any model where it was written by hand. */
export type ModelOf<Tables> = Tables extends { readonly [modelTypes]: infer Model extends ModelTypes }
  ? Model
  : AnyModel;
