// The catalogue's tables, as numbered steps from an empty file to today's. A step is never edited
// once it was released: a change is a new step. Data; migrations.ts carries the steps out.
import { EARLY_STEPS } from './early-schema-steps.ts'
import type { Migration } from './early-schema-steps.ts'
import { LATE_STEPS } from './late-schema-steps.ts'

export const MIGRATIONS: readonly Migration[] = [
  ...EARLY_STEPS,
  {
    number: 7,
    what: 'the grid names thumbnails; their files are called by shorter names at the next sweep',
    // With the name as the grid's statement takes it, or SQLite reads each row.
    sql: `
      DROP INDEX photos_in_grid;
      CREATE INDEX photos_in_grid ON photos (
          coalesce(captured_at, modified_at) DESC, id,
          width, height, captured_at, modified_at, status, unhex(substr(hash, 1, 32)))
        WHERE width IS NOT NULL AND status <> 'gone';
      DELETE FROM settings WHERE name = 'swept-at';
    `
  },
  {
    number: 8,
    what: 'faults as JSON; photos and folders that wait until they are tried again',
    sql: `
      ALTER TABLE photos RENAME COLUMN fault_reason TO fault; -- JSON of a FaultRecord
      -- A pending photo, or the photos of a folder, that met a fault which passes: tried again
      -- then, ms since 1970. null: nothing is waited for.
      ALTER TABLE photos ADD COLUMN retry_at INTEGER;
      ALTER TABLE folders ADD COLUMN fault TEXT; -- JSON of a FaultRecord
      ALTER TABLE folders ADD COLUMN attempts INTEGER NOT NULL DEFAULT 0; -- in a row
      ALTER TABLE folders ADD COLUMN retry_at INTEGER;
      CREATE INDEX photos_ready ON photos (id)
        WHERE status = 'pending' AND suspect = 0 AND retry_at IS NULL;
      CREATE INDEX photos_waiting ON photos (folder, fault_kind, retry_at)
        WHERE status = 'pending' AND retry_at IS NOT NULL;
      -- What was told in English before: full disks were told as damaged photos, so all that was
      -- not refused by its name is looked at once more.
      UPDATE photos SET status = 'pending', fault_kind = NULL, fault = NULL, attempts = 0
        WHERE status = 'failed' AND fault_kind <> 'unsupported-format';
      UPDATE photos SET returns_as = 'pending', fault_kind = NULL, fault = NULL, attempts = 0
        WHERE returns_as = 'failed' AND fault_kind <> 'unsupported-format';
      UPDATE photos SET fault = json_object('kind', fault_kind, 'about', 'photo',
          'passes', json('false'), 'subject', name, 'expected', 'JPEG, PNG, WebP, AVIF or GIF',
          'received', upper(replace(name, rtrim(name, replace(name, '.', '')), '')))
        WHERE fault_kind = 'unsupported-format';
      UPDATE photos SET fault_kind = NULL, fault = NULL
        WHERE fault IS NOT NULL AND fault_kind <> 'unsupported-format';
    `
  },
  {
    number: 9,
    what: 'formats by content: whatever was refused by its name is looked into',
    sql: `
      UPDATE photos SET status = 'pending', fault_kind = NULL, fault = NULL, attempts = 0
        WHERE status = 'failed' AND fault_kind = 'unsupported-format';
      UPDATE photos SET returns_as = 'pending', fault_kind = NULL, fault = NULL, attempts = 0
        WHERE returns_as = 'failed' AND fault_kind = 'unsupported-format';
    `
  },
  {
    number: 10,
    what: 'where dates come from; file times by the wall clock; one order within a second',
    // All dates are what a clock showed, as if it had shown UTC.
    sql: `
      ALTER TABLE photos ADD COLUMN captured_from TEXT; -- source of captured_at, null without
      ALTER TABLE photos ADD COLUMN file_time REAL; -- of modified_at; null for one that cannot be
      ALTER TABLE photos ADD COLUMN sort_name TEXT NOT NULL DEFAULT ''; -- see sort-name.ts
      ALTER TABLE photos ADD COLUMN sidecar TEXT; -- name of the XMP file beside it
      ALTER TABLE photos ADD COLUMN sidecar_modified_at REAL;
      -- Whether its file and sidecar, as they are, were read for dates by today's rules.
      ALTER TABLE photos ADD COLUMN dated INTEGER NOT NULL DEFAULT 0 CHECK (dated IN (0, 1));
      DROP INDEX photos_in_grid;
      -- Until the start that follows corrects it, and the names.
      UPDATE photos SET sort_name = name,
        captured_from = CASE WHEN captured_at IS NOT NULL THEN 'exif' END,
        file_time = CASE WHEN modified_at BETWEEN -4.5e12 AND (unixepoch() + 86400) * 1000.0
          THEN modified_at END;
      CREATE INDEX photos_in_grid ON photos (
          coalesce(captured_at, file_time) DESC, sort_name DESC, id DESC,
          width, height, captured_at, file_time, status, unhex(substr(hash, 1, 32)))
        WHERE width IS NOT NULL AND status <> 'gone';
      CREATE INDEX photos_undated ON photos (id) WHERE dated = 0 AND status = 'indexed';
    `
  },
  {
    number: 11,
    what: 'companions: the files beside a photo that belong to it',
    // JSON, a list of names in the photo's directory; null for none. The next scan finds them.
    sql: 'ALTER TABLE photos ADD COLUMN companions TEXT;'
  },
  {
    number: 12,
    what: 'edited versions and the originals beside them',
    sql: `
      ALTER TABLE photos ADD COLUMN original TEXT; -- the file that its name says it was made from
      -- Whether that is so: then the original is its companion. null: not decided.
      ALTER TABLE photos ADD COLUMN is_edit INTEGER CHECK (is_edit IN (0, 1));
      CREATE INDEX photos_undecided ON photos (status)
        WHERE original IS NOT NULL AND is_edit IS NULL;
      CREATE INDEX photos_edits ON photos (folder) WHERE is_edit = 1;
    `
  },
  {
    number: 13,
    what: 'what files hold beside their picture; it is read with their dates',
    sql: `
      ALTER TABLE photos ADD COLUMN holds TEXT; -- JSON of Held, null for nothing
      UPDATE photos SET dated = 0 WHERE dated = 1;
    `
  },
  {
    number: 14,
    what: 'photos that browsers show otherwise than Kindred',
    // The column is neither read nor written any more; a later step that makes the table anew may
    // leave it out.
    sql: `
      ALTER TABLE photos ADD COLUMN needs_rendering INTEGER NOT NULL DEFAULT 0
        CHECK (needs_rendering IN (0, 1));
    `
  },
  {
    number: 15,
    what: 'photos that are shown though a part of them is damaged; those refused are judged anew',
    // As damaged, or because their formats were not read before: TIFF, JPEG XL, PSD, BMP.
    sql: `
      ALTER TABLE photos ADD COLUMN damage TEXT; -- kind of it, null of a whole photo
      CREATE INDEX photos_damaged ON photos (id) WHERE damage IS NOT NULL AND status = 'indexed';
      UPDATE photos SET status = 'pending', fault_kind = NULL, fault = NULL, attempts = 0
        WHERE status = 'failed' AND fault_kind IN ('corrupt-photo', 'unsupported-format');
      UPDATE photos SET returns_as = 'pending', fault_kind = NULL, fault = NULL, attempts = 0
        WHERE returns_as = 'failed' AND fault_kind IN ('corrupt-photo', 'unsupported-format');
    `
  },
  {
    number: 16,
    what: 'directories that could not be listed',
    sql: `
      CREATE TABLE closed_directories (
        folder INTEGER NOT NULL REFERENCES folders (id) ON DELETE CASCADE,
        directory TEXT NOT NULL, -- '' is the folder itself
        kind TEXT NOT NULL, -- of the fault
        fault TEXT NOT NULL, -- JSON of a FaultRecord
        attempts INTEGER NOT NULL, -- in a row
        retry_at INTEGER NOT NULL, -- ms since 1970
        PRIMARY KEY (folder, directory)
      ) WITHOUT ROWID;
    `
  },
  {
    number: 17,
    what: 'witnesses: photos that no run learns from',
    sql: `
      ALTER TABLE runs ADD COLUMN witness_share REAL; -- of its sample; null until it is chosen
      ALTER TABLE models ADD COLUMN witness_share REAL; -- null: trained on all photos, or not
      -- A run that is not judged yet begins anew: it held out other photos than the witnesses.
      DELETE FROM models WHERE state = 'candidate' AND kind = 'learned' AND id IN (
        SELECT model FROM runs WHERE ended_at IS NULL
          AND json_extract(outcome, '$.scoreBefore') IS NULL);
      UPDATE runs SET base = NULL, sample = NULL, checkpoint = NULL, outcome = NULL, model = NULL
        WHERE ended_at IS NULL
          AND (outcome IS NULL OR json_extract(outcome, '$.scoreBefore') IS NULL);
    `
  },
  {
    number: 18,
    what: 'encodings whose descriptors are still to be averaged with those of their kin',
    sql: `
      CREATE TABLE unaveraged (
        model INTEGER NOT NULL REFERENCES models (id) ON DELETE CASCADE,
        photo INTEGER NOT NULL REFERENCES photos (id) ON DELETE CASCADE,
        PRIMARY KEY (model, photo)
      ) WITHOUT ROWID;
    `
  },
  {
    number: 19,
    what: 'ratings, by content as favourites are',
    sql: `
      CREATE TABLE ratings (
        hash TEXT PRIMARY KEY, -- of the file
        rating INTEGER NOT NULL CHECK (rating BETWEEN 1 AND 5),
        rated_at INTEGER NOT NULL -- ms since 1970
      ) WITHOUT ROWID;
      ALTER TABLE photos ADD COLUMN rating INTEGER NOT NULL DEFAULT 0
        CHECK (rating BETWEEN 0 AND 5);
      CREATE INDEX photos_rating ON photos (rating) WHERE rating > 0;
    `
  },
  {
    number: 20,
    what: 'when the system last changed a file, beside the time that programs may put back',
    // Filled by the next look at each folder; until then a file is taken for what it was.
    sql: 'ALTER TABLE photos ADD COLUMN changed_at REAL; -- ms since 1970'
  },
  {
    number: 21,
    what: 'by which judgement of decoders photos were looked at; dates that lie ahead',
    // Where a later step changes what decoders tell, `judgement.ts` has it, and no step is needed.
    sql: `
      ALTER TABLE photos ADD COLUMN judgement INTEGER NOT NULL DEFAULT 0;
      ALTER TABLE photos ADD COLUMN format TEXT; -- by content; null where it is not known
      -- The first date of it that counts as none since it lies ahead, ms as a clock shows it.
      ALTER TABLE photos ADD COLUMN ahead REAL;
      CREATE INDEX photos_by_judgement ON photos (judgement, id) WHERE status = 'indexed';
      CREATE INDEX photos_ahead ON photos (ahead) WHERE ahead IS NOT NULL;
      UPDATE photos SET ahead = modified_at
        WHERE file_time IS NULL AND modified_at > unixepoch() * 1000.0;
    `
  },
  {
    number: 22,
    what: 'what of each directory is left out: links, bins, names that are no UTF-8',
    sql: `
      CREATE TABLE left_out (
        folder INTEGER NOT NULL REFERENCES folders (id) ON DELETE CASCADE,
        directory TEXT NOT NULL, -- '' is the folder itself
        kind TEXT NOT NULL, -- see main/wire/left-out.ts
        count INTEGER NOT NULL,
        first TEXT NOT NULL, -- path below the folder
        PRIMARY KEY (folder, directory, kind)
      ) WITHOUT ROWID;
    `
  },
  {
    number: 23,
    what: 'drives and shares that photos of a folder lie on',
    // Filled by the next look at each folder.
    sql: `
      CREATE TABLE mounts (
        folder INTEGER NOT NULL REFERENCES folders (id) ON DELETE CASCADE,
        directory TEXT NOT NULL, -- where it is mounted, below the folder; '' is its own drive
        point TEXT NOT NULL, -- the path where it is mounted
        away INTEGER NOT NULL DEFAULT 0 CHECK (away IN (0, 1)), -- it is not there
        PRIMARY KEY (folder, directory)
      ) WITHOUT ROWID;
    `
  },
  ...LATE_STEPS
]
