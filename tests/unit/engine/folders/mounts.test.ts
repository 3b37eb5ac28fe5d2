// The system's list of mounts: what is read from it, and what lies on what.
import assert from 'node:assert/strict'
import test from 'node:test'
import { farBelow, isFar, mountsBelow } from '../../../../main/engine/folders/mounts.ts'
import { mountHolding, parseMounts } from '../../../../main/wire/disk/mount-list.ts'

const LIST = `27 1 254:0 / / rw,relatime - ext4 /dev/vda rw
22 27 0:21 / /proc rw,relatime shared:1 master:2 - proc proc rw
90 27 8:1 / /media/anna/My\\040Drive rw - vfat /dev/sdb1 rw
91 27 0:44 / /media/anna/nas rw - autofs systemd-1 rw,fd=55
92 91 0:45 / /media/anna/nas rw - nfs4 nas:/photos rw
93 90 8:2 / /media/anna/My\\040Drive/inside rw - ext4 /dev/sdc1 rw
`

test('points are unescaped, and one at which several are mounted is told once', () => {
  assert.deepEqual(
    [...parseMounts(LIST).keys()],
    [
      '/',
      '/proc',
      '/media/anna/My Drive',
      '/media/anna/nas',
      '/media/anna/My Drive/inside'
    ]
  )
})

test('what is mounted is told, of several at one point the last', () => {
  const mounts = parseMounts(LIST)
  const drive = { id: '90', root: '/', type: 'vfat', source: '/dev/sdb1' }
  assert.deepEqual(mounts.get('/media/anna/My Drive'), drive)
  const share = { id: '92', root: '/', type: 'nfs4', source: 'nas:/photos' }
  assert.deepEqual(mounts.get('/media/anna/nas'), share)
})

test('what holds a path, and what lies below one', () => {
  const mounts = parseMounts(LIST)
  assert.equal(mountHolding(mounts, '/media/anna/My Drive/2024'), '/media/anna/My Drive')
  assert.equal(mountHolding(mounts, '/media/anna/My Driver'), '/')
  assert.equal(mountHolding(parseMounts(''), '/a/b'), undefined)
  const below = (path: string): string[] => mountsBelow(mounts, path)
  assert.deepEqual(below('/media/anna/My Drive'), ['/media/anna/My Drive/inside'])
  assert.equal(below('/').length, 4)
})

test('shares are far away, and so is what a program shows; drives and rooms of programs are not', () => {
  const typed = (type: string): boolean =>
    isFar(parseMounts(`36 27 0:50 / /media/one rw - ${type} any rw\n${LIST}`), '/media/one/2024')
  const far = ['nfs', 'cifs', 'smb3', 'fuse.sshfs', 'fuse.rclone', 'fuse', 'fuse.unknown']
  assert.deepEqual(far.filter(typed), far)
  const near = ['ext4', 'vfat', 'fuseblk', 'exfat', 'btrfs', 'overlay', 'fuse.mergerfs']
  assert.deepEqual(near.filter(typed), [])
  assert.equal(isFar(undefined, '/media/one'), false, 'where nothing is known')
})

test('a share below a folder counts where the directory that it is mounted in is looked at', () => {
  const points = ['/home/anna/nas', '/home/anna/.gvfs', '/home/anna/.cache/doc', '/home/anna/old/nas']
  const list = points.map((point, i) => `${40 + i} 27 0:5${i} / ${point} rw - fuse.sshfs s rw\n`)
  const mounts = parseMounts(LIST + list.join(''))
  const isLookedAt = (directory: string): boolean => directory !== '.cache' && directory !== 'old'
  assert.deepEqual(farBelow(mounts, '/home/anna', isLookedAt), points.slice(0, 2))
  assert.deepEqual(farBelow(mounts, '/media', () => true), ['/media/anna/nas'])
})
