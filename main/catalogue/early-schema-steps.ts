// The first steps of the catalogue's tables; schema-steps.ts has all. Data, never edited.

/** A step from the tables of one version to those of the next. */
export interface Migration {
  number: number
  what: string
  sql: string
}

// Times are ms since 1970. Floats of vectors are f16 bit patterns, little-endian, in blobs.
export const EARLY_STEPS: readonly Migration[] = [
  {
    number: 1,
    what: 'folders, photos, features, models, encodings, settings',
    sql: `
      CREATE TABLE folders (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        path TEXT NOT NULL UNIQUE,
        name TEXT NOT NULL,
        present INTEGER NOT NULL DEFAULT 1 CHECK (present IN (0, 1)),
        removed_at INTEGER -- taken out by the person; its rows wait for an undo until the purge
      ) STRICT;

      CREATE TABLE photos (
        id INTEGER PRIMARY KEY AUTOINCREMENT, -- never used twice
        folder INTEGER NOT NULL REFERENCES folders (id) ON DELETE CASCADE,
        directory TEXT NOT NULL, -- relative to the folder, '/' between names, '' for itself
        name TEXT NOT NULL,
        size INTEGER NOT NULL, -- bytes
        modified_at REAL NOT NULL,
        inode REAL NOT NULL, -- a hint only: large ones are not exact
        added_at INTEGER NOT NULL,
        status TEXT NOT NULL CHECK (status IN ('pending', 'indexed', 'failed', 'gone')),
        gone_at INTEGER,
        returns_as TEXT CHECK (returns_as IN ('pending', 'indexed', 'failed')),
        -- What the file was when it was last described; while 'pending' after a change, of before.
        hash TEXT,
        width INTEGER CHECK (width > 0),
        height INTEGER CHECK (height > 0),
        captured_at REAL,
        fault_kind TEXT,
        fault_reason TEXT,
        attempts INTEGER NOT NULL DEFAULT 0, -- failures that may pass, so far
        suspect INTEGER NOT NULL DEFAULT 0 CHECK (suspect IN (0, 1)), -- was there when compute died
        solo_kills INTEGER NOT NULL DEFAULT 0, -- deaths of compute while it alone was in work
        UNIQUE (folder, directory, name),
        CHECK ((status = 'gone') = (gone_at IS NOT NULL)),
        CHECK ((status = 'gone') = (returns_as IS NOT NULL)),
        CHECK ((fault_kind IS NULL) = (fault_reason IS NULL)),
        CHECK (status <> 'failed' OR fault_kind IS NOT NULL),
        CHECK (status <> 'indexed' OR (hash IS NOT NULL AND width IS NOT NULL)),
        CHECK ((width IS NULL) = (height IS NULL) AND (width IS NULL) = (hash IS NULL))
      ) STRICT;
      CREATE INDEX photos_by_status ON photos (status, id);
      CREATE INDEX photos_by_folder ON photos (folder, status);
      CREATE INDEX photos_by_hash ON photos (hash) WHERE hash IS NOT NULL;
      CREATE INDEX photos_by_size ON photos (size);
      CREATE INDEX photos_suspect ON photos (solo_kills, id) WHERE suspect = 1;
      -- With every column that the query names, or SQLite reads each row.
      CREATE INDEX photos_in_grid ON photos (
          coalesce(captured_at, modified_at) DESC, id,
          width, height, captured_at, modified_at, status)
        WHERE width IS NOT NULL AND status <> 'gone';

      CREATE TABLE features (
        photo INTEGER PRIMARY KEY REFERENCES photos (id) ON DELETE CASCADE,
        backbone TEXT NOT NULL, -- sha-256 of the ONNX file
        feature BLOB NOT NULL -- f16 [D]
      ) STRICT;
      CREATE INDEX features_by_backbone ON features (backbone, photo); -- without reading the blobs

      CREATE TABLE models (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        kind TEXT NOT NULL CHECK (kind IN ('first', 'learned')),
        -- candidate: photos are being encoded; serving: answers; retired: can be gone back to.
        state TEXT NOT NULL CHECK (state IN ('candidate', 'serving', 'retired')),
        version INTEGER NOT NULL, -- of the weights' layout
        backbone TEXT NOT NULL,
        books INTEGER NOT NULL, -- M
        codewords INTEGER NOT NULL, -- K
        part INTEGER NOT NULL, -- L
        fitted_on INTEGER NOT NULL, -- photos
        created_at INTEGER NOT NULL,
        weights BLOB NOT NULL
      ) STRICT;
      CREATE UNIQUE INDEX models_serving ON models (state) WHERE state = 'serving';

      CREATE TABLE encodings (
        photo INTEGER NOT NULL REFERENCES photos (id) ON DELETE CASCADE,
        model INTEGER NOT NULL REFERENCES models (id) ON DELETE CASCADE,
        projected BLOB NOT NULL, -- f16 [256]
        descriptor BLOB NOT NULL, -- f16 [M*L]
        code BLOB NOT NULL, -- [M/2], two codewords a byte
        PRIMARY KEY (photo, model)
      ) STRICT;
      CREATE INDEX encodings_codes ON encodings (model, photo, code);

      CREATE TABLE settings (
        name TEXT PRIMARY KEY,
        value TEXT NOT NULL
      ) STRICT;
    `
  },
  {
    number: 2,
    what: 'favourites; photos by directory, for filters',
    sql: `
      ALTER TABLE photos ADD COLUMN favourite INTEGER NOT NULL DEFAULT 0
        CHECK (favourite IN (0, 1));
      CREATE INDEX photos_favourite ON photos (id) WHERE favourite = 1;
      CREATE INDEX photos_by_directory ON photos (folder, directory, width, status)
        WHERE width IS NOT NULL AND status <> 'gone';
    `
  },
  {
    number: 3,
    what: 'learning: views, runs, what is known of a learned model, when a feature was made',
    sql: `
      ALTER TABLE features ADD COLUMN made_at INTEGER NOT NULL DEFAULT 0;
      CREATE INDEX features_by_time ON features (made_at, photo);

      -- The first quantizer that a learned one has grown from, whose projection it keeps.
      ALTER TABLE models ADD COLUMN base INTEGER REFERENCES models (id);
      ALTER TABLE models ADD COLUMN depth TEXT NOT NULL DEFAULT 'head';
      ALTER TABLE models ADD COLUMN device TEXT;
      ALTER TABLE models ADD COLUMN seconds REAL;
      ALTER TABLE models ADD COLUMN steps INTEGER;
      ALTER TABLE models ADD COLUMN score_before REAL;
      ALTER TABLE models ADD COLUMN score_after REAL;
      ALTER TABLE models ADD COLUMN served_until INTEGER; -- null: serves, or never did
      CREATE INDEX models_by_base ON models (base);

      -- Augmented views of a photo, projected as by that first quantizer: 2,048 bytes a photo.
      CREATE TABLE views (
        photo INTEGER NOT NULL REFERENCES photos (id) ON DELETE CASCADE,
        base INTEGER NOT NULL REFERENCES models (id) ON DELETE CASCADE,
        views BLOB NOT NULL, -- f16 [V, 256]
        PRIMARY KEY (photo, base)
      ) STRICT;
      CREATE INDEX views_by_base ON views (base, photo);

      CREATE TABLE runs (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        options TEXT NOT NULL, -- JSON
        asked INTEGER NOT NULL CHECK (asked IN (0, 1)), -- by the user, not by itself
        started_at INTEGER NOT NULL,
        seconds REAL NOT NULL DEFAULT 0, -- that it ran so far
        base INTEGER REFERENCES models (id) ON DELETE SET NULL,
        sample BLOB, -- ids of its photos, uint32
        checkpoint BLOB,
        outcome TEXT, -- JSON, from the end of training on
        model INTEGER REFERENCES models (id) ON DELETE SET NULL, -- what it has learned
        ended_at INTEGER, -- null: goes on at the next start
        result TEXT -- JSON, null where it was given up
      ) STRICT;
      CREATE UNIQUE INDEX runs_unfinished ON runs (ended_at IS NULL) WHERE ended_at IS NULL;
    `
  },
  {
    number: 4,
    what: 'features of several backbones beside each other',
    sql: `
      CREATE TABLE features_by_two (
        photo INTEGER NOT NULL REFERENCES photos (id) ON DELETE CASCADE,
        backbone TEXT NOT NULL, -- sha-256 of the ONNX file
        feature BLOB NOT NULL, -- f16 [D]
        made_at INTEGER NOT NULL, -- when this content was described first, by any backbone
        PRIMARY KEY (photo, backbone)
      ) STRICT;
      INSERT INTO features_by_two (photo, backbone, feature, made_at)
        SELECT photo, backbone, feature, made_at FROM features;
      DROP TABLE features;
      ALTER TABLE features_by_two RENAME TO features;
      CREATE INDEX features_by_backbone ON features (backbone, photo); -- without reading the blobs
      CREATE INDEX features_by_time ON features (made_at, photo);
    `
  },
  {
    number: 5,
    what: 'who began a run is not asked any more',
    sql: 'ALTER TABLE runs DROP COLUMN asked;'
  },
  {
    number: 6,
    what: 'favourites by content, which outlive their rows',
    sql: `
      CREATE TABLE favourites (
        hash TEXT PRIMARY KEY, -- SHA-256 of the file
        marked_at INTEGER NOT NULL
      ) STRICT, WITHOUT ROWID;
      INSERT INTO favourites (hash, marked_at)
        SELECT DISTINCT hash, unixepoch() * 1000 FROM photos
        WHERE favourite = 1 AND hash IS NOT NULL;
      UPDATE photos SET favourite = 1
        WHERE favourite = 0 AND hash IN (SELECT hash FROM favourites);
    `
  }
]
