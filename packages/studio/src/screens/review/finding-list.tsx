/** Findings that only one version has. */
import type { Review } from "@wardline/language-server";
import { ErrorIcon, WarningIcon } from "../../controls/icons.tsx";
import { PlaceLink } from "../../evidence/place-link.tsx";

type Found = Review["findings"]["fresh"][number];

export function Findings({ findings }: { readonly findings: Review["findings"] }) {
  const { fresh, gone, kept } = findings;
  return (
    <section aria-labelledby="findings-title">
      <h2 id="findings-title">Findings</h2>
      <p className="soft">
        {fresh.length} new, {gone.length} gone, {kept} as before.
      </p>
      <FindingList title="New" found={fresh} linked />
      <FindingList title="Gone" found={gone} linked={false} />
    </section>
  );
}

function FindingList({
  title,
  found,
  linked,
}: {
  readonly title: string;
  readonly found: readonly Found[];
  readonly linked: boolean;
}) {
  if (found.length === 0) return null;
  return (
    <>
      <h3>{title}</h3>
      <ul className="finding-list">
        {found.map(({ code, severity, message, help, file, line }, index) => (
          // Findings may be equal in all that they say.
          <li key={`${code} ${file} ${line} ${index}`}>
            <span className={`badge ${severity === "error" ? "bad" : "part"}`}>
              {severity === "error" ? <ErrorIcon /> : <WarningIcon />}
              {severity}
            </span>
            <p>
              {message} <code>{code}</code>{" "}
              {linked ? (
                <PlaceLink file={file} line={line} what={message} />
              ) : (
                <span className="soft">{file}</span>
              )}
              {help !== null && <span className="soft"> To mend it: {help}.</span>}
            </p>
          </li>
        ))}
      </ul>
    </>
  );
}
