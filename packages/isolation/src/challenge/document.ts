/**
 * What stands inside of a continuation and of an approval: closed, versioned documents that only this code writes and reads. See
 * `docs/spec/continuation.md`.
 */
import type { Attributes, Obligation } from "@wardline/core";
import type { IdsByEntity } from "../gate/ancestors.ts";
import { digestOf } from "../write/row-digest.ts";
import type { Resumable } from "../write/resumable.ts";

export const continuationFormat = "wardline/continuation/1";
export const approvalFormat = "wardline/approval/1";

export interface Continuation {
  readonly format: typeof continuationFormat;
  /** 32 random bytes, in hex. */
  readonly id: string;
  readonly tenant: string;
  readonly principal: { readonly type: string; readonly id: string };
  /** The session that it was raised in, where it had an id. */
  readonly session: string | null;
  readonly action: string;
  readonly entity: string;
  /** The write, by names of the model and in wire form. */
  readonly write: Resumable;
  /** What decided. */
  readonly policy: { readonly revision: string; readonly bundle: string | null };
  /** Where the tenant's rows were. */
  readonly place: number;
  /** What was asked for, and the other ways to meet it. */
  readonly asked: readonly Obligation[];
  readonly alternatives: readonly (readonly Obligation[])[];
  /** The entry of the record that tells of the challenge. */
  readonly entry: string;
  /** Milliseconds since 1970, by the process's clock. */
  readonly expires: number;
}

export interface Approval {
  readonly format: typeof approvalFormat;
  /** Of the continuation, and the digest of all that stands in it. */
  readonly continuation: string;
  readonly digest: string;
  /** The name of the evidence that it is. */
  readonly by: string;
  /** Who approved, with the facts that the session had. */
  readonly approver: Approver;
  /** Milliseconds since 1970. */
  readonly at: number;
}

export interface Approver {
  readonly type: string;
  readonly id: string;
  readonly roles: readonly string[];
  readonly attributes: Attributes;
  readonly context: Attributes;
  readonly parents: IdsByEntity;
}

/** What a continuation says, as one text: an approval is of it and of no other. */
export function continuationDigest(continuation: Continuation): string {
  return digestOf(continuation);
}

/** Undefined for what is no document of this form. Only authentic text comes here, of this or another version of this code. */
export function parseContinuation(text: string): Continuation | undefined {
  const document = parsed(text);
  return document?.["format"] === continuationFormat ? (document as unknown as Continuation) : undefined;
}

export function parseApproval(text: string): Approval | undefined {
  const document = parsed(text);
  return document?.["format"] === approvalFormat ? (document as unknown as Approval) : undefined;
}

function parsed(text: string): Readonly<Record<string, unknown>> | undefined {
  const value: unknown = JSON.parse(text);
  return typeof value === "object" && value !== null && !Array.isArray(value)
    ? (value as Readonly<Record<string, unknown>>)
    : undefined;
}

/** Every precondition that one of the ways to meet the challenge asks for. */
export function askedFor({ asked, alternatives }: Continuation): readonly Obligation[] {
  return [...asked, ...alternatives.flat()];
}
