CREATE INDEX case_by_due ON case_row (open, next_due, stream);

CREATE INDEX case_by_embargo ON case_row (open, embargo_until, stream);

CREATE INDEX case_by_handler ON case_row (open, handler_key, stream);

CREATE INDEX case_by_ref ON case_row (open, ref_key, stream);

CREATE INDEX case_by_severity ON case_row (open, severity_key, stream);

CREATE INDEX case_by_stage ON case_row (open, stage_key, stream);

CREATE INDEX case_by_title ON case_row (open, title_key, stream);

CREATE INDEX case_by_updated ON case_row (open, updated, stream);

CREATE INDEX case_under_embargo ON case_row (embargo_until, stream) WHERE embargo IN ('proposed', 'agreed');

CREATE INDEX export_by_stream ON export_row (stream, seq);

CREATE INDEX release_by_ref ON release_row (ref_key);

CREATE INDEX release_by_target ON release_row (target, stream);

CREATE TABLE actor (
    no INTEGER PRIMARY KEY,
    person TEXT NOT NULL UNIQUE
) STRICT;

CREATE TABLE anchor (
    only INTEGER PRIMARY KEY CHECK (only = 1),
    count INTEGER NOT NULL,
    head BLOB NOT NULL,
    frontier BLOB NOT NULL,
    device INTEGER NOT NULL,
    sig BLOB NOT NULL
) STRICT;

CREATE TABLE blob (
    no INTEGER PRIMARY KEY,
    sha256 BLOB NOT NULL UNIQUE,
    size INTEGER NOT NULL,
    chunks INTEGER NOT NULL
) STRICT;

CREATE TABLE blob_chunk (
    id INTEGER PRIMARY KEY,
    sha256 BLOB NOT NULL,
    content BLOB NOT NULL
) STRICT;

CREATE TABLE body (
    seq INTEGER PRIMARY KEY,
    salt BLOB,
    content BLOB,
    erased_by INTEGER,
    CHECK ((content IS NULL) = (erased_by IS NOT NULL) AND (salt IS NULL) = (content IS NULL))
) STRICT;

CREATE TABLE case_bits (
    stream INTEGER PRIMARY KEY,
    open INTEGER NOT NULL,
    bits INTEGER NOT NULL
) STRICT;

CREATE TABLE case_row (
    stream INTEGER PRIMARY KEY,
    id TEXT NOT NULL,
    ref TEXT NOT NULL UNIQUE,
    title TEXT NOT NULL,
    stage TEXT NOT NULL,
    track TEXT NOT NULL,
    rating TEXT NOT NULL,
    score REAL,
    lines TEXT NOT NULL,
    cves TEXT NOT NULL,
    handler TEXT NOT NULL,
    handler_id TEXT NOT NULL,
    embargo TEXT NOT NULL,
    embargo_until INTEGER,
    updated INTEGER NOT NULL,
    "release" TEXT NOT NULL,
    next_what TEXT NOT NULL,
    next_due INTEGER,
    next_rule TEXT NOT NULL,
    next_paused INTEGER NOT NULL,
    open INTEGER NOT NULL,
    ref_key TEXT NOT NULL,
    title_key TEXT NOT NULL,
    severity_key INTEGER NOT NULL,
    stage_key INTEGER NOT NULL,
    handler_key TEXT
) STRICT;

CREATE VIRTUAL TABLE case_search USING fts5 (
    words,
    content = 'case_text',
    content_rowid = 'id',
    columnsize = 0,
    prefix = '2 3 4',
    tokenize = "unicode61 remove_diacritics 2"
);

CREATE TABLE 'case_search_config'(k PRIMARY KEY, v) WITHOUT ROWID;

CREATE TABLE 'case_search_data'(id INTEGER PRIMARY KEY, block BLOB);

CREATE TABLE 'case_search_idx'(segid, term, pgno, PRIMARY KEY(segid, term)) WITHOUT ROWID;

CREATE TABLE case_text (
    id INTEGER PRIMARY KEY,
    words TEXT NOT NULL
) STRICT;

CREATE TABLE clock_row (
    paused INTEGER NOT NULL,
    due INTEGER NOT NULL,
    stream INTEGER NOT NULL,
    clock TEXT NOT NULL,
    started INTEGER NOT NULL,
    handler_id TEXT NOT NULL,
    PRIMARY KEY (paused, due, stream, clock)
) STRICT, WITHOUT ROWID;

CREATE TABLE cve_row (
    cve TEXT NOT NULL,
    stream INTEGER NOT NULL,
    PRIMARY KEY (cve, stream)
) STRICT, WITHOUT ROWID;

CREATE TABLE device (
    no INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE
) STRICT;

CREATE TABLE device_key (
    device INTEGER PRIMARY KEY,
    nonce BLOB NOT NULL,
    wrapped BLOB NOT NULL
) STRICT;

CREATE TABLE draft (
    no INTEGER PRIMARY KEY,
    stream TEXT NOT NULL,
    field TEXT NOT NULL,
    content TEXT NOT NULL,
    UNIQUE (stream, field)
) STRICT;

CREATE TABLE export_row (
    seq INTEGER PRIMARY KEY,
    stream INTEGER NOT NULL,
    at INTEGER NOT NULL,
    format TEXT NOT NULL,
    audience TEXT NOT NULL,
    override TEXT NOT NULL,
    files TEXT NOT NULL
) STRICT;

CREATE TABLE facet (
    open INTEGER NOT NULL,
    bits INTEGER NOT NULL,
    cases INTEGER NOT NULL,
    PRIMARY KEY (open, bits)
) STRICT, WITHOUT ROWID;

CREATE TABLE fresh_text (
    id INTEGER PRIMARY KEY,
    words TEXT NOT NULL
) STRICT;

CREATE TABLE handler (
    no INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE
) STRICT;

CREATE TABLE log (
    seq INTEGER PRIMARY KEY,
    event_id TEXT NOT NULL,
    stream INTEGER NOT NULL,
    stream_prev INTEGER NOT NULL,
    kind TEXT NOT NULL,
    at INTEGER NOT NULL,
    actor INTEGER NOT NULL,
    device INTEGER NOT NULL,
    device_seq INTEGER NOT NULL,
    prev BLOB NOT NULL,
    seal BLOB,
    commitment BLOB NOT NULL,
    state_digest BLOB NOT NULL,
    state_version INTEGER NOT NULL,
    hash BLOB NOT NULL
) STRICT;

CREATE TABLE person_row (
    name TEXT NOT NULL,
    stream INTEGER NOT NULL,
    PRIMARY KEY (name, stream)
) STRICT, WITHOUT ROWID;

CREATE TABLE release_row (
    stream INTEGER PRIMARY KEY,
    id TEXT NOT NULL,
    ref TEXT NOT NULL UNIQUE,
    title TEXT NOT NULL,
    slug TEXT NOT NULL,
    target INTEGER NOT NULL,
    updated INTEGER NOT NULL,
    lines TEXT NOT NULL,
    cases INTEGER NOT NULL,
    state TEXT NOT NULL,
    postponed INTEGER NOT NULL,
    ref_key TEXT NOT NULL
) STRICT;

CREATE TABLE signature (
    seq INTEGER PRIMARY KEY,
    device INTEGER NOT NULL,
    sig BLOB NOT NULL
) STRICT;

CREATE TABLE source_row (
    key TEXT NOT NULL,
    stream INTEGER NOT NULL,
    sha256 TEXT NOT NULL,
    PRIMARY KEY (key, stream)
) STRICT, WITHOUT ROWID;

CREATE TABLE stale_text (
    id INTEGER PRIMARY KEY
) STRICT;

CREATE TABLE state (
    stream INTEGER PRIMARY KEY,
    version INTEGER NOT NULL,
    last INTEGER NOT NULL,
    content BLOB NOT NULL
) STRICT;

CREATE TABLE store (
    name TEXT PRIMARY KEY,
    value TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE stream (
    no INTEGER PRIMARY KEY,
    name TEXT NOT NULL UNIQUE
) STRICT;

CREATE TRIGGER actor_kept BEFORE UPDATE ON actor BEGIN SELECT RAISE(ABORT, 'actor.append-only'); END;

CREATE TRIGGER actor_kept_whole BEFORE DELETE ON actor BEGIN SELECT RAISE(ABORT, 'actor.append-only'); END;

CREATE TRIGGER blob_chunk_kept BEFORE UPDATE ON blob_chunk BEGIN SELECT RAISE(ABORT, 'blob.append-only'); END;

CREATE TRIGGER blob_kept BEFORE UPDATE ON blob BEGIN SELECT RAISE(ABORT, 'blob.append-only'); END;

CREATE TRIGGER body_kept BEFORE UPDATE ON body
WHEN NEW.seq IS NOT OLD.seq OR OLD.content IS NULL OR NEW.content IS NOT NULL OR NEW.salt IS NOT NULL
  OR NOT EXISTS (
    SELECT 1 FROM log erasure JOIN log erased ON erased.stream = erasure.stream
    WHERE erasure.seq = NEW.erased_by AND erasure.kind = 'CaseErased' AND erasure.seq > OLD.seq AND erased.seq = OLD.seq
  )
BEGIN SELECT RAISE(ABORT, 'body.append-only'); END;

CREATE TRIGGER body_kept_whole BEFORE DELETE ON body BEGIN SELECT RAISE(ABORT, 'body.append-only'); END;

CREATE TRIGGER body_of_link BEFORE INSERT ON body
WHEN NEW.seq IS NOT (SELECT max(seq) FROM log)
BEGIN SELECT RAISE(ABORT, 'body.out-of-order'); END;

CREATE TRIGGER case_text_added AFTER INSERT ON case_text BEGIN
    INSERT INTO case_search (rowid, words) VALUES (NEW.id, NEW.words);
END;

CREATE TRIGGER case_text_removed AFTER DELETE ON case_text BEGIN
    INSERT INTO case_search (case_search, rowid, words) VALUES ('delete', OLD.id, OLD.words);
END;

CREATE TRIGGER device_kept BEFORE UPDATE ON device BEGIN SELECT RAISE(ABORT, 'device.append-only'); END;

CREATE TRIGGER device_kept_whole BEFORE DELETE ON device BEGIN SELECT RAISE(ABORT, 'device.append-only'); END;

CREATE TRIGGER log_in_order BEFORE INSERT ON log
WHEN NEW.seq IS NOT (SELECT coalesce(max(seq), 0) + 1 FROM log)
  OR NEW.prev IS NOT coalesce((SELECT hash FROM log ORDER BY seq DESC LIMIT 1), zeroblob(32))
BEGIN SELECT RAISE(ABORT, 'log.out-of-order'); END;

CREATE TRIGGER log_kept BEFORE UPDATE ON log BEGIN SELECT RAISE(ABORT, 'log.append-only'); END;

CREATE TRIGGER log_kept_whole BEFORE DELETE ON log BEGIN SELECT RAISE(ABORT, 'log.append-only'); END;

CREATE TRIGGER signature_kept BEFORE UPDATE ON signature BEGIN SELECT RAISE(ABORT, 'signature.append-only'); END;

CREATE TRIGGER signature_kept_whole BEFORE DELETE ON signature BEGIN SELECT RAISE(ABORT, 'signature.append-only'); END;

CREATE TRIGGER stream_kept BEFORE UPDATE ON stream BEGIN SELECT RAISE(ABORT, 'stream.append-only'); END;

CREATE TRIGGER stream_kept_whole BEFORE DELETE ON stream BEGIN SELECT RAISE(ABORT, 'stream.append-only'); END;
