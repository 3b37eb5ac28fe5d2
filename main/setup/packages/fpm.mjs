#!/usr/bin/env node
// What electron-builder calls in place of fpm, to make a deb or an rpm (CUSTOM_FPM_PATH). Set-up.
// Fpm would be fetched as a binary; this does the same by Debian's dpkg-deb and rpmbuild, so that
// a package that is released was made exactly as the one that tests look into.
import { mkdtempSync, rmSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { SetupError, runScript } from '../machine.mjs'
import { writeDeb } from './deb.mjs'
import { parsedArguments } from './fpm-arguments.mjs'
import { writeRpm } from './rpm.mjs'

const WRITERS = { deb: writeDeb, rpm: writeRpm }

await runScript(async (args) => {
  const wanted = parsedArguments(args)
  const write = WRITERS[wanted.target]
  if (!write) throw new SetupError(`fpm: -t ${wanted.target}: expected deb or rpm`)
  const work = mkdtempSync(join(dirname(wanted.file), '.unfinished-'))
  try {
    await write(wanted, work, 'ELECTRON_BUILDER_COMPRESSION_LEVEL' in process.env)
  } finally {
    rmSync(work, { recursive: true, force: true })
  }
  return 0
})
