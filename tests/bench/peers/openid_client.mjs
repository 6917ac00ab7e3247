// A sign-in from the command line with openid-client, as its documentation shows it:
//     node openid_client.mjs ISSUER CLIENT-ID
// $BROWSER names the browser.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { argv, env } from 'node:process';

import * as client from 'openid-client';

const [issuer, clientId] = argv.slice(2);
const config = await client.discovery(new URL(issuer), clientId, undefined, client.None(), {
  execute: [client.allowInsecureRequests],
});

const server = createServer().listen(0, '127.0.0.1');
await once(server, 'listening');
const redirectUri = `http://127.0.0.1:${server.address().port}/callback`;

const pkceCodeVerifier = client.randomPKCECodeVerifier();
const expectedState = client.randomState();
const expectedNonce = client.randomNonce();
const url = client.buildAuthorizationUrl(config, {
  redirect_uri: redirectUri,
  scope: 'openid profile email offline_access',
  code_challenge: await client.calculatePKCECodeChallenge(pkceCodeVerifier),
  code_challenge_method: 'S256',
  state: expectedState,
  nonce: expectedNonce,
});

const answer = once(server, 'request');
spawn(env.BROWSER, [url.href], { stdio: 'ignore', detached: true }).unref();
const [request, response] = await answer;
response.setHeader('connection', 'close').end('Signed in');
server.close();

const tokens = await client.authorizationCodeGrant(config, new URL(request.url, redirectUri), {
  pkceCodeVerifier,
  expectedState,
  expectedNonce,
});
console.log(`signed in as ${tokens.claims().sub}, with an access token of ${tokens.access_token.length} bytes`);
