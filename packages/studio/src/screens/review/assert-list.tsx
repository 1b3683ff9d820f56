/** What was promised, and whether it still holds. */
import { CheckIcon, CrossIcon } from "../../controls/icons.tsx";
import { PlaceLink } from "../../evidence/place-link.tsx";
import { Witness } from "../../evidence/witness.tsx";
import type { TenantAssert } from "./use-assert-review.ts";

type Tried = TenantAssert["before"];

export function Asserts({ asserts }: { readonly asserts: readonly TenantAssert[] }) {
  if (asserts.length === 0) return null;
  return (
    <section aria-labelledby="asserts-title">
      <h2 id="asserts-title">What must always hold</h2>
      <p className="soft">
        The asserts of the policy and the platform, each put to many requests. That nothing breaks one is no
        proof.
      </p>
      <ul className="change-list">
        {asserts.map((one) => (
          <li key={`${one.tenant} ${one.id}`}>
            <p>
              <strong>{one.id}</strong> <PlaceLink file={one.file} line={one.line} what={one.id} />
            </p>
            <dl className="verdicts">
              <dt>Before</dt>
              <dd>
                <Held tried={one.before} />
              </dd>
              <dt>After</dt>
              <dd>
                <Held tried={one.after} />
              </dd>
            </dl>
            {one.after !== null && one.after.broken !== null && (
              <Witness tenant={one.tenant} {...one.after.broken} what={`it breaks ${one.id}`} />
            )}
          </li>
        ))}
      </ul>
    </section>
  );
}

function Held({ tried }: { readonly tried: Tried }) {
  if (tried === null) return <span className="soft">There is no such assert</span>;
  return tried.broken === null ? (
    <>
      <span className="badge good">
        <CheckIcon />
        Holds
      </span>{" "}
      <span className="soft">nothing broke it in {tried.tries} tries</span>
    </>
  ) : (
    <>
      <span className="badge bad">
        <CrossIcon />
        Broken
      </span>{" "}
      <span className="soft">{tried.broken.decision}</span>
    </>
  );
}
