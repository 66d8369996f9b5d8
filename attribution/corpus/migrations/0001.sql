-- Layout 1: articles in versions, their claims, their speakers, and the words of claims for search.
CREATE TABLE schema_version (version INTEGER NOT NULL, made_by VARCHAR NOT NULL, made TIMESTAMP NOT NULL);

-- key: what makes two texts versions of one article (see corpus/identity.py); record: the rest of the Article, as JSON
CREATE TABLE article (
    number INTEGER NOT NULL, key VARCHAR NOT NULL, version INTEGER NOT NULL, current BOOLEAN NOT NULL, id VARCHAR NOT NULL,
    title VARCHAR, file VARCHAR, sha256 VARCHAR NOT NULL, outlet VARCHAR, published VARCHAR, day DATE, url VARCHAR,
    text VARCHAR, record VARCHAR NOT NULL, added TIMESTAMP NOT NULL DEFAULT (now() AT TIME ZONE 'UTC')
);

-- key: the words of the name as they are compared
CREATE TABLE speaker (number INTEGER NOT NULL, name VARCHAR NOT NULL, kind VARCHAR NOT NULL, key VARCHAR NOT NULL, surname VARCHAR);

-- record: the whole Claim as JSON, without its article
CREATE TABLE claim (
    number INTEGER NOT NULL, article INTEGER NOT NULL, id VARCHAR NOT NULL, speaker INTEGER NOT NULL, role VARCHAR,
    affiliation VARCHAR, source VARCHAR, cue VARCHAR, lemma VARCHAR, content VARCHAR NOT NULL, addressee VARCHAR,
    type VARCHAR NOT NULL, act VARCHAR NOT NULL, polarity VARCHAR NOT NULL, block VARCHAR NOT NULL, paragraph INTEGER NOT NULL,
    "start" INTEGER NOT NULL, "end" INTEGER NOT NULL, confidence DOUBLE NOT NULL, parent VARCHAR, record VARCHAR NOT NULL
);

-- the inverted index: which stem stands where in which claim
CREATE TABLE term (number INTEGER NOT NULL, stem VARCHAR NOT NULL);
CREATE TABLE word (term INTEGER NOT NULL, claim INTEGER NOT NULL, position USMALLINT NOT NULL);
