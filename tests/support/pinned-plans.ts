// The plans of statements that speed hangs on: what each is for, which statement it is, and how
// SQLite is to run it. Test code only; data.

export const PINNED: readonly (readonly [string, RegExp, readonly string[]])[] = [
  [
    'all photos that are taken elsewhere, a part at a time',
    /^SELECT photos.id, folders.path AS root, .* LEFT JOIN encodings/,
    [
      'SEARCH photos USING INTEGER PRIMARY KEY (rowid>?)',
      'SEARCH folders USING INTEGER PRIMARY KEY (rowid=?)',
      'SEARCH encodings USING INDEX sqlite_autoindex_encodings_1 (photo=? AND model=?) LEFT-JOIN'
    ]
  ],
  [
    'the grid, those with a date',
    /^SELECT json_group_array\(id\) AS ids, json_group_array\(width\).*<= \$until/s,
    [
      'CO-ROUTINE (subquery-1)',
      'SEARCH photos USING COVERING INDEX photos_in_grid (<expr><?)',
      'SCAN (subquery-1)'
    ]
  ],
  [
    'the grid, those without',
    /^SELECT json_group_array\(id\) AS ids, json_group_array\(width\).*IS NULL/s,
    [
      'CO-ROUTINE (subquery-1)',
      'SEARCH photos USING COVERING INDEX photos_in_grid (<expr>=?)',
      'SCAN (subquery-1)'
    ]
  ],
  [
    'a filter by folder',
    /^SELECT json_group_array\(id\) AS ids .* folder = \$folder$/,
    ['SEARCH photos USING COVERING INDEX photos_by_directory (folder=?)']
  ],
  [
    'a filter by directory',
    /^SELECT json_group_array\(id\) AS ids .* directory = \$directory$/,
    [
      'SEARCH photos USING COVERING INDEX photos_by_directory (folder=? AND directory=? AND width>?)'
    ]
  ],
  [
    'a filter by directory: what is below it',
    /^SELECT json_group_array\(id\) AS ids .* directory < \$to$/,
    [
      'SEARCH photos USING COVERING INDEX photos_by_directory (folder=? AND directory>? AND directory<?)'
    ]
  ],
  [
    'a filter by dates',
    /^SELECT json_group_array\(id\) AS ids .* < \$until$/,
    ['SEARCH photos USING COVERING INDEX photos_in_grid (<expr>>? AND <expr><?)']
  ],
  [
    'a filter by favourites',
    /^SELECT json_group_array\(id\) AS ids .* favourite = 1$/,
    ['SCAN photos USING COVERING INDEX photos_favourite']
  ],
  [
    'a filter by camera',
    /^SELECT json_group_array\(photo\) AS ids FROM facts WHERE camera/,
    [
      'SEARCH facts USING COVERING INDEX facts_by_camera (camera=?)',
      'SCALAR SUBQUERY 1',
      'SEARCH cameras USING COVERING INDEX sqlite_autoindex_cameras_1 (name=?)'
    ]
  ],
  [
    'a filter by format',
    /^SELECT json_group_array\(id\) AS ids .* format = \$format$/,
    ['SEARCH photos USING COVERING INDEX photos_by_shape (format=? AND width>?)']
  ],
  [
    'a filter by size',
    /^SELECT json_group_array\(id\) AS ids .* width \* height >= \$least$/,
    ['SCAN photos USING COVERING INDEX photos_by_shape']
  ],
  [
    'a filter by place',
    /^SELECT json_group_array\(photo\) AS ids FROM facts WHERE latitude >= \$south/,
    ['SEARCH facts USING COVERING INDEX facts_by_place (latitude>? AND latitude<?)']
  ],
  [
    'the choice of a camera',
    /^SELECT id, name AS camera, photos/,
    [
      'CO-ROUTINE (subquery-1)',
      'SEARCH facts USING COVERING INDEX facts_by_camera (camera>?)',
      'SCAN (subquery-1)',
      'SEARCH cameras USING INTEGER PRIMARY KEY (rowid=?)'
    ]
  ],
  [
    'the choice of a camera or a place, those that are gone',
    /^SELECT json_group_array\(camera\) FILTER/,
    [
      'SEARCH photos USING COVERING INDEX photos_by_status (status=?)',
      'SEARCH facts USING INTEGER PRIMARY KEY (rowid=?)'
    ]
  ],
  [
    'the choice of a format',
    /^SELECT format, count\(\*\) AS photos/,
    ['SEARCH photos USING COVERING INDEX photos_by_shape (format>?)']
  ],
  [
    'the choice of a size',
    /^SELECT json_group_array\(width\) AS widths/,
    [
      'CO-ROUTINE (subquery-1)',
      'SCAN photos USING COVERING INDEX photos_by_shape',
      'SCAN (subquery-1)'
    ]
  ],
  [
    'photos by directory',
    /^SELECT directory, count\(\*\) AS photos/,
    ['SEARCH photos USING COVERING INDEX photos_by_directory (folder=?)']
  ],
  ['counts', /^SELECT status, count/, ['SCAN photos USING COVERING INDEX photos_by_status']],
  [
    'the next photos to process',
    /INDEXED BY photos_ready/,
    [
      'SCAN photos USING INDEX photos_ready',
      'SEARCH folders USING INTEGER PRIMARY KEY (rowid=?)'
    ]
  ],
  [
    'what photos wait for',
    /^SELECT one.folder/,
    [
      'CO-ROUTINE one',
      'SCAN photos USING COVERING INDEX photos_waiting',
      'SCAN one',
      'SEARCH folders USING INTEGER PRIMARY KEY (rowid=?)',
      'SEARCH photos USING INTEGER PRIMARY KEY (rowid=?)'
    ]
  ],
  [
    'the codes of a model',
    /^SELECT json_group_array\(photo\) AS ids, .* WHERE model = \$model AND photo > \$after/,
    [
      'CO-ROUTINE (subquery-1)',
      'SEARCH encodings USING COVERING INDEX encodings_codes (model=? AND photo>?)',
      'SCAN (subquery-1)'
    ]
  ],
  [
    'what the nearest photos are compared by',
    /^SELECT photo, projected, descriptor FROM json_each/,
    [
      'SCAN json_each VIRTUAL TABLE INDEX 1:',
      'SEARCH encodings USING INDEX sqlite_autoindex_encodings_1 (photo=? AND model=?)'
    ]
  ],
  [
    'the codes of some photos',
    /^SELECT json_group_array\(photo\) AS ids, .* FROM json_each/,
    [
      'SCAN json_each VIRTUAL TABLE INDEX 1:',
      'SEARCH photos USING INTEGER PRIMARY KEY (rowid=?)',
      'SEARCH encodings USING INDEX sqlite_autoindex_encodings_1 (photo=? AND model=?)'
    ]
  ],
  [
    'how kin are shown',
    /^SELECT photos.id, name, .* FROM json_each/,
    [
      'SCAN json_each VIRTUAL TABLE INDEX 1:',
      'SEARCH photos USING INTEGER PRIMARY KEY (rowid=?)'
    ]
  ],
  [
    'photos of a directory',
    /^SELECT id, name, size, .* AND directory = \$directory$/,
    ['SEARCH photos USING INDEX sqlite_autoindex_photos_1 (folder=? AND directory=?)']
  ],
  [
    'photos that a backbone has not described',
    /^SELECT id FROM photos .* NOT EXISTS \( SELECT 1 FROM features .* LIMIT \$limit$/,
    [
      'SEARCH photos USING COVERING INDEX photos_by_status (status=? AND id>?)',
      'CORRELATED SCALAR SUBQUERY 1',
      'SEARCH features USING COVERING INDEX sqlite_autoindex_features_1 (photo=? AND backbone=?)',
      'CORRELATED SCALAR SUBQUERY 2',
      'SEARCH features USING COVERING INDEX sqlite_autoindex_features_1 (photo=?)',
      'CORRELATED SCALAR SUBQUERY 4',
      'SEARCH encodings USING COVERING INDEX sqlite_autoindex_encodings_1 (photo=? AND model=?)',
      'SCALAR SUBQUERY 3',
      'SEARCH models USING COVERING INDEX models_serving (state=?)'
    ]
  ],
  [
    'a photo that lacks its code of a model',
    /^SELECT id FROM photos .* NOT EXISTS \( SELECT 1 FROM encodings .* LIMIT 1$/,
    [
      'SEARCH photos USING COVERING INDEX photos_by_status (status=?)',
      'CORRELATED SCALAR SUBQUERY 1',
      'SEARCH encodings USING COVERING INDEX sqlite_autoindex_encodings_1 (photo=? AND model=?)'
    ]
  ],
  [
    'a feature',
    /^SELECT photo AS id, feature FROM features WHERE/,
    ['SEARCH features USING INDEX sqlite_autoindex_features_1 (photo=? AND backbone=?)']
  ],
  [
    'whether a thumbnail belongs to a photo',
    /^SELECT 1 AS known/,
    ['SEARCH photos USING COVERING INDEX photos_by_hash (hash>? AND hash<?)']
  ],
  [
    'photos of a thumbnail',
    /^SELECT .* AND present = 1$/,
    [
      'SEARCH photos USING INDEX photos_by_hash (hash>? AND hash<?)',
      'SEARCH folders USING INTEGER PRIMARY KEY (rowid=?)'
    ]
  ]
]
