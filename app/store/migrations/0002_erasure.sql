-- Format 2: the body of an event may go, together with its salt, where a later event of the same stream erases it.
DROP TRIGGER body_kept;

CREATE TRIGGER body_kept BEFORE UPDATE ON body
WHEN NEW.seq IS NOT OLD.seq OR OLD.content IS NULL OR NEW.content IS NOT NULL OR NEW.salt IS NOT NULL
  OR NOT EXISTS (
    SELECT 1 FROM log erasure JOIN log erased ON erased.stream = erasure.stream
    WHERE erasure.seq = NEW.erased_by AND erasure.kind = 'CaseErased' AND erasure.seq > OLD.seq AND erased.seq = OLD.seq
  )
BEGIN SELECT RAISE(ABORT, 'body.append-only'); END;
