-- Layout 3: with what an article's claims were found; NULL where they came with a file of claims, or before this layout.
ALTER TABLE article ADD COLUMN made_by VARCHAR;
