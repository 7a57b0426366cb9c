// What a Node client needs to talk to Assay (docs/adapters.md), and nothing about OAuth.
//
//   import { ClientError, Unsupported, kit } from './kit.mjs'
//   kit.patchTime()                                  // before the library is imported: `await import('library')`
//   kit.serve({ get_access_token: async (args) => ({ access_token: … }) }, { name: 'mine', version: '1.0', flows: ['code'] })
//
// Operations return the fields of "ok", or throw ClientError for "err" and Unsupported for "unsupported". Whatever else a
// library throws is its result ("err", kind other); what the adapter's own code throws is the adapter's fault ("broken").
// Without patchTime() the program runs on the machine's clock.
import { writeSync } from 'node:fs'
import { dirname } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'

import { VirtualTime } from './time.mjs'

export class ClientError extends Error {
  constructor(kind, message = kind, details = {}) {
    super(message)
    this.fields = { kind, message, ...details }
  }
}

export class Unsupported extends Error {}

const answers = new Map() // event number -> who waits for the answer
let events = 0
let virtual = null

// stdout is the channel: whatever a library prints must not get into it.
process.stdout.write = process.stderr.write.bind(process.stderr)

function write(message) {
  let rest = Buffer.from(JSON.stringify(message) + '\n')
  while (rest.length > 0) {
    try {
      rest = rest.subarray(writeSync(1, rest))
    } catch (error) {
      if (error.code !== 'EAGAIN') throw error
    }
  }
}

function event(name, fields) {
  events += 1
  write({ ev: name, n: events, ...fields })
  return new Promise((resolve) => answers.set(events, resolve))
}

// The answer to an event.
function heard(message) {
  if ('now' in message) virtual?.move(message.now)
  answers.get(message.go)(message)
  answers.delete(message.go)
}

// Whether the innermost frame lies in a file beside the main script. What is in node_modules is the client's.
function isAdaptersOwn(error) {
  const frames = String(error?.stack).split('\n').map((line) => /(file:\/\/[^)]*?):\d+:\d+/.exec(line)?.[1]).filter(Boolean)
  const files = frames.map(fileURLToPath).filter((file) => dirname(file) !== import.meta.dirname)
  return files.length > 0 && dirname(files[0]) === dirname(process.argv[1])
}

async function answer(operation, args) {
  if (operation === undefined) return { unsupported: 'no such operation' }
  try {
    return { ok: (await operation(args)) ?? {} }
  } catch (error) {
    if (error instanceof ClientError) return { err: error.fields }
    if (error instanceof Unsupported) return { unsupported: error.message }
    console.error(error)
    return isAdaptersOwn(error) ? { broken: error.stack } : { err: { kind: 'other', message: String(error) } }
  }
}

export const kit = {
  /** Seconds since the epoch, on the clock of the run. */
  now: async () => (await event('now')).now,
  sleep: (seconds) => event('sleep', { for: seconds }),
  /** Sends the user's browser there; resolves when it came to rest. */
  openUrl: (url) => event('open_url', { url: String(url) }),
  /** Shows something to the user. */
  prompt: (text) => event('prompt', { text }),
  log: (text) => write({ ev: 'log', msg: text }),

  /** Puts Date, the timers, AbortSignal.timeout() and fetch() on the clock of the run. */
  patchTime() {
    virtual = new VirtualTime({ sleep: kit.sleep, now: kit.now })
    virtual.install(globalThis)
  },

  /** Answers until the run ends. `sut`: name, version, and other members of hello: flows, policy, auth_methods, ... */
  serve(operations, { name, version = '', ...more }) {
    const hello = {
      protocol: 2, time: virtual ? 'virtual' : 'real', sut: { name, version, language: 'node' },
      ops: Object.keys(operations).sort(), flows: [], capabilities: [], ...more,
    }
    const setClock = ({ now }) => (virtual ? (virtual.move(now), { now: Date.now() / 1000 }) : {})
    const table = { hello: () => hello, set_clock: setClock, ...operations }
    let earlier = Promise.resolve()
    createInterface({ input: process.stdin }).on('line', (line) => {
      const { id, op, ...args } = JSON.parse(line)
      if (op === undefined) return heard(args)
      if (op === 'shutdown') return earlier.then(() => process.exit(0))
      const operation = Object.hasOwn(table, op) ? table[op] : undefined
      earlier = earlier.then(async () => write({ id, ...(await answer(operation, args)) }))
    }).on('close', () => earlier.then(() => process.exit(0)))
  },
}
