// Installs the system packages that tests and packaging need, as root. Set-up, plain Node. `npm
// test` and `npm run package` do so by themselves as root; this is for who runs these as a user.
import { ensureDebian, ensurePackaging } from './debian.mjs'
import { runScript } from './machine.mjs'
import { PACKAGING } from './test-plan.mjs'

await runScript(async () => {
  await ensureDebian({ forTests: true })
  await ensurePackaging(PACKAGING.targets)
  return 0
})
