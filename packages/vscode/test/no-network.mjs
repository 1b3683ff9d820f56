/** Loaded before a program: whatever would open a connection ends it at once, and says what it was. */
import childProcess from "node:child_process";
import dgram from "node:dgram";
import dns from "node:dns";
import { syncBuiltinESMExports } from "node:module";
import net from "node:net";

function end(what) {
  return () => {
    process.stderr.write(`tried: ${what}\n`);
    process.exit(99);
  };
}
net.Socket.prototype.connect = end("to connect");
net.Server.prototype.listen = end("to listen");
for (const name of ["lookup", "resolve", "resolve4"]) dns[name] = end("to look a name up");
dgram.createSocket = end("to send");
for (const name of ["spawn", "fork", "exec", "execFile", "spawnSync", "execSync", "execFileSync"])
  childProcess[name] = end("to start a program");
globalThis.fetch = end("to fetch");
globalThis.WebSocket = end("to connect");
syncBuiltinESMExports();
