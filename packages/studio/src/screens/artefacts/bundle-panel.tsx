/** What a policy is shipped as: the files of its bundle, each to take along. Nothing is signed here. */
import type { BundledFile } from "@wardline/language-server";
import { useState } from "react";
import { Button } from "react-aria-components";
import { Unanswered } from "../../evidence/unanswered.tsx";
import { isRefused, useAnswer } from "../../evidence/use-answer.ts";
import { download } from "../../host/download.ts";
import { useStudio } from "../../session/use-studio.ts";
import { sizeText } from "./sizes.ts";
import { TextPane } from "./text-pane.tsx";

export function BundlePanel({ tenant }: { readonly tenant: string }) {
  const { request, announce } = useStudio();
  const { value, refused } = useAnswer("wardline/bundle", { tenant });
  const [problem, setProblem] = useState<string | null>(null);
  if (refused !== null) return <Unanswered why={refused} />;
  if (value === null) return <p className="soft">Building …</p>;
  const take = async (name: string) => {
    const file = await request("wardline/bundleFile", { tenant, name });
    if (isRefused(file)) setProblem(file.refused);
    else {
      setProblem(null);
      download(
        name,
        Uint8Array.from(atob(file.base64), (char) => char.charCodeAt(0)),
        "application/octet-stream",
      );
      announce(`${name} downloaded.`);
    }
  };
  return (
    <>
      <p className="soft">
        The files that <code>wardline build</code> writes, unsigned. Who publishes signs them with{" "}
        <code>wardline publish</code>.
      </p>
      {problem !== null && <p role="alert">{problem}</p>}
      <div className="table-frame" role="region" tabIndex={0} aria-label="Files of the bundle">
        <table className="plain-table">
          <caption>Files of the bundle</caption>
          <thead>
            <tr>
              <th scope="col">File</th>
              <th scope="col">Size</th>
              <th scope="col">SHA-256</th>
              <th scope="col">Take along</th>
            </tr>
          </thead>
          <tbody>
            {[...value.files, value.archive].map((file) => (
              <FileRow key={file.name} file={file} take={() => void take(file.name)} />
            ))}
          </tbody>
        </table>
      </div>
      <TextPane title="The manifest" text={value.manifest} language="json" fileName={null} />
    </>
  );
}

function FileRow({
  file: { name, size, sha256 },
  take,
}: {
  readonly file: BundledFile;
  readonly take: () => void;
}) {
  return (
    <tr>
      <th scope="row">
        <code>{name}</code>
      </th>
      <td className="amount">{sizeText(size)}</td>
      <td>
        <code className="digest">{sha256}</code>
      </td>
      <td>
        <Button className="button" aria-label={`Download ${name}`} onPress={take}>
          Download
        </Button>
      </td>
    </tr>
  );
}
