/** Where plaintext can still be that once stood in a table, after its column was dropped. No step of an adoption reaches these. */

export function remainsAfter(dropped: readonly string[], rewritten: readonly string[]): readonly string[] {
  const tables = new Set(dropped.map((column) => column.slice(0, column.lastIndexOf("."))));
  const behind = [...tables].filter((table) => !rewritten.includes(table));
  return [
    ...(behind.length === 0
      ? []
      : [
          `the files of ${behind.join(", ")}: values of the dropped columns and rows that were replaced, until the table is written anew (--rewrite, VACUUM FULL)`,
        ]),
    "blocks of the disk that files of the table had before, until they are written over",
    "the write-ahead log and its archive, until they are recycled or deleted",
    "the server's statistics of the columns: rows of pg_statistic that were replaced, until a superuser runs VACUUM FULL pg_catalog.pg_statistic",
    "backups, snapshots and delayed replicas, until their retention ends",
    "logs of statements and their parameters, exports, caches, search indexes, and whatever else has read the columns",
  ];
}
