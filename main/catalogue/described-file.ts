// The file of a described photo, as it is sent to be read again, and the condition under which what
// comes of that is kept. Shared by the tables of dates and judgements.
import * as v from 'valibot'

export const DescribedFile = v.object({
  id: v.number(),
  root: v.string(), // path of its folder
  directory: v.string(),
  name: v.string(),
  size: v.number(),
  modifiedAt: v.number(),
  sidecar: v.nullable(v.string()),
  sidecarModifiedAt: v.nullable(v.number())
})

/** Its columns, of photos joined with folders. */
export const DESCRIBED_FILE = `photos.id, folders.path AS root, directory, photos.name, size,
  modified_at AS modifiedAt, sidecar, sidecar_modified_at AS sidecarModifiedAt`

/** It is still the file that was sent. */
export const STILL_DESCRIBED = `id = $id AND status = 'indexed' AND size = $size
  AND modified_at = $modifiedAt`
