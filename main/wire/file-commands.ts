// What the page may have app do with the files of photos, which it names by ids, and what comes of
// it. Pure. App finds the paths, asks where to, and asks before a last copy goes; the page is told
// numbers only.
import * as v from 'valibot'
import { FaultRecord } from './fault.ts'
import { PhotoIds } from './file-methods.ts'

const count = v.pipe(v.number(), v.integer(), v.minValue(0))

/** The channels of the bridge's questions (`ipcRenderer.invoke`). */
export const FILES_CHANNEL = 'kindred:files'
export const DRAG_CHANNEL = 'kindred:drag-files'
export const COPY_PICTURE_CHANNEL = 'kindred:copy-picture'
export const UNDO_CHANNEL = 'kindred:undo-files'
export const RETRY_CHANNEL = 'kindred:retry-files'
export const STOP_CHANNEL = 'kindred:stop-files'

/** What can be done with files of photos. */
const FILE_ACTIONS = [
  'show',
  'open',
  'open-with',
  'copy-path',
  'move',
  'copy',
  'trash',
  'trash-duplicates' // the same, but for what lies in a protected folder
] as const
export const FileAction = v.picklist(FILE_ACTIONS)
export type FileAction = v.InferOutput<typeof FileAction>

/** Photos that can be shown, opened or dragged at once. */
export const MOST_AT_ONCE = 500
export { PhotoIds }

/** What was done with how many photos. */
export const FileAnswer = v.variant('outcome', [
  v.object({
    outcome: v.literal('done'),
    total: count,
    done: count, // photos, those that needed nothing too
    failed: count, // they stayed as they were
    fault: v.nullable(FaultRecord), // of the first that failed
    stopped: v.boolean(), // by the person: the rest was not tried
    canUndo: v.boolean()
  }),
  v.object({ outcome: v.literal('cancelled') }), // in a dialog; or nothing was to be taken back
  v.object({ outcome: v.literal('refused'), fault: FaultRecord })
])
export type FileAnswer = v.InferOutput<typeof FileAnswer>

/** How far many files are: app to the page, as a WindowMessage. */
export const FileProgress = v.object({ type: v.literal('files'), done: count, total: count })
export type FileProgress = v.InferOutput<typeof FileProgress>
