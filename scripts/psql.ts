/** The two options of psql that guides use, for machines without it: `psql URL -f FILE` and `psql URL -c TEXT`. Ends at the first error. */
import { readFileSync } from "node:fs";
import { connect } from "../packages/database-testing/src/index.ts";

const [address = "", option, value = ""] = process.argv.slice(2);
const url = new URL(address);
const connection = await connect({
  host: "127.0.0.1",
  port: Number(url.port),
  user: url.username,
  password: url.password,
  database: url.pathname.slice(1),
});
try {
  await connection.exec(option === "-f" ? readFileSync(value, "utf8") : value);
} finally {
  await connection.close();
}
