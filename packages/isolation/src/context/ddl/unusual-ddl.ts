/** What `wardline.enter` does more where the settings of a session are not as usual. */
import type { TimeLimits } from "../pinned-settings.ts";
import { controlFunction } from "./control-object.ts";
import { settingsThatDiffer } from "./settings-check.ts";
import { stateTable } from "./state-ddl.ts";

/** Asked where some setting is not as usual: raises where it is a pinned one, or a limit that is none. */
export function checkSettingsDdl(limits: TimeLimits | null): readonly string[] {
  return controlFunction({
    name: "check_settings",
    parameters: "path pg_catalog.text",
    types: "pg_catalog.text",
    returns: "void",
    traits: "STABLE PARALLEL RESTRICTED SET search_path = ''",
    body: `DECLARE
  different CONSTANT text := ${settingsThatDiffer(limits, "path")};
BEGIN
  IF different <> '' THEN
    RAISE EXCEPTION 'pinned settings differ: %', different USING ERRCODE = 'WL004';
  END IF;
END`,
    isOpen: false,
  });
}

/** Above `read committed` the snapshot is older than the lock: where the row was changed in between, this fails with 40001. */
export function holdStateDdl(): readonly string[] {
  return controlFunction({
    name: "hold_state",
    parameters: "entering pg_catalog.text",
    types: "pg_catalog.text",
    returns: "void",
    traits: "VOLATILE PARALLEL UNSAFE SET search_path = ''",
    body: `BEGIN
  IF pg_catalog.current_setting('transaction_isolation') <> 'read committed' AND pg_catalog.current_setting('transaction_read_only') = 'off' THEN
    INSERT INTO ${stateTable} AS s (tenant) VALUES (entering) ON CONFLICT DO NOTHING;
    PERFORM FROM ${stateTable} AS s WHERE s.tenant = entering FOR SHARE;
  END IF;
END`,
    isOpen: false,
  });
}
