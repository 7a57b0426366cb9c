#!/usr/bin/env node
// openid-client (https://github.com/panva/openid-client) behind the adapter protocol. --real: on the machine's clock.
//
// It has functions and no session, so that is kept here and is not the library's: holding the tokens, keeping the refresh
// token when a reply brings none, renewing when the lifetime that the issuer told is over.
import { readFileSync } from 'node:fs'

import { ClientError, Unsupported, kit } from '../../node/kit.mjs'

if (!process.argv.includes('--real')) kit.patchTime()
const client = await import('openid-client')
const { version } = JSON.parse(readFileSync(new URL('package.json', import.meta.resolve('openid-client').replace(/build\/.*/, ''))))

const AUTHENTICATIONS = {
  none: async () => client.None(),
  client_secret_basic: async ({ secret }) => client.ClientSecretBasic(secret),
  client_secret_post: async ({ secret }) => client.ClientSecretPost(secret),
  private_key_jwt: async ({ private_key: pem }) => client.PrivateKeyJwt(await crypto.subtle.importKey('pkcs8',
    Buffer.from(pem.split('\n').filter((line) => !line.startsWith('-')).join(''), 'base64'),
    { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' }, false, ['sign'])),
}
let args, configuration, held, subject, pending, device

async function discovered() {
  if (configuration === undefined) {
    const { issuer, client_id: id, client_auth: authentication } = args
    const execute = issuer.startsWith('http:') ? [client.allowInsecureRequests] : []
    configuration = await client.discovery(new URL(issuer), id, undefined,
      await AUTHENTICATIONS[authentication.method](authentication), { execute })
  }
  return configuration
}

const wishes = () => ({
  ...(args.scopes?.length ? { scope: args.scopes.join(' ') } : {}), ...(args.audience ? { audience: args.audience } : {}),
})

function keep(tokens) {
  const left = tokens.expiresIn()
  held = {
    access_token: tokens.access_token, refresh_token: tokens.refresh_token ?? held?.refresh_token,
    expires_at: left === undefined ? undefined : Date.now() / 1000 + left,
  }
  subject = tokens.claims()?.sub ?? subject
  return { access_token: held.access_token, expires_at: held.expires_at }
}

async function renew() {
  if (args.flow === 'client_credentials') return keep(await client.clientCredentialsGrant(await discovered(), wishes()))
  if (!held?.refresh_token) throw new ClientError(held ? 'reauth_required' : 'no_credentials', 'there is no refresh token')
  return keep(await client.refreshTokenGrant(await discovered(), held.refresh_token))
}

const isGood = () => held?.access_token && (held.expires_at === undefined || Date.now() / 1000 < held.expires_at)

async function token() {
  if (!isGood()) await renew()
  return held.access_token
}

const OPERATIONS = {
  configure(given) {
    if (!(given.client_auth.method in AUTHENTICATIONS)) throw new Unsupported(`no ${given.client_auth.method}`)
    args = given
    configuration = held = subject = pending = device = undefined
  },
  async authorization_url() {
    pending = { pkceCodeVerifier: client.randomPKCECodeVerifier(), expectedState: client.randomState() }
    const openid = args.scopes?.includes('openid')
    if (openid) Object.assign(pending, { expectedNonce: client.randomNonce(), idTokenExpected: true })
    const url = client.buildAuthorizationUrl(await discovered(), {
      ...wishes(), redirect_uri: args.redirect_uri, state: pending.expectedState, code_challenge_method: 'S256',
      code_challenge: await client.calculatePKCECodeChallenge(pending.pkceCodeVerifier),
      ...(openid ? { nonce: pending.expectedNonce } : {}),
    })
    return { url: url.href }
  },
  async callback({ url }) {
    return keep(await client.authorizationCodeGrant(await discovered(), new URL(url), pending))
  },
  async device_initiate() {
    device = await client.initiateDeviceAuthorization(await discovered(), wishes())
    return device
  },
  async device_complete() {
    return keep(await client.pollDeviceAuthorizationGrant(await discovered(), device))
  },
  async get_access_token() {
    return { access_token: await token(), expires_at: held.expires_at }
  },
  refresh: renew,
  async request({ url, method = 'GET' }) {
    const target = new URL(url ?? (await discovered()).serverMetadata().userinfo_endpoint)
    const reply = await client.fetchProtectedResource(await discovered(), await token(), target, method)
    return { status: reply.status }
  },
  async userinfo() {
    return client.fetchUserInfo(await discovered(), await token(), subject ?? client.skipSubjectCheck)
  },
  async introspect({ token: asked }) {
    const reply = await client.tokenIntrospection(await discovered(), asked)
    if (!reply.active) throw new ClientError('validation', 'the token is not active')
    return reply
  },
  async revoke({ token: told }) {
    await client.tokenRevocation(await discovered(), told ?? held.refresh_token ?? held.access_token)
  },
  async logout() {
    return { url: client.buildEndSessionUrl(await discovered()).href }
  },
  storage_seed({ credential }) {
    held = { access_token: credential.access_token, refresh_token: credential.refresh_token, expires_at: credential._exp }
  },
}

const KINDS = { invalid_grant: 'reauth_required', access_denied: 'denied', expired_token: 'expired' }

// The library's errors in the words of the protocol. Most of them have a code, few of them ours: no typed_errors.
function told(error) {
  if (error instanceof ClientError || error instanceof Unsupported) return error
  const details = { oauth_error: error.error, http_status: error.status ?? error.cause?.status }
  if (error.error) return new ClientError(KINDS[error.error] ?? 'other', error.message, details)
  if (details.http_status >= 500) return new ClientError('server_error', error.message, details)
  if (error.name === 'TimeoutError') return new ClientError('timeout', error.message)
  const text = [error.code, error.message, error.cause?.code, error.cause?.message].filter(Boolean).join(': ')
  if (/CERT|SELF_SIGNED/.test(error.cause?.code)) return new ClientError('tls', text)
  if (error.message === 'fetch failed') return new ClientError('network', text)
  if (/^OAUTH_JWT|ID Token/.test(text)) return new ClientError('validation', text)
  return error.code?.startsWith('OAUTH_') ? new ClientError('protocol', text) : error
}

const operations = Object.entries(OPERATIONS).map(([name, operation]) => [name, async (given) => {
  try {
    return await operation(given)
  } catch (error) {
    throw told(error)
  }
}])
kit.serve(Object.fromEntries(operations), {
  name: 'openid-client', version, flows: ['code', 'device', 'client_credentials'],
  auth_methods: Object.keys(AUTHENTICATIONS), capabilities: ['rfc9207'], books: [],
  policy: { refresh: { on: 'expiry' }, retries: 'caller', redirect: 'callback' },
})
