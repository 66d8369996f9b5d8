-- Layout 2: wordings of quotations, and which of them are one quotation, for `corpus variants`.
-- quotation: a distinct wording, named by the hash of its words; family: the least hash among those that are near
CREATE TABLE quotation (number UBIGINT NOT NULL, words VARCHAR NOT NULL, family UBIGINT NOT NULL);
CREATE TABLE quoted (quotation UBIGINT NOT NULL, claim INTEGER NOT NULL, content VARCHAR NOT NULL);

-- hashes of three words in a row; size: how many the wording has
CREATE TABLE shingle (hash UINTEGER NOT NULL, quotation UBIGINT NOT NULL, size USMALLINT NOT NULL);
