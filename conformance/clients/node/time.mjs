// The clock of the run for an unmodified library in Node.
//
// Time stands still while anything runs. When nothing is under way any more and something waits for a timer, the run is told
// that the client sleeps until the earliest one. AbortSignal.timeout() limits something that is under way: it fires when time
// has passed it, and never makes time pass. Not covered, and real: performance.now(), timers/promises, and the time-outs of
// sockets.
const GRACE = 2 // real milliseconds in which what is computed in other threads (WebCrypto) may go on before time passes

// Whether Node itself asks: its fetch() has time-outs of its own, which have to stay real.
function isNodesOwn() {
  return /[( ]node:/.test(new Error().stack.split('\n')[3])
}

export class VirtualTime {
  #run // sleep(seconds), now(): the events of the run, each followed by move()
  #now = 0 // milliseconds since the epoch
  #timers = new Set() // {due, call, drives, every}
  #underWay = 0 // requests
  #watching = false
  #real = { Date, setTimeout, setInterval, clearTimeout, clearInterval, fetch }

  constructor(run) {
    this.#run = run
    this.#now = Date.now()
  }

  /** The run's time is told, in seconds. What is due by then happens. */
  move(seconds) {
    this.#now = Math.round(seconds * 1e6) / 1e3
    for (const timer of [...this.#timers].sort((a, b) => a.due - b.due)) {
      if (timer.due > this.#now || !this.#timers.has(timer)) continue
      if (timer.every === undefined) this.#timers.delete(timer)
      else timer.due = this.#now + timer.every
      setImmediate(timer.call)
    }
  }

  install(scope) {
    const time = this
    const RealDate = this.#real.Date
    scope.Date = class Date extends RealDate {
      constructor(...parts) {
        super(...(parts.length > 0 ? parts : [Math.floor(time.#now)]))
      }
      static now() {
        return Math.floor(time.#now)
      }
    }
    scope.setTimeout = (call, ms = 0, ...args) => (isNodesOwn() ? this.#real.setTimeout.call(scope, call, ms, ...args)
      : this.#add(ms, () => call(...args), { drives: true }))
    scope.setInterval = (call, ms = 1, ...args) => (isNodesOwn() ? this.#real.setInterval.call(scope, call, ms, ...args)
      : this.#add(ms, () => call(...args), { drives: true, every: Math.max(ms, 1) }))
    scope.clearTimeout = (timer) => this.#timers.delete(timer) || this.#real.clearTimeout.call(scope, timer)
    scope.clearInterval = (timer) => this.#timers.delete(timer) || this.#real.clearInterval.call(scope, timer)
    scope.AbortSignal.timeout = (ms) => {
      const limit = new AbortController()
      const abort = () => limit.abort(new DOMException('The operation was aborted due to timeout', 'TimeoutError'))
      this.#add(ms, abort, { drives: false })
      return limit.signal
    }
    scope.fetch = (...request) => this.#fetch(request)
  }

  async #fetch(request) {
    this.#underWay += 1
    try {
      const reply = await this.#real.fetch(...request)
      await reply.clone().arrayBuffer().catch(() => {}) // it has come when all of it has
      return reply
    } finally {
      await this.#run.now() // the issuer may have taken its time
      this.#underWay -= 1
    }
  }

  #add(ms, call, { drives, every }) {
    const timer = { due: this.#now + Math.max(Number(ms) || 0, 0), call, drives, every }
    Object.assign(timer, { ref: () => timer, unref: () => timer, hasRef: () => drives })
    this.#timers.add(timer)
    if (drives) this.#watch()
    return timer
  }

  /** Lets time pass when nothing else can happen. */
  async #watch() {
    if (this.#watching) return
    this.#watching = true
    while ([...this.#timers].some((timer) => timer.drives)) {
      await new Promise((resolve) => this.#real.setTimeout.call(globalThis, resolve, GRACE))
      const waits = [...this.#timers].filter((timer) => timer.drives)
      if (this.#underWay > 0 || waits.length === 0) continue
      const earliest = Math.min(...waits.map((timer) => timer.due))
      if (earliest > this.#now) await this.#run.sleep((earliest - this.#now) / 1e3)
      else this.move(this.#now / 1e3)
    }
    this.#watching = false
  }
}
