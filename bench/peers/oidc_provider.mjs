// node-oidc-provider issuing client_credentials tokens, signed by an algorithm or opaque; prints its token endpoint as one JSON line.
import { generateKeyPairSync } from 'node:crypto';
import { createServer } from 'node:http';
import { Provider } from 'oidc-provider';

const kind = process.argv[2] ?? 'RS256';
const alg = kind === 'opaque' ? 'RS256' : kind;
const pairs = {
  RS256: () => generateKeyPairSync('rsa', { modulusLength: 2048 }),
  ES256: () => generateKeyPairSync('ec', { namedCurve: 'P-256' }),
  EdDSA: () => generateKeyPairSync('ed25519'),
};
const key = { ...pairs[alg]().privateKey.export({ format: 'jwk' }), alg, use: 'sig', kid: 'bench' };

const server = createServer();
await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
const origin = `http://127.0.0.1:${server.address().port}`;
const provider = new Provider(origin, {
  jwks: { keys: [key] },
  clients: [{ client_id: 'service-post', client_secret: 'bench', grant_types: ['client_credentials'], redirect_uris: [], response_types: [], token_endpoint_auth_method: 'client_secret_post', id_token_signed_response_alg: alg }],
  enabledJWA: { idTokenSigningAlgValues: ['RS256', 'ES256', 'EdDSA'] },
  features: {
    clientCredentials: { enabled: true },
    devInteractions: { enabled: false },
    resourceIndicators: {
      enabled: true,
      defaultResource: () => 'https://api.test/',
      useGrantedResource: () => true,
      getResourceServerInfo: () => ({
        scope: 'api', audience: 'https://api.test/',
        ...(kind === 'opaque' ? { accessTokenFormat: 'opaque' } : { accessTokenFormat: 'jwt', jwt: { sign: { alg } } }),
      }),
    },
  },
});
server.on('request', provider.callback());
console.log(JSON.stringify({ token: `${origin}/token`, discovery: `${origin}/.well-known/openid-configuration` }));
