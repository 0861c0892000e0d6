-- One schema for SQLite and PostgreSQL: only what both understand. Instants are text of one width in UTC
-- (`2026-11-22T10:00:00.000Z`), so that they sort, group by day (`substr(at, 1, 10)`) and read alike on both.

-- One decision about one order. `body` is the record without its assessments, which stand in `outcome`; the columns beside
-- it are what it is looked up by.
CREATE TABLE decision (
    id TEXT NOT NULL PRIMARY KEY,
    at TEXT NOT NULL,
    hook_instance TEXT NOT NULL,
    service TEXT NOT NULL,
    client TEXT NOT NULL, -- empty: the service is open
    patient TEXT NOT NULL, -- keyed hash, for deletion on request
    body TEXT NOT NULL
);
CREATE INDEX decision_at ON decision (at, id);
CREATE INDEX decision_patient ON decision (patient);
CREATE INDEX decision_hook_instance ON decision (hook_instance);

-- What a policy or a set of limits came to. Many decisions come to the same, so each pattern is written once:
-- statistics over all decisions count pattern ids and read a few patterns.
CREATE TABLE pattern (
    id TEXT NOT NULL PRIMARY KEY, -- hash of what it says
    body TEXT NOT NULL
);
-- The tree of a policy with its verdicts: written once too, and beside the pattern, because statistics need none.
CREATE TABLE tree (
    id TEXT NOT NULL PRIMARY KEY, -- hash of what it says
    body TEXT NOT NULL
);
CREATE TABLE outcome (
    decision TEXT NOT NULL REFERENCES decision (id) ON DELETE CASCADE,
    pattern TEXT NOT NULL REFERENCES pattern (id),
    tree TEXT NOT NULL REFERENCES tree (id),
    at TEXT NOT NULL,
    PRIMARY KEY (decision, pattern)
);

-- Where a card came from. A hook that fires again gives the same card again, so a uuid can stand here more than once.
CREATE TABLE card (
    decision TEXT NOT NULL REFERENCES decision (id) ON DELETE CASCADE,
    uuid TEXT NOT NULL,
    pattern TEXT REFERENCES pattern (id),
    at TEXT NOT NULL,
    PRIMARY KEY (decision, uuid)
);
CREATE INDEX card_uuid ON card (uuid);

-- What users did with cards: every report is kept once, the newest of a card counts.
CREATE TABLE feedback (
    client TEXT NOT NULL,
    card TEXT NOT NULL,
    at TEXT NOT NULL, -- as the client says
    item TEXT NOT NULL, -- keyed hash of the report: the same one again is the same row
    received TEXT NOT NULL,
    service TEXT NOT NULL,
    decision TEXT REFERENCES decision (id) ON DELETE CASCADE, -- null: no card of this client's is known by that uuid
    outcome TEXT NOT NULL, -- accepted | overridden
    suggestions TEXT NOT NULL, -- JSON array of the ids of accepted suggestions
    reason TEXT, -- code of the override reason
    reason_system TEXT,
    words TEXT, -- JSON: the user's words, as the setting for patient data keeps them
    PRIMARY KEY (client, card, at, item)
);
CREATE INDEX feedback_decision ON feedback (decision);

-- Which tokens were used, until they expire.
CREATE TABLE jti (
    client TEXT NOT NULL,
    token TEXT NOT NULL, -- hash of the jti
    expires BIGINT NOT NULL, -- seconds since 1970
    PRIMARY KEY (client, token)
);
CREATE INDEX jti_expires ON jti (expires);

-- That something was deleted, and what for.
CREATE TABLE deletion (
    id TEXT NOT NULL PRIMARY KEY,
    started TEXT NOT NULL,
    finished TEXT, -- null: it was cut short
    older_than TEXT, -- by age
    patient TEXT, -- on request: the keyed hash
    reason TEXT NOT NULL, -- in the operator's words
    decisions BIGINT NOT NULL,
    feedback BIGINT NOT NULL
);

-- One row that is written over, to see whether the store takes writes again.
CREATE TABLE probe (
    id BIGINT NOT NULL PRIMARY KEY,
    at TEXT NOT NULL
);
