/** `wardline doctor`: says what in a database lets one tenant reach another. */
import type { DatabaseOptions } from "../database/open-database.ts";
import { addOutputOptions, type OutputOptions } from "../report/outputs.ts";
import { doctorFormats } from "../report/doctor/formats.ts";
import { addDatabaseOptions } from "./database-options.ts";
import { addMaxWarnings } from "./max-warnings.ts";
import type { AddCommand } from "./shell.ts";

export interface DoctorOptions extends DatabaseOptions, OutputOptions<(typeof doctorFormats)[number]> {
  readonly maxWarnings?: number;
}

export const addDoctor: AddCommand = (program, { io, end }) => {
  const command = program
    .command("doctor")
    .description("say what in a database lets one tenant reach another");
  addMaxWarnings(addDatabaseOptions(command));
  addOutputOptions(command, doctorFormats).action(async (folder: string, options: DoctorOptions) => {
    const { runDoctor } = await import("../doctor/run-doctor.ts");
    end(await runDoctor(io, folder, options));
  });
};
