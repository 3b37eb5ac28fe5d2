// The later steps of the catalogue's tables; schema-steps.ts has all. Data, never edited.
import type { Migration } from './early-schema-steps.ts'

/** Steps from 24 on. */
export const LATE_STEPS: readonly Migration[] = [
  {
    number: 24,
    what: 'fingerprints of contents, and which of them show the same picture',
    sql: `
      CREATE TABLE fingerprints (
        id INTEGER PRIMARY KEY,
        hash TEXT NOT NULL UNIQUE, -- of the file
        blank INTEGER NOT NULL DEFAULT 0 CHECK (blank IN (0, 1)), -- it shows next to nothing
        compared INTEGER NOT NULL DEFAULT 0 CHECK (compared IN (0, 1)), -- with the others
        fingerprint BLOB -- model/image/fingerprint.ts; null: not made yet, or it cannot be
      ) STRICT;
      CREATE INDEX fingerprints_uncompared ON fingerprints (id) WHERE compared = 0;
      -- The key of a picture is the same however it is turned or mirrored.
      CREATE VIRTUAL TABLE fingerprint_keys USING rtree (
        id, low0, high0, low1, high1, low2, high2, low3, high3, low4, high4);
      CREATE TABLE near_identical ( -- both ways
        one INTEGER NOT NULL REFERENCES fingerprints (id) ON DELETE CASCADE,
        other INTEGER NOT NULL REFERENCES fingerprints (id) ON DELETE CASCADE,
        PRIMARY KEY (one, other)
      ) WITHOUT ROWID;
      CREATE INDEX near_identical_other ON near_identical (other);
      CREATE TRIGGER fingerprints_dropped AFTER DELETE ON fingerprints BEGIN
        DELETE FROM fingerprint_keys WHERE id = old.id;
      END;
      CREATE TRIGGER fingerprints_changed AFTER UPDATE OF fingerprint ON fingerprints
      WHEN old.fingerprint IS NOT NULL BEGIN
        DELETE FROM near_identical WHERE one = old.id;
        DELETE FROM near_identical WHERE other = old.id;
      END;
      -- Every content that can be found has a row; one that comes back is tried again.
      CREATE TRIGGER photos_described AFTER UPDATE OF status ON photos
      WHEN new.status = 'indexed' AND new.hash IS NOT NULL BEGIN
        INSERT INTO fingerprints (hash) VALUES (new.hash)
          ON CONFLICT (hash) DO UPDATE SET compared = 0 WHERE fingerprint IS NULL;
      END;
      INSERT INTO fingerprints (hash) SELECT DISTINCT hash FROM photos WHERE hash IS NOT NULL;
    `
  },
  {
    number: 25,
    what: 'blind models: as they were judged, trained without the witnesses',
    sql: `
      ALTER TABLE models ADD COLUMN blind BLOB; -- weights, as of the model; null: it is its own
    `
  },
  {
    number: 26,
    what: 'other paths of the file of a photo',
    // Filled by the next look at each folder, which takes the rows of the same file together.
    sql: `
      CREATE TABLE other_paths (
        folder INTEGER NOT NULL REFERENCES folders (id) ON DELETE CASCADE,
        directory TEXT NOT NULL,
        name TEXT NOT NULL,
        photo INTEGER NOT NULL REFERENCES photos (id) ON DELETE CASCADE,
        inode REAL NOT NULL,
        PRIMARY KEY (folder, directory, name)
      ) WITHOUT ROWID;
      CREATE INDEX other_paths_by_photo ON other_paths (photo);
      CREATE INDEX photos_by_inode ON photos (inode, size);
    `
  },
  {
    number: 27,
    what: 'directories that a person left out of a folder, and photos that are too small for it',
    sql: `
      CREATE TABLE omitted_directories (
        folder INTEGER NOT NULL REFERENCES folders (id) ON DELETE CASCADE,
        directory TEXT NOT NULL, -- below the folder, never the folder itself
        PRIMARY KEY (folder, directory)
      ) WITHOUT ROWID;
      ALTER TABLE folders ADD COLUMN least_pixels INTEGER; -- of the longer side; null: 0
      -- Such a photo is 'gone', but its row is kept until it is taken back.
      ALTER TABLE photos ADD COLUMN omitted TEXT CHECK (omitted IN ('directory', 'small'));
      CREATE INDEX photos_omitted ON photos (folder, omitted, directory, name)
        WHERE omitted IS NOT NULL;
    `
  },
  {
    number: 28,
    what: 'exact inodes of other paths',
    // As numbers those from 2 ** 53 on were rounded: these are found again by the next look.
    sql: `
      DROP INDEX other_paths_by_photo;
      ALTER TABLE other_paths RENAME TO rounded_paths;
      CREATE TABLE other_paths (
        folder INTEGER NOT NULL REFERENCES folders (id) ON DELETE CASCADE,
        directory TEXT NOT NULL,
        name TEXT NOT NULL,
        photo INTEGER NOT NULL REFERENCES photos (id) ON DELETE CASCADE,
        inode TEXT NOT NULL, -- in digits
        PRIMARY KEY (folder, directory, name)
      ) WITHOUT ROWID;
      INSERT INTO other_paths SELECT folder, directory, name, photo,
        CAST(CAST(inode AS INTEGER) AS TEXT) FROM rounded_paths WHERE inode < 9007199254740992;
      DROP TABLE rounded_paths;
      CREATE INDEX other_paths_by_photo ON other_paths (photo);
    `
  },
  {
    number: 29,
    what: 'which volume a drive or share is',
    sql: `
      ALTER TABLE mounts ADD COLUMN volume TEXT; -- main/engine/folders/volumes.ts; null: not known
    `
  },
  {
    number: 30,
    what: 'what a person decided about duplicates',
    sql: `
      -- Contents of one decision are no duplicates of each other; of one content alone: its equal
      -- files are wanted.
      CREATE TABLE not_duplicates (
        decision INTEGER NOT NULL,
        hash TEXT NOT NULL, -- of the file
        decided_at INTEGER NOT NULL,
        PRIMARY KEY (decision, hash)
      ) WITHOUT ROWID;
      CREATE TABLE kept_places (
        folder INTEGER NOT NULL REFERENCES folders (id) ON DELETE CASCADE,
        directory TEXT NOT NULL, -- '' for all of the folder
        place INTEGER NOT NULL, -- in the order that the person set
        protected INTEGER NOT NULL CHECK (protected IN (0, 1)),
        PRIMARY KEY (folder, directory)
      ) WITHOUT ROWID;
    `
  },
  {
    number: 31,
    what: 'described photos whose files could not be read again, and when that is tried next',
    sql: `
      CREATE TABLE put_off (
        photo INTEGER NOT NULL REFERENCES photos (id) ON DELETE CASCADE,
        work TEXT NOT NULL, -- what for: main/catalogue/put-off-table.ts
        files TEXT NOT NULL, -- as they were: where they change it waits no longer
        attempts INTEGER NOT NULL, -- in vain, in a row
        retry_at INTEGER NOT NULL,
        PRIMARY KEY (photo, work)
      ) WITHOUT ROWID;
    `
  },
  {
    number: 32,
    what: 'facts of photos: by which camera each was taken, how, and where',
    // Filled in the background: main/wire/judgement.ts has a change for it.
    sql: `
      CREATE TABLE cameras (
        id INTEGER PRIMARY KEY,
        name TEXT NOT NULL UNIQUE -- maker and model, tidied
      ) STRICT;
      -- Photos of which something is known have a row.
      CREATE TABLE facts (
        photo INTEGER PRIMARY KEY REFERENCES photos (id) ON DELETE CASCADE,
        camera INTEGER REFERENCES cameras (id),
        lens TEXT,
        exposure_time REAL, -- seconds
        aperture REAL, -- f-number
        iso INTEGER,
        focal_length REAL, -- millimetres
        latitude REAL, -- degrees, north is positive
        longitude REAL, -- degrees, east is positive
        altitude REAL -- metres above the sea
      ) STRICT;
      CREATE INDEX facts_by_camera ON facts (camera) WHERE camera IS NOT NULL;
      CREATE INDEX facts_by_place ON facts (latitude, longitude) WHERE latitude IS NOT NULL;
      CREATE INDEX photos_by_shape ON photos (format, width, height, status)
        WHERE width IS NOT NULL AND status <> 'gone';
    `
  },
  {
    number: 33,
    what: 'the map: where photos lie on it, kin near kin',
    sql: `
      CREATE TABLE maps ( -- one row, or none
        number INTEGER PRIMARY KEY AUTOINCREMENT, -- another one, another layout
        described_by TEXT NOT NULL, -- what it was made by: a model or a backbone
        reason TEXT NOT NULL CHECK (reason IN ('first', 'learned', 'grown')),
        photos INTEGER NOT NULL, -- that were laid out
        clusters BLOB NOT NULL, -- of each cell: model/map/clusters.ts
        made_at INTEGER NOT NULL
      );
      CREATE TABLE map_places (
        photo INTEGER PRIMARY KEY REFERENCES photos (id) ON DELETE CASCADE,
        place BLOB NOT NULL -- x and y, f32
      );
    `
  },
  {
    number: 34,
    what: 'photos that a person said are no kin',
    sql: `
      -- Neither of two such contents is kin of the other.
      CREATE TABLE not_kin (
        one TEXT NOT NULL, -- of the hashes of both files the lesser
        other TEXT NOT NULL CHECK (one < other),
        decided_at INTEGER NOT NULL,
        PRIMARY KEY (one, other)
      ) WITHOUT ROWID;
      CREATE INDEX not_kin_other ON not_kin (other, one);
    `
  },
  {
    number: 35,
    what: 'albums: questions that are kept',
    sql: `
      -- A question that is asked anew whenever its album is opened.
      CREATE TABLE albums (
        id INTEGER PRIMARY KEY,
        name TEXT NOT NULL,
        filter TEXT NOT NULL, -- JSON: main/wire/filter.ts
        kept_at INTEGER NOT NULL,
        removed_at INTEGER -- its rows wait for an undo until they are purged
      ) STRICT;
      -- What its photos are like and unlike, in order; none: all that pass the filter.
      CREATE TABLE album_parts (
        album INTEGER NOT NULL REFERENCES albums (id) ON DELETE CASCADE,
        place INTEGER NOT NULL,
        weight INTEGER NOT NULL CHECK (weight IN (-1, 1)),
        hash TEXT, -- of the photo's file; null: a picture from outside
        picture BLOB, -- of one from outside: a JPEG of it
        name TEXT NOT NULL, -- of the photo's file, or of that picture's
        crop TEXT, -- JSON: main/wire/picture-part.ts; null: all of it
        PRIMARY KEY (album, place),
        CHECK ((hash IS NULL) <> (picture IS NULL))
      ) STRICT;
    `
  }
]
