/** The screen *Review*: what two versions differ in, in their texts and in who may do what. */
import { useState } from "react";
import { ToggleButton, ToggleButtonGroup } from "react-aria-components";
import "../../evidence/evidence.css";
import { Unanswered } from "../../evidence/unanswered.tsx";
import { useAnswer } from "../../evidence/use-answer.ts";
import { AccessChanges, Gates } from "./access-changes.tsx";
import { Asserts } from "./assert-list.tsx";
import { Findings } from "./finding-list.tsx";
import "./review.css";
import { TextDifference, type DiffLayout } from "../../difference/text-difference.tsx";
import { useAccessReview } from "./use-access-review.ts";
import { useAssertReview } from "./use-assert-review.ts";
import { useVersions } from "./use-versions.ts";
import { VersionBar } from "./version-bar.tsx";
import type { Review, Versions } from "@wardline/language-server";

export function Screen() {
  const chosen = useVersions();
  const { value, refused } = useAnswer("wardline/review", chosen.versions);
  return (
    <section aria-labelledby="screen-title" className="screen review">
      <div className="screen-head">
        <h1 id="screen-title">Review what changes</h1>
        <p className="soft">Two versions side by side: the words, and what they change for people.</p>
      </div>
      <VersionBar {...chosen} />
      {refused !== null && <Unanswered why={refused} />}
      {value === null && refused === null && <p className="soft">Comparing …</p>}
      {value !== null && value.files.length === 0 && (
        <Unanswered why="Both versions read the same. Change something in the policy, or compare with a file, and this page says what it changes for people." />
      )}
      {value !== null && value.files.length > 0 && <Differences review={value} versions={chosen.versions} />}
    </section>
  );
}

function Differences({ review, versions }: { readonly review: Review; readonly versions: Versions }) {
  const { files, findings, tenants, broken } = review;
  const whole = tenants.filter((tenant) => broken.every((one) => one.tenant !== tenant));
  const access = useAccessReview(whole, versions);
  const asserts = useAssertReview(access.isDone ? whole : [], versions);
  return (
    <div className="differences">
      <section aria-labelledby="access-title">
        <h2 id="access-title">Who may do what</h2>
        {broken.map(({ tenant, version, problem }) => (
          <p key={`${tenant} ${version}`} className="stands-in-the-way">
            Access cannot be compared: {version === "before" ? "the version before" : "the version after"} has
            no meaning yet. {problem}
          </p>
        ))}
        {access.isDone && access.reviews.length > 0 && (
          <Gates
            reviews={access.reviews}
            broken={broken.map(({ tenant, problem }) => `${tenant}: ${problem}`)}
          />
        )}
        {!access.isDone && whole.length > 0 && (
          <p className="soft" role="status">
            Looking for who gains and who loses …
          </p>
        )}
        {access.reviews.map((one) => (
          <AccessChanges key={one.tenant} review={one} several={tenants.length > 1} />
        ))}
      </section>
      {asserts !== null && <Asserts asserts={asserts} />}
      <Findings findings={findings} />
      <Texts files={files} />
    </div>
  );
}

function Texts({ files }: { readonly files: Review["files"] }) {
  const [layout, setLayout] = useState<DiffLayout>("beside");
  return (
    <section aria-labelledby="texts-title" className="texts">
      <div className="toolbar">
        <h2 id="texts-title">The words</h2>
        <ToggleButtonGroup
          className="toggles"
          aria-label="How the words are laid out"
          selectionMode="single"
          disallowEmptySelection
          selectedKeys={[layout]}
          onSelectionChange={(keys) => setLayout(keys.has("one") ? "one" : "beside")}
        >
          <ToggleButton id="beside" className="toggle">
            Side by side
          </ToggleButton>
          <ToggleButton id="one" className="toggle">
            One column
          </ToggleButton>
        </ToggleButtonGroup>
      </div>
      {files.map((file) => (
        <TextDifference key={file.file} file={file} layout={layout} />
      ))}
    </section>
  );
}
