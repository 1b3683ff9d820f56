/** B1: one decision over nine permits and one forbid with attributes, and the same by hand. */
import { compile } from "@wardline/compiler";
import type { Program, RequestDocument } from "@wardline/core";

const model = `model bench
context {
  mfa: Bool
}
principal User {
  level: Int(0..9)
  team: String
}
role r1, r2, r3, r4, r5, r6, r7, r8, r9 for User
entity Document stored in documents {
  owner: User
  team: String
  secret: Bool
  rank: Int(0..9)
}
action read reads Document
`;

const platform = `platform for bench
ceiling all: anyone to read Document
`;

const policy = `policy north for bench
permit p1: r1 to read Document when resource.owner == principal
permit p2: r2 to read Document when resource.team == principal.team
permit p3: r3 to read Document when resource.rank <= principal.level
permit p4: r4 to read Document when context.mfa
permit p5: r5 to read Document when not resource.secret
permit p6: r6 to read Document when resource.rank < 3
permit p7: r7 to read Document when resource.team == "red"
permit p8: r8 to read Document when principal.level >= 5
permit p9: r9 to read Document when resource.owner == principal and context.mfa
forbid f1: anyone to read Document when resource.secret and principal.level < 7
`;

export function compileWork(): Program {
  const source = (name: string, text: string) => ({ name, text });
  const { program, findings } = compile({
    model: source("model.ward", model),
    platform: [source("platform.ward", platform)],
    policy: source("north.ward", policy),
    tenant: "north",
  });
  if (program === null) throw new Error(findings.map((finding) => finding.message).join("\n"));
  return program;
}

/** 256 requests of mixed answers; the same each time. */
export function makeRequests(): readonly RequestDocument[] {
  return Array.from({ length: 256 }, (_, n) => ({
    tenant: { id: "north" },
    principal: {
      type: "User",
      id: `u${n % 7}`,
      tenant: "north",
      roles: [`r${(n % 9) + 1}`],
      attributes: { level: n % 10, team: n % 3 === 0 ? "red" : "blue" },
    },
    action: { name: "read" },
    resource: {
      type: "Document",
      id: `d${n}`,
      tenant: "north",
      attributes: {
        owner: `u${n % 5}`,
        team: n % 2 === 0 ? "red" : "blue",
        secret: n % 11 === 0,
        rank: n % 8,
      },
    },
    context: { mfa: n % 2 === 1 },
  }));
}

interface Facts {
  readonly id: string;
  readonly role: string;
  readonly level: number;
  readonly team: string;
  readonly owner: string;
  readonly rowTeam: string;
  readonly secret: boolean;
  readonly rank: number;
  readonly mfa: boolean;
}

/** What a developer would write for this one policy, with facts already at hand. */
export function byHand(f: Facts): boolean {
  if (f.secret && f.level < 7) return false;
  switch (f.role) {
    case "r1":
      return f.owner === f.id;
    case "r2":
      return f.rowTeam === f.team;
    case "r3":
      return f.rank <= f.level;
    case "r4":
      return f.mfa;
    case "r5":
      return !f.secret;
    case "r6":
      return f.rank < 3;
    case "r7":
      return f.rowTeam === "red";
    case "r8":
      return f.level >= 5;
    case "r9":
      return f.owner === f.id && f.mfa;
    default:
      return false;
  }
}

/** The facts of a request of {@link makeRequests} for the function by hand. */
export function factsOf(request: RequestDocument): Facts {
  const principal = request.principal.attributes as { level: number; team: string };
  const row = request.resource.attributes as { owner: string; team: string; secret: boolean; rank: number };
  const context = request.context as { mfa: boolean };
  return {
    id: request.principal.id,
    role: request.principal.roles[0] as string,
    level: principal.level,
    team: principal.team,
    owner: row.owner,
    rowTeam: row.team,
    secret: row.secret,
    rank: row.rank,
    mfa: context.mfa,
  };
}
