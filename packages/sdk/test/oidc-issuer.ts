/** A real issuer on this machine: `oidc-provider`, whose keys can be changed while it runs, and which can be made to fail. */
import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { exportJWK, generateKeyPair, type JWK } from "jose";
import { Provider } from "oidc-provider";

export const audience = "https://service.example.org";

export interface Issuer {
  readonly url: string;
  /** The keys in use, with their secret parts. */
  readonly keys: () => readonly JWK[];
  /** From now on it signs by a new key, and has only that one. Gives its name. */
  readonly rotate: () => Promise<string>;
  /** A token by the grant of client credentials, with these claims beside its own. */
  readonly token: (claims?: Record<string, unknown>) => Promise<string>;
  /** Requests for keys so far. */
  readonly asked: () => number;
  /** Answers in place of the provider's; undefined takes it away. */
  readonly answer: (
    by: ((request: IncomingMessage, response: ServerResponse) => boolean) | undefined,
  ) => void;
  readonly close: () => void;
}

export async function startIssuer(): Promise<Issuer> {
  let serve: (request: IncomingMessage, response: ServerResponse) => void = () => undefined;
  let instead: ((request: IncomingMessage, response: ServerResponse) => boolean) | undefined;
  let keys: JWK[] = [];
  let more: Record<string, unknown> = {};
  let asked = 0;
  const server = createServer((request, response) => {
    if (request.url === "/jwks") asked += 1;
    if (instead?.(request, response) !== true) serve(request, response);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

  const rotate = async (): Promise<string> => {
    const kid = `key-${crypto.randomUUID()}`;
    const { privateKey } = await generateKeyPair("ES256", { extractable: true });
    keys = [{ ...(await exportJWK(privateKey)), kid, alg: "ES256", use: "sig" }];
    const provider = new Provider(url, {
      jwks: { keys: keys },
      clients: [
        {
          client_id: "desk",
          client_secret: "secret",
          id_token_signed_response_alg: "ES256",
          grant_types: ["client_credentials"],
          redirect_uris: [],
          response_types: [],
        },
      ],
      features: {
        devInteractions: { enabled: false },
        clientCredentials: { enabled: true },
        resourceIndicators: {
          enabled: true,
          defaultResource: () => audience,
          getResourceServerInfo: () => ({
            scope: "",
            audience,
            accessTokenFormat: "jwt",
            jwt: { sign: { alg: "ES256" } },
          }),
        },
      },
      extraTokenClaims: () => more,
    });
    serve = provider.callback();
    return kid;
  };
  await rotate();

  return {
    url,
    keys: () => keys,
    rotate,
    token: async (claims = {}) => {
      more = claims;
      const answer = await fetch(`${url}/token`, {
        method: "POST",
        headers: { authorization: `Basic ${btoa("desk:secret")}` },
        body: new URLSearchParams({ grant_type: "client_credentials", resource: audience }),
      });
      const { access_token: token = "" } = (await answer.json()) as { access_token?: string };
      return token;
    },
    asked: () => asked,
    answer: (by) => (instead = by),
    close: () => void server.close(),
  };
}
