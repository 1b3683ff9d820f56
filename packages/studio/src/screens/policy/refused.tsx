/** Why something was not done, read out when it appears. */
import { CodeWords } from "../../controls/code-words.tsx";

export function Refused({ why }: { readonly why: string | null }) {
  if (why === null) return null;
  return (
    <p className="refused" role="alert">
      <CodeWords text={why} />
    </p>
  );
}
