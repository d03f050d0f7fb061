-- The runtime for which it was signed: a later one takes it no more. NULL if nobody knows, as of what customers signed.
ALTER TABLE transactions ADD COLUMN spec_version BIGINT;
