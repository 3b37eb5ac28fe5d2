// The lines between the processes: made when both ends are up, made anew when either comes back.
import test from 'node:test'
import assert from 'node:assert/strict'
import { createSwitchboard, type EndName, type Switchboard } from '../../../main/app/switchboard.ts'

/** A switchboard whose ports are numbers (one line: n and -n), and what was handed to whom. */
function makeBoard(): { up(end: EndName): string[]; board: Switchboard<number> } {
  let lines = 0
  let handed: string[] = []
  const board = createSwitchboard<number>(() => [++lines, -lines])
  return {
    board,
    up(end) {
      handed = []
      board.up(end, (peer, port) => handed.push(`${end} gets ${peer} ${port}`))
      return handed
    }
  }
}

test('every pair that talks gets a line when its second end comes up', () => {
  const handed: string[] = []
  let lines = 0
  const board = createSwitchboard<number>(() => [++lines, -lines])
  for (const end of ['app', 'decoder', 'compute', 'page', 'engine'] as const)
    board.up(end, (peer, port) => handed.push(`${end} gets ${peer} ${port}`))
  assert.deepEqual(handed, [
    'compute gets decoder 1',
    'decoder gets compute -1',
    'page gets engine 2',
    'engine gets page -2',
    'engine gets compute 3',
    'compute gets engine -3',
    'app gets engine 4',
    'engine gets control -4'
  ])
})

test('who comes back gets new lines to all its partners that are up', () => {
  const { up, board } = makeBoard()
  for (const end of ['app', 'page', 'engine', 'compute', 'decoder'] as const) up(end)
  board.down('engine')
  board.down('compute')
  assert.deepEqual(up('compute'), ['compute gets decoder 5', 'decoder gets compute -5'])
  assert.deepEqual(up('engine'), [
    'page gets engine 6',
    'engine gets page -6',
    'engine gets compute 7',
    'compute gets engine -7',
    'app gets engine 8',
    'engine gets control -8'
  ])
})

test('an end that is down gets nothing', () => {
  const { up, board } = makeBoard()
  up('engine')
  board.down('engine')
  assert.deepEqual(up('page'), [])
})
