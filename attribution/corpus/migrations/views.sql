-- What questions are asked of; made anew with every layout.

-- who: each form of a name with the fullest form of the same speaker. Names meet by their words; a surname alone meets
-- the one full name that ends with it.
CREATE OR REPLACE VIEW who AS
WITH full_name AS (
    SELECT surname, min(key) AS key FROM speaker
    WHERE kind = 'person' AND surname IS NOT NULL GROUP BY surname HAVING count(DISTINCT key) = 1
), keyed AS (
    SELECT s.number, s.name, s.kind, coalesce(f.key, s.key) AS key, s.kind = 'person' AS human
    FROM speaker s LEFT JOIN full_name f ON s.kind = 'person' AND s.surname IS NULL AND f.surname = s.key
), fullest AS (
    SELECT key, human, arg_min(name, (-length(name), number)) AS person, min(number) AS person_number FROM keyed GROUP BY key, human
)
SELECT k.number AS speaker, k.name, k.kind, f.person, f.person_number FROM keyed k JOIN fullest f USING (key, human);

CREATE OR REPLACE VIEW all_claims AS
SELECT c.number, c.article, a.version, a.current, c.id, a.id AS article_id, a.title, a.outlet, a.published, a.day, a.url, a.file,
    w.name AS speaker, w.person, w.kind, c.role, c.affiliation, c.source, c.cue, c.lemma, c.content AS text, c.addressee,
    c.type, c.act, c.polarity, c.block, c.paragraph, c."start", c."end", c.confidence, c.parent,
    c.speaker AS speaker_number, w.person_number
FROM claim c JOIN article a ON a.number = c.article JOIN who w ON w.speaker = c.speaker;

CREATE OR REPLACE VIEW claims AS SELECT * EXCLUDE (current) FROM all_claims WHERE current;

CREATE OR REPLACE VIEW articles AS
SELECT number, version, id, title, outlet, published, day, url, file, sha256, added, made_by FROM article WHERE current;

CREATE OR REPLACE VIEW quotations AS
SELECT q.family, q.number AS wording, t.content AS text, c.* EXCLUDE (text)
FROM quoted t JOIN quotation q ON q.number = t.quotation JOIN claims c ON c.number = t.claim;
