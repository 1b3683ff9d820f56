/** The module of a policy: how large it is, what it asks of its host, and whether it decides as the policy means. */
import { CheckIcon, CrossIcon } from "../../controls/icons.tsx";
import { Unanswered } from "../../evidence/unanswered.tsx";
import { useAnswer } from "../../evidence/use-answer.ts";
import { sizeText } from "./sizes.ts";

export function WasmPanel({ tenant }: { readonly tenant: string }) {
  const { value, refused } = useAnswer("wardline/wasm", { tenant });
  if (refused !== null) return <Unanswered why={refused} />;
  if (value === null) return <p className="soft">Compiling …</p>;
  const { size, gzip, sha256, imports, exports, withLists, program, asked, alike } = value;
  const agrees = asked === alike;
  return (
    <>
      <p className="soft">
        WebAssembly that any host of the OPA interface loads. It was made and run in this browser just now.
      </p>
      <p>
        <span className={`badge ${agrees ? "good" : "bad"}`}>
          {agrees ? <CheckIcon /> : <CrossIcon />}
          {agrees ? "Decides as the policy means" : "Decides otherwise than the policy means"}
        </span>{" "}
        {alike} of {asked} requests at the boundaries of the rules were answered alike.
      </p>
      <dl className="fact-list">
        <div>
          <dt>Size</dt>
          <dd>
            {sizeText(size)}, {sizeText(gzip)} when compressed
          </dd>
        </div>
        <div>
          <dt>That also answers lists</dt>
          <dd>{sizeText(withLists)}</dd>
        </div>
        <div>
          <dt>The program that it is made of</dt>
          <dd>{sizeText(program)}</dd>
        </div>
        <div>
          <dt>SHA-256</dt>
          <dd>
            <code>{sha256}</code>
          </dd>
        </div>
      </dl>
      <h2>What it asks of its host</h2>
      <NameList names={imports} />
      <h2>What it offers</h2>
      <NameList names={exports} />
    </>
  );
}

function NameList({ names }: { readonly names: readonly string[] }) {
  return (
    <ul className="name-list">
      {names.map((name) => (
        <li key={name}>
          <code>{name}</code>
        </li>
      ))}
    </ul>
  );
}
