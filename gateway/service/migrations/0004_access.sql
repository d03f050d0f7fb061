-- Who may ask, and what was asked.

-- Access keys: what is stored is SHA-256 of 256 random bits, so nobody who reads it can use it.
CREATE TABLE access_keys (
	id TEXT PRIMARY KEY,
	institution BIGINT NOT NULL,
	role TEXT NOT NULL,
	-- Which till it is for, if it is for one only.
	till TEXT,
	name TEXT NOT NULL,
	hash BYTEA NOT NULL UNIQUE,
	-- The wallet that signed in, if that is how it came about.
	account BYTEA,
	created BIGINT NOT NULL,
	expires BIGINT,
	revoked BIGINT
);
CREATE INDEX access_keys_by_institution ON access_keys (institution, id);

-- What wallets were asked to sign to sign in; each is good once.
CREATE TABLE challenges (
	id TEXT PRIMARY KEY,
	institution BIGINT NOT NULL,
	account BYTEA NOT NULL,
	message TEXT NOT NULL,
	expires BIGINT NOT NULL
);

-- What tills wait to be paid for. The order is named by its commitment, which wallets are given.
CREATE TABLE payment_requests (
	id TEXT PRIMARY KEY,
	institution BIGINT NOT NULL,
	till TEXT,
	reference TEXT NOT NULL,
	era BIGINT NOT NULL,
	commitment BYTEA NOT NULL,
	price BIGINT NOT NULL,
	expires BIGINT NOT NULL,
	created BIGINT NOT NULL,
	UNIQUE (institution, reference)
);
CREATE INDEX payment_requests_by_commitment ON payment_requests (institution, commitment);

-- What customers are asked to agree to: the registration repeats it.
CREATE TABLE consents (
	institution BIGINT NOT NULL,
	reference TEXT NOT NULL,
	account BYTEA NOT NULL,
	commitment BYTEA NOT NULL,
	tag BYTEA NOT NULL,
	may_recover BIGINT NOT NULL,
	until BIGINT NOT NULL,
	created BIGINT NOT NULL,
	PRIMARY KEY (institution, reference, account)
);
