// A certified OpenID provider (npm: oidc-provider) in the clothes of Entra ID's v2 endpoints, for sign_in_real_test.py:
//
//   node provider.mjs SETTINGS.json       what stands in it: see real_sign_in.py
//
// What Entra ID does and OAuth does not is done in `dressed`, before the provider sees a request:
//   * a scope is RESOURCE/.default; here it becomes the resource indicator of RFC 8707 and a scope of that resource
//   * nobody proves who they are when they ask for a device code; the provider wants the client's credentials there
// and a refresh token that was used stays good, unless the settings say `reuse: revokes`. All else is the provider's own.
//
// GET /check is for the TLS front, which asks it about every access token before it lets a request pass.
// Each answer of the token endpoint is a line in the journal before it leaves: the test knows every secret that was issued.
import * as fs from 'node:fs';
import * as http from 'node:http';
import * as querystring from 'node:querystring';

import * as jose from 'jose';
import Provider, { errors } from 'oidc-provider';
import MemoryAdapter from 'oidc-provider/lib/adapters/memory_adapter.js';

const settings = JSON.parse(fs.readFileSync(process.argv[2], 'utf8'));
const journal = fs.openSync(settings.journal, 'a');
const resourceScope = 'user_impersonation';
const paths = {
  token: `/${settings.tenant}/oauth2/v2.0/token`,
  device: `/${settings.tenant}/oauth2/v2.0/devicecode`,
};
const own = await jose.generateKeyPair('ES256', { extractable: true });
const ownKey = { ...await jose.exportJWK(own.privateKey), kid: 'own', alg: 'ES256', use: 'sig' };
const ownPublicKey = { ...await jose.exportJWK(own.publicKey), kid: 'own', alg: 'ES256', use: 'sig' };

function write(entry) {
  fs.writeSync(journal, `${JSON.stringify({ at: Date.now(), ...entry })}\n`);
}

class Adapter extends MemoryAdapter {
  async consume(id) {
    if (this.model !== 'RefreshToken' || settings.reuse === 'revokes') await super.consume(id);
  }
}

// The key of a client's certificate, and one of ours for the device code, which Entra ID hands out to anybody.
function metadata(client) {
  const how = {};
  if (client.secret) Object.assign(how, { token_endpoint_auth_method: 'client_secret_post', client_secret: client.secret });
  else if (client.jwk) Object.assign(how, { token_endpoint_auth_method: 'private_key_jwt', jwks: { keys: [client.jwk, ownPublicKey] } });
  else how.token_endpoint_auth_method = 'none';
  return {
    client_id: client.id,
    application_type: 'native',
    grant_types: ['urn:ietf:params:oauth:grant-type:device_code', 'refresh_token'],
    response_types: [],
    redirect_uris: [],
    id_token_signed_response_alg: 'ES256',
    ...how,
  };
}

const seconds = settings.access_token_seconds;
const provider = new Provider(settings.issuer, {
  adapter: Adapter,
  clients: settings.clients.map(metadata),
  jwks: { keys: [ownKey] },
  cookies: { keys: ['of the test'] },
  routes: { token: paths.token, device_authorization: paths.device },
  rotateRefreshToken: true,
  ttl: { AccessToken: seconds, RefreshToken: 86400, DeviceCode: 900, Grant: 86400, Session: 3600, Interaction: 3600 },
  extraTokenClaims: () => settings.claims,
  features: {
    deviceFlow: { enabled: true },
    devInteractions: { enabled: true },
    resourceIndicators: {
      enabled: true,
      getResourceServerInfo: () => ({
        scope: resourceScope,
        audience: settings.resource,
        accessTokenTTL: seconds,
        accessTokenFormat: settings.access_token_format,
        jwt: { sign: { alg: 'ES256' } },
      }),
    },
  },
  async assertJwtClientAuthClaimsAndHeader(ctx, claims, header, client) {
    if (header.kid === 'own') return;
    write({ event: 'assertion', claims, header });
    const known = settings.clients.find(({ id }) => id === client.clientId);
    // Entra ID finds the certificate by its thumbprint.
    if (header['x5t#S256'] !== known.x5t_s256 && header.x5t !== known.x5t) throw new errors.InvalidClientAuth('certificate unknown');
  },
});
provider.proxy = true;

async function body(request) {
  const parts = [];
  for await (const part of request) parts.push(part);
  return querystring.parse(Buffer.concat(parts).toString());
}

async function proveForDeviceCode(form) {
  const client = settings.clients.find(({ id }) => id === form.client_id);
  if (client?.secret) form.client_secret ??= client.secret;
  if (!client?.jwk || form.client_assertion) return;
  form.client_assertion_type = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer';
  form.client_assertion = await new jose.SignJWT({}).setProtectedHeader({ alg: 'ES256', kid: 'own' })
    .setIssuer(client.id).setSubject(client.id).setAudience(settings.issuer).setJti(`${Math.random()}`)
    .setIssuedAt().setExpirationTime('1m').sign(own.privateKey);
}

async function dressed(ctx) {
  const form = await body(ctx.req);
  const wanted = form.scope?.split(' ') ?? [];
  if (wanted.includes(`${settings.resource}/.default`)) {
    form.resource = settings.resource;
    form.scope = [resourceScope, ...wanted.filter((scope) => !scope.includes('://'))].join(' ');
  }
  if (ctx.path === paths.device) await proveForDeviceCode(form);
  ctx.req.body = form;
  return form;
}

async function isGood(token) {
  if (settings.access_token_format === 'opaque') return Boolean(await provider.AccessToken.find(token));
  try {
    await jose.jwtVerify(token, own.publicKey, { audience: settings.resource, issuer: settings.issuer });
    return true;
  } catch {
    return false;
  }
}

provider.use(async (ctx, next) => {
  if (ctx.path === '/check') {
    ctx.status = await isGood(ctx.get('authorization').replace(/^Bearer /, '')) ? 204 : 401;
    return;
  }
  const form = ctx.method === 'POST' && Object.values(paths).includes(ctx.path) ? await dressed(ctx) : undefined;
  await next();
  if (ctx.path === paths.device && ctx.body?.device_code) ctx.body.interval = 1;
  if (form) {
    write({ event: ctx.path === paths.token ? 'token' : 'device', status: ctx.status, form, answer: ctx.body });
  }
});

http.createServer(provider.callback()).listen(settings.socket);
