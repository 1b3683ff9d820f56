/** One person at the service: what they ask for next is drawn, within what people of their kind do. */
import type { Random } from "../../src/data/random.ts";
import type { Credentials } from "../../src/service/sign-in/accounts.ts";
import { Client, codeOf, type Answer } from "./client.ts";

export interface Asked {
  readonly what: string;
  readonly answer: Answer;
  /** The answer must be that there is nothing: a row of another tenant was asked for. */
  readonly isForeign: boolean;
}

export class Visitor {
  readonly person: Credentials;
  readonly #client: Client;
  readonly #random: Random;
  readonly #foreign: readonly string[];
  readonly #own: string[] = [];
  #next: string | null = null;

  constructor(port: number, person: Credentials, random: Random, foreign: readonly string[]) {
    this.person = person;
    this.#client = new Client(port, person.tenant);
    this.#random = random;
    this.#foreign = foreign;
  }

  /** Takes another's sign-in, as one browser has many windows. */
  static like(port: number, other: Visitor, random: Random, foreign: readonly string[]): Visitor {
    const visitor = new Visitor(port, other.person, random, foreign);
    visitor.#client.cookie = other.#client.cookie;
    return visitor;
  }

  async signIn(): Promise<void> {
    const answer = await this.#client.signIn(this.person);
    if (answer.status !== 303) throw new Error(`${this.person.id} could not sign in: ${answer.status}`);
    if (this.person.id === "eve.adler")
      await this.#client.post("/confirm", { code: codeOf(this.person, new Date()), next: "/" });
  }

  async ask(): Promise<Asked> {
    const draw = this.#random.int(100);
    if (draw < 30) return this.#list();
    if (draw < 40) return this.#asked("page", await this.#client.get("/"));
    if (draw < 55)
      return this.#asked(
        "foreign patient",
        await this.#client.get(`${this.#kind()}${this.#random.pick(this.#foreign)}`),
        true,
      );
    if (draw < 60) return this.#foreignChange();
    const id = this.#own.length === 0 ? undefined : this.#random.pick(this.#own);
    if (id === undefined) return this.#list();
    if (draw < 75) return this.#asked("patient", await this.#client.get(`${this.#kind()}${id}`));
    if (draw < 85) return this.#asked("visits", await this.#client.get(`/api/patients/${id}/visits`));
    if (draw < 92)
      return this.#asked(
        "with a reason",
        await this.#client.post(`/patients/${id}/open`, { purpose: "load" }),
      );
    if (draw < 97)
      return this.#asked(
        "change",
        await this.#client.patch(`/api/patients/${id}`, { notes: `seen ${draw}` }),
      );
    return this.person.id === "eve.adler"
      ? this.#asked("export", await this.#client.get("/export"))
      : this.#asked("policy", await this.#client.get("/policy"));
  }

  /** As an owner: the answer to a text that is to be in force. */
  publish(text: string): Promise<Answer> {
    return this.#client.publish(text);
  }

  #kind(): string {
    return this.#random.chance(0.5) ? "/api/patients/" : "/patients/";
  }

  async #list(): Promise<Asked> {
    const path = this.#next === null ? "/api/patients" : `/api/patients?after=${this.#next}`;
    const answer = await this.#client.get(path);
    if (answer.status === 200) {
      const { rows, next } = JSON.parse(answer.text) as { rows: { id: string }[]; next: string | null };
      this.#own.push(...rows.map(({ id }) => id));
      this.#own.splice(0, Math.max(0, this.#own.length - 400));
      this.#next = next;
    }
    return this.#asked("list", answer);
  }

  async #foreignChange(): Promise<Asked> {
    const id = this.#random.pick(this.#foreign);
    return this.#asked(
      "foreign change",
      await this.#client.patch(`/api/patients/${id}`, { name: "taken" }),
      true,
    );
  }

  #asked(what: string, answer: Answer, isForeign = false): Asked {
    return { what, answer, isForeign };
  }
}
