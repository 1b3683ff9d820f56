/** Inlay hints over LSP. Which kinds are shown a client says under `wardline.inlayHints`. */
import { DidChangeConfigurationNotification, InlayHintKind, type InlayHint } from "vscode-languageserver";
import { stretchIn, type Feature } from "../server/feature.ts";
import { allHints, hintsIn, type HintOptions } from "./hints.ts";

export const hintFeature: Feature = {
  capabilities: () => ({ inlayHintProvider: true }),
  register: ({ connection, client, answering, at }) => {
    let options: Promise<HintOptions> | null = null;
    const read = async () => {
      if (client.workspace?.configuration !== true) return allHints;
      try {
        return optionsFrom(await connection.workspace.getConfiguration("wardline.inlayHints"));
      } catch {
        return allHints;
      }
    };
    /** The first request asks the client, who by then has been told that the server is there. */
    const known = () => {
      if (options === null && client.workspace?.didChangeConfiguration?.dynamicRegistration === true)
        void connection.client
          .register(DidChangeConfigurationNotification.type, { section: "wardline" })
          .catch(() => undefined);
      return (options ??= read());
    };
    connection.onDidChangeConfiguration(() => {
      options = read();
      if (client.workspace?.inlayHint?.refreshSupport === true)
        void connection.languages.inlayHint.refresh().catch(() => undefined);
    });
    connection.languages.inlayHint.on(
      answering(async (params): Promise<InlayHint[] | null> => {
        const chosen = await known();
        const placed = at(params);
        if (placed === undefined) return null;
        const { document, project, file } = placed;
        const range = stretchIn(placed, params.range);
        return hintsIn(project.snapshot, file, range, chosen).map(({ offset, text, tooltip, kind }) => ({
          position: document.positionAt(offset),
          label: text.trimStart(),
          // A blank of the label would be in the box that editors draw around it.
          ...(text.startsWith(" ") ? { paddingLeft: true } : {}),
          tooltip,
          ...(kind === "lets" ? { kind: InlayHintKind.Type } : {}),
        }));
      }, null),
    );
  },
};

/** What is not said is shown. */
export function optionsFrom(given: unknown): HintOptions {
  const record =
    typeof given === "object" && given !== null ? (given as Readonly<Record<string, unknown>>) : {};
  const isOn = (key: keyof HintOptions) => record[key] !== false && record["enabled"] !== false;
  return {
    tenantScope: isOn("tenantScope"),
    roles: isOn("roles"),
    masks: isOn("masks"),
    lets: isOn("lets"),
    settings: isOn("settings"),
  };
}
