// oauth2-mock-server with one key of an algorithm; prints its token endpoint as one JSON line.
import { OAuth2Server } from 'oauth2-mock-server';

const alg = process.argv[2] ?? 'RS256';
const server = new OAuth2Server();
await server.issuer.keys.generate(alg);
await server.start(0, '127.0.0.1');
const origin = `http://127.0.0.1:${server.address().port}`;
console.log(JSON.stringify({ token: `${origin}/token`, discovery: `${origin}/.well-known/openid-configuration` }));
