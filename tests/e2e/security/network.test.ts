// Zero network: a whole user story, with every request of Chromium's network stack recorded and
// every socket of every process looked at while it runs. None leaves the machine.
import test from 'node:test'
import assert from 'node:assert/strict'
import { readFileSync, readdirSync, readlinkSync } from 'node:fs'
import { join } from 'node:path'
import { openApp, temporaryFolder, untilIndexed } from '../../support/electron.ts'
import { makePhotos } from '../../support/photos.ts'

// Asked for by the test itself at the end, past all protection, to see that the record would show
// it.
const CONTROL = 'https://control.invalid/'
// What Chromium 130 does for that request, and for no other reason: it asks whether there is a way
// into the internet by IPv6 (a UDP socket is pointed at this address, which sends nothing), and
// then for the name that every name is mapped to, which does not resolve.
const OF_CONTROL = /^(UDP_CONNECT \[2001:4860:4860::8888\]:443|HOST_RESOLVER_MANAGER_.*)$/
const SAMPLE_MILLISECONDS = 100

interface NetworkEvent {
  type: number
  phase: number
  source: { id: number }
  params?: Record<string, unknown>
}

interface NetworkLog {
  constants: { logEventTypes: Record<string, number>; logEventPhase: Record<string, number> }
  events: NetworkEvent[]
}

interface Requests {
  /** Before the control began and after it had ended. */
  ofApp: string[]
  /** The control itself, and what was on record until its end. */
  ofControl: string[]
}

/** Every address, host and connection that the network stack was asked for. */
function requestsIn(file: string): Requests {
  const { constants, events } = JSON.parse(readFileSync(file, 'utf8')) as NetworkLog
  const { REQUEST_ALIVE } = constants.logEventTypes
  const { PHASE_END } = constants.logEventPhase
  const begin = events.findIndex((event) => event.params?.['url'] === CONTROL)
  const end = events.findIndex(
    ({ type, phase, source }) =>
      type === REQUEST_ALIVE && phase === PHASE_END && source.id === events[begin]?.source.id
  )
  assert.ok(begin >= 0 && end > begin, 'the control is on record, with its end')
  const names = new Map(Object.entries(constants.logEventTypes).map(([name, id]) => [id, name]))
  const outside = /^(REQUEST_ALIVE|URL_REQUEST_START_JOB|TCP_CONNECT|UDP_CONNECT|HOST_RESOLVER)/
  const found: Requests = { ofApp: [], ofControl: [] }
  for (const [at, { type, phase, params = {} }] of events.entries()) {
    const name = names.get(type) ?? ''
    if (phase === PHASE_END || !outside.test(name)) continue
    const whose = at >= begin && at <= end ? found.ofControl : found.ofApp
    whose.push(`${name} ${params['url'] ?? params['address'] ?? ''}`.trim())
  }
  return found
}

function childrenOf(root: number): number[] {
  const parents = new Map<number, number>()
  for (const name of readdirSync('/proc').filter((each) => /^\d+$/.test(each)))
    try {
      const stat = readFileSync(`/proc/${name}/stat`, 'utf8')
      parents.set(Number(name), Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]))
    } catch {
      // It ended while we looked.
    }
  const found = [root]
  for (const pid of found)
    for (const [child, parent] of parents) if (parent === pid) found.push(child)
  return found
}

/** The far ends of all internet sockets that the processes hold, as the kernel writes them. */
function farEnds(pids: readonly number[]): Set<string> {
  const inodes = new Set<string>()
  for (const pid of pids)
    try {
      for (const name of readdirSync(`/proc/${pid}/fd`)) {
        const match = /^socket:\[(\d+)\]$/.exec(readlinkSync(`/proc/${pid}/fd/${name}`))
        if (match?.[1]) inodes.add(match[1])
      }
    } catch {
      // It ended, or closed that file, while we looked.
    }
  const found = new Set<string>()
  for (const table of ['tcp', 'tcp6', 'udp', 'udp6'])
    for (const line of readFileSync(`/proc/net/${table}`, 'utf8').trim().split('\n').slice(1)) {
      const columns = line.trim().split(/\s+/)
      if (inodes.has(columns[9] ?? '')) found.add(columns[2]?.split(':')[0] ?? '')
    }
  return found
}

// Nothing, 127.0.0.1, ::, ::1 and ::ffff:127.0.0.1, in the kernel's byte order.
const ON_THIS_MACHINE = /^(0{8}|0100007F|0{32}|0{24}01000000|0{16}FFFF00000100007F)$/

test('nothing leaves the machine', { skip: process.platform !== 'linux' }, async (t) => {
  const folder = temporaryFolder(t, 'photos')
  await makePhotos(folder, 24)
  const log = join(temporaryFolder(t, 'log'), 'network.json')
  const opened = await openApp(t, { folders: [folder], switches: [`--log-net-log=${log}`] })
  const { app, page } = opened
  const ends = new Set<string>()
  const main = app.process().pid
  assert.ok(main)
  const timer = setInterval(() => {
    for (const end of farEnds(childrenOf(main))) ends.add(end)
  }, SAMPLE_MILLISECONDS)
  t.after(() => clearInterval(timer))

  await untilIndexed(page)
  await page.getByTestId('tile').first().click()
  await page.getByTestId('kin-tile').first().click()
  await page.getByTestId('viewer-back').click()
  await page.getByTestId('viewer-close').click()
  await page.getByTestId('nav-folders').click()
  await page.getByTestId('rescan').click()
  assert.ok(await opened.kill('engine'))
  assert.ok(await opened.kill('decoder'))
  await page.getByTestId('nav-photos').click()
  await untilIndexed(page)

  await app.evaluate(({ net, session }, address) => {
    const control = session.fromPartition('control')
    control.setSpellCheckerEnabled(false)
    control.setSpellCheckerLanguages([])
    return new Promise<void>((resolve) => {
      const request = net.request({ url: address, session: control })
      request.on('error', () => resolve())
      request.on('response', () => resolve())
      request.end()
    })
  }, CONTROL)
  clearInterval(timer)
  await opened.close()

  const { ofApp, ofControl } = requestsIn(log)
  assert.deepEqual(ofApp, [])
  assert.deepEqual(
    ofControl.filter((request) => !request.includes(CONTROL) && !OF_CONTROL.test(request)),
    [],
    'the control did not get as far as a connection'
  )
  assert.ok(ends.has('0100007F'), "the test's own line to the app was seen")
  assert.deepEqual(
    [...ends].filter((end) => !ON_THIS_MACHINE.test(end)),
    []
  )
})
