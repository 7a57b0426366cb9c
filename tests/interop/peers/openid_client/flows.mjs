// The flows of openid-client, unmodified: node flows.mjs FLOW ISSUER. Prints what came of it as JSON.
import * as client from 'openid-client'

const SECRET = 's3cr3t:/%é+'
const REDIRECT = 'http://127.0.0.1:49152/callback'
const [flow, issuer, ...rest] = process.argv.slice(2)

const discover = (id, metadata, authentication) => client.discovery(new URL(issuer), id, metadata, authentication)
const person = () => discover('app', undefined, client.None())
const service = () => discover('service', undefined, client.ClientSecretBasic(SECRET))

async function logIn(config, begin = client.buildAuthorizationUrl) {
  const verifier = client.randomPKCECodeVerifier()
  const state = client.randomState()
  const nonce = client.randomNonce()
  const url = await begin(config, {
    redirect_uri: REDIRECT, scope: 'openid offline_access', state, nonce,
    code_challenge: await client.calculatePKCECodeChallenge(verifier), code_challenge_method: 'S256',
  })
  const reply = await fetch(url, { redirect: 'manual' })
  return client.authorizationCodeGrant(config, new URL(reply.headers.get('location')), {
    pkceCodeVerifier: verifier, expectedState: state, expectedNonce: nonce, idTokenExpected: true,
  })
}

const flows = {
  // openid-client checks iss (RFC 9207), state, nonce, the ID token and that `sub` is the same everywhere.
  async code() {
    const config = await person()
    const tokens = await logIn(config)
    const user = await client.fetchUserInfo(config, tokens.access_token, tokens.claims().sub)
    return { sub: user.sub, token_type: tokens.token_type, expires_in: tokens.expiresIn() }
  },
  async refresh() {
    const config = await person()
    const first = await logIn(config)
    const second = await client.refreshTokenGrant(config, first.refresh_token)
    await client.fetchUserInfo(config, second.access_token, first.claims().sub)
    const again = await client.refreshTokenGrant(config, first.refresh_token).catch((error) => error.error)
    return { rotated: first.refresh_token !== second.refresh_token, again }
  },
  async device() {
    const config = await person()
    const device = await client.initiateDeviceAuthorization(config, { scope: 'openid' })
    const [control] = rest
    const decide = () => fetch(control + '/device', {
      method: 'POST', headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ user_code: device.user_code, decision: 'approve' }),
    })
    const polled = client.pollDeviceAuthorizationGrant(config, device)
    setTimeout(decide, device.interval * 1000 + 300)
    return { sub: (await polled).claims().sub }
  },
  async client_credentials() {
    const config = await service()
    const tokens = await client.clientCredentialsGrant(config, { scope: 'api' })
    const before = await client.tokenIntrospection(config, tokens.access_token)
    await client.tokenRevocation(config, tokens.access_token)
    const after = await client.tokenIntrospection(config, tokens.access_token)
    return { scope: tokens.scope, active: [before.active, after.active] }
  },
  async private_key_jwt() {
    const der = Buffer.from(rest[0], 'base64')
    const key = await crypto.subtle.importKey('pkcs8', der, { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' }, false, ['sign'])
    const config = await discover('service-jwt', undefined, client.PrivateKeyJwt(key))
    return { scope: (await client.clientCredentialsGrant(config, { scope: 'api' })).scope }
  },
  // What it says of an issuer that is wrong in one way.
  async refused() {
    return { code: await logIn(await person()).then(() => 'accepted', (error) => error.code) }
  },
}

console.log(JSON.stringify(await flows[flow]()))
