// A certified provider for the cross-room tests: one public native client, a protected `/me`.
// Prints one line of JSON when it is ready, and ends when its standard input does.

import { generateKeyPair } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { parseArgs, promisify } from 'node:util';

import Provider from 'oidc-provider';

const { values: options } = parseArgs({ options: { 'access-token-lifetime': { type: 'string', default: '3600' } } });

const server = createServer().listen(0, '127.0.0.1');
await once(server, 'listening');
const issuer = `http://127.0.0.1:${server.address().port}`;

const provider = new Provider(issuer, {
  clients: [
    {
      client_id: 'doorkey',
      client_name: 'Doorkey',
      application_type: 'native',
      token_endpoint_auth_method: 'none',
      grant_types: ['authorization_code', 'refresh_token', 'urn:ietf:params:oauth:grant-type:device_code'],
      response_types: ['code'],
      // The port of a native client's loopback redirect is ignored (RFC 8252, section 7.3).
      redirect_uris: ['http://127.0.0.1/callback', 'http://localhost/callback', 'http://[::1]/callback'],
      post_logout_redirect_uris: ['http://127.0.0.1/callback', 'http://localhost/callback'],
    },
  ],
  claims: { openid: ['sub'], profile: ['name', 'preferred_username'], email: ['email', 'email_verified'] },
  cookies: { keys: ['only for tests'] },
  features: { deviceFlow: { enabled: true }, revocation: { enabled: true }, introspection: { enabled: true } },
  // Without prompt=consent this provider strikes offline_access from the request (OpenID Connect Core,
  // section 11); deployments for native clients decide by the grant type instead.
  issueRefreshToken: (_context, client) => client.grantTypeAllowed('refresh_token'),
  expiresWithSession: () => false,
  jwks: { keys: [await signingKey()] },
  pkce: { required: () => true },
  ttl: { AccessToken: Number(options['access-token-lifetime']) },
  findAccount: (_context, id) => ({
    accountId: id,
    claims: () => ({
      sub: id,
      name: id.replace(/^./, (letter) => letter.toUpperCase()),
      preferred_username: id,
      email: `${id}@example.com`,
      email_verified: true,
    }),
  }),
});

async function signingKey() {
  const { privateKey } = await promisify(generateKeyPair)('rsa', { modulusLength: 2048 });
  return { ...privateKey.export({ format: 'jwk' }), alg: 'RS256', use: 'sig', kid: 'one' };
}

// The protected API: asks the provider, in the same process, whether the token is alive.
async function me(request, response) {
  const [, presented] = /^Bearer (\S+)$/i.exec(request.headers.authorization ?? '') ?? [];
  const token = presented && (await provider.AccessToken.find(presented));
  if (!token?.isValid) {
    const challenge = presented ? 'Bearer realm="me", error="invalid_token"' : 'Bearer realm="me"';
    response.writeHead(401, { 'www-authenticate': challenge, 'content-type': 'application/json' });
    response.end(JSON.stringify({ error: presented ? 'invalid_token' : 'no_token' }));
    return;
  }
  response.writeHead(200, { 'content-type': 'application/json', 'cache-control': 'no-store' });
  response.end(JSON.stringify({ sub: token.accountId, scope: token.scope, client_id: token.clientId }));
}

const answer = provider.callback();
server.on('request', (request, response) => {
  const { pathname } = new URL(request.url, issuer);
  if (pathname !== '/me') return answer(request, response);
  me(request, response).catch((error) => response.writeHead(500).end(String(error)));
});

process.stdin.resume().on('end', () => process.exit(0));
console.log(JSON.stringify({ issuer, api: `${issuer}/` }));
