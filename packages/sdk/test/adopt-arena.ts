/**
 * One database in which an adoption is killed on its way: processes that take its steps and die, and applications of the old model and the
 * new one that read, write and find between.
 */
import { spawn, type ChildProcess } from "node:child_process";
import { randomInt, randomUUID } from "node:crypto";
import { once } from "node:events";
import { writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { serialize } from "node:v8";
import { adoptionNames, operatorSealers, Sealed } from "@wardline/isolation";
import { expect } from "vitest";
import { storedModelOf } from "../src/operator/schema-statements.ts";
import { wantedCatalogue } from "../src/operator/wanted-catalogue.ts";
import { branchOf, code, note, programs, type AdoptServer, type Application } from "./adopt-world.ts";
import { idOf, tenants, type Tenant } from "./server-library.ts";

/** Rows of each tenant. */
const rows = 6;

export type Step = "begin" | "switch" | "drop" | "abort";

/** As `adopt-child.ts` of the tests of the isolation room has it. */
export interface Order {
  readonly step: Step;
  readonly killAt: number;
  readonly delay: number;
}

type Values = readonly [code: string, note: string | null];

const childFile = join(import.meta.dirname, "../../isolation/test/adopt-child.ts");
const quoted = (name: unknown): string => `"${String(name).replaceAll('"', '""')}"`;
const shown = (value: unknown): unknown => (value instanceof Sealed ? value.reveal() : value);

interface Child {
  readonly process: ChildProcess;
  readonly lines: AsyncIterator<string>;
}

export interface Arena {
  /** The table as it was before anything was adopted, with other rows. */
  reset(): Promise<void>;
  /** Gives how many statements it took to come to the end; null where it was killed. */
  run(order: Order): Promise<number | null>;
  /** What the application that the tables are for reads, writes and finds. */
  check(): Promise<void>;
  close(): Promise<void>;
}

/** `file`: for what the processes are told. */
export async function openArena(server: AdoptServer, file: string, login: string): Promise<Arena> {
  const world = await server.world();
  const old = await world.open("old");
  let fresh: Application | undefined;
  let waiting: readonly Child[] = [];
  const known = new Map<Tenant, Map<string, Values>>();
  await world.raw(`CREATE ROLE ${login} SUPERUSER LOGIN PASSWORD '${login}'`);
  const stored = storedModelOf(programs("new"));
  const { host, port } = server.server;
  const told = {
    login: { host, port, database: world.database, user: login, password: login },
    keyFile: server.keyFile,
    stored,
    wanted: await wantedCatalogue(stored, "server", [{ schema: "public", rowSecurity: [] }]),
  };
  await writeFile(file, serialize(told));

  /** Starts before it is needed: most of what a process costs is its beginning. */
  function prepare(): void {
    const child = spawn(process.execPath, ["--conditions=@wardline/source", childFile, file], {
      stdio: ["pipe", "pipe", "inherit"],
      env: { ...process.env, NODE_COMPILE_CACHE: join(tmpdir(), "wardline-kill-cache") },
    });
    const lines = createInterface(child.stdout as NodeJS.ReadableStream)[Symbol.asyncIterator]();
    waiting = [...waiting, { process: child, lines }];
  }

  /** Gives how many statements it took to come to the end; null where it was killed. */
  async function run(order: Order): Promise<number | null> {
    while (waiting.length < 2) prepare();
    const [child, ...others] = waiting as readonly [Child, ...Child[]];
    waiting = others;
    const exited = once(child.process, "exit");
    expect((await child.lines.next()).value).toBe("ready");
    child.process.stdin?.write(`${JSON.stringify(order)}\n`);
    const said = await child.lines.next();
    const [exit, signal] = (await exited) as [number | null, string | null];
    if (signal === "SIGKILL") return null;
    expect([exit, signal], "the process came to its end by itself").toEqual([0, null]);
    return Number(String(said.value).replace("done ", ""));
  }

  /** A statement that was sent may still be carried out after its sender is gone. */
  async function sessionsGone(): Promise<void> {
    for (let tries = 0; ; tries += 1) {
      const left = await world.raw(
        tries < 100
          ? `select pid from pg_stat_activity where usename = '${login}'`
          : `select pg_terminate_backend(pid) from pg_stat_activity where usename = '${login}'`,
      );
      if (left.length === 0) return;
      await new Promise((resolve) => setTimeout(resolve, 3));
    }
  }

  /** The table as it was before anything was adopted, with other rows. */
  async function reset(): Promise<void> {
    const columns = await world.raw(
      "select attname::text as name from pg_attribute where attrelid = 'public.books'::regclass and attnum > 0 and not attisdropped and (attname = any ($1::text[]) or attname like 'wardline_%')",
      [code, note, `${note}_bidx`],
    );
    await world.raw("truncate public.books cascade");
    await world.raw(
      `alter table public.books ${columns.map(({ name }) => `drop column ${quoted(name)}`).join(", ")}`,
    );
    await world.raw(
      `alter table public.books add column ${quoted(code)} text collate "C" not null, add column ${quoted(note)} text collate "C"`,
    );
    await world.raw(`grant update (${quoted(code)}, ${quoted(note)}) on public.books to wardline_app`);
    await world.raw("delete from wardline.key_job");
    // Else the application of the old model would be let in no more.
    await world.raw("alter table wardline.tenant_state disable trigger grows");
    await world.raw("update wardline.tenant_state set revision_floor = 0");
    await world.raw("alter table wardline.tenant_state enable always trigger grows");
    for (const tenant of tenants) {
      const first = Array.from({ length: rows }, (_, n) => ({
        id: idOf("book", tenant, n),
        code: n === 0 ? "" : `${tenant} code ${n}`,
        note: n === 1 ? null : n === 2 ? "" : `${tenant} note ${n}`,
      }));
      await world.load(tenant, first);
      known.set(tenant, new Map(first.map((row) => [row.id, [row.code, row.note]])));
    }
  }

  /** What the application that the tables are for reads, writes and finds. */
  async function check(): Promise<void> {
    await sessionsGone();
    const names = [code, note].map((column) => adoptionNames("books", column));
    const columns = new Map(
      (
        await world.raw(
          "select attname::text as name, format_type(atttypid, null) as type from pg_attribute where attrelid = 'public.books'::regclass and attnum > 0 and not attisdropped",
        )
      ).map((row) => [row["name"], row["type"]]),
    );
    const types = [code, note].map((column) => columns.get(column));
    expect(new Set(types).size, "both columns are switched, or none").toBe(1);
    const isNew = types[0] === "bytea";
    if (isNew) fresh ??= await world.open("new");
    const application = isNew ? (fresh as Application) : old;
    for (const tenant of tenants) {
      const mine = known.get(tenant) as Map<string, Values>;
      expect(await readAll(application, tenant), tenant).toEqual(mine);
      const { db } = application.session(tenant);
      const ids = [...mine.keys()];
      const id = ids[randomInt(ids.length)] as string;
      const text = randomUUID();
      const values: Values = [text, randomInt(3) === 0 ? null : text];
      await db
        .updateTable("books")
        .set({ [code]: values[0], [note]: values[1] })
        .where("id", "=", id)
        .execute();
      mine.set(id, values);
      const made = `${text.slice(0, 14)}7${text.slice(15)}`;
      await db
        .deleteFrom("books")
        .where("id", "=", ids.find((one) => one !== id) as string)
        .execute();
      mine.delete(ids.find((one) => one !== id) as string);
      await db
        .insertInto("books")
        .values({
          id: made,
          title: "made",
          [code]: text,
          [note]: text,
          price: "1.00",
          branch_id: branchOf(tenant),
          holder_id: null,
          shelf: "open",
        })
        .execute();
      mine.set(made, [text, text]);
      if (isNew) {
        const found = await db.selectFrom("books").select("id").where(note, "=", text).execute();
        expect(found.map((row) => row.id).toSorted()).toEqual(
          (values[1] === null ? [made] : [id, made]).toSorted(),
        );
      }
    }
    // Each cell that is there, wherever it stands, opens to the plaintext beside it.
    for (const [at, column] of [code, note].entries()) {
      const { sealed, aside } = names[at] as (typeof names)[number];
      const [cell, plain] = isNew ? [column, aside] : [sealed, column];
      if (!columns.has(cell) || !columns.has(plain)) continue;
      for (const row of await world.raw(
        `select tenant_id, id::text as id, ${quoted(plain)} as plain, encode(${quoted(cell)}, 'hex') as cell from public.books
  where ${quoted(plain)} is not null and substr(${quoted(cell)}, 5, 4) <> '\\x00000000'`,
      )) {
        const tenant = row["tenant_id"] as Tenant;
        const { cells } = await world.operator.turn((session) =>
          operatorSealers(session, server.keys, tenant),
        );
        expect(cells.open({ table: "books", column, row: String(row["id"]) }, String(row["cell"]))).toBe(
          row["plain"],
        );
      }
    }
  }

  return {
    reset,
    run,
    check,
    async close() {
      for (const child of waiting) child.process.kill("SIGKILL");
      await old.close();
      await fresh?.close();
      await world.close();
    },
  };
}

async function readAll(application: Application, tenant: Tenant): Promise<ReadonlyMap<string, unknown>> {
  const read = await application.session(tenant).db.selectFrom("books").select(["id", code, note]).execute();
  return new Map(read.map((row) => [row.id, [shown(row[code]), shown(row[note])]]));
}
