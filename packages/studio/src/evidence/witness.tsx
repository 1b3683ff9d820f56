/** A request in words: who, what, under which circumstances. It can be tried. */
import type { RequestDocument } from "@wardline/core";
import { tryHref } from "./try-link.ts";

export interface WitnessProps {
  readonly tenant: string;
  readonly request: RequestDocument;
  readonly words: {
    readonly principal: string;
    readonly action: string;
    readonly resource: string;
    readonly given: readonly string[];
    readonly unsaid: readonly string[];
  };
  /** What the link tries, for who hears the link alone. */
  readonly what: string;
}

export function Witness({ tenant, request, words, what }: WitnessProps) {
  return (
    <div className="witness">
      <dl>
        <dt>Who</dt>
        <dd>
          <code>{words.principal}</code>
        </dd>
        <dt>Does</dt>
        <dd>
          <code>
            {words.action} {words.resource}
          </code>
        </dd>
        {words.given.length > 0 && <dt>Given</dt>}
        {words.given.map((given) => (
          <dd key={given}>
            <code>{given}</code>
          </dd>
        ))}
        {words.unsaid.length > 0 && <dt>And</dt>}
        {words.unsaid.map((text) => (
          <dd key={text}>{text}</dd>
        ))}
      </dl>
      <a href={tryHref(tenant, request)} aria-label={`Try this: ${what}`}>
        Try this
      </a>
    </div>
  );
}
