-- What the gateway itself has to remember. Amounts and times are whole numbers; times are milliseconds since 1970.

-- Single facts: which chain this is (`genesis`), and who may write (`lease`, see `leases`).
CREATE TABLE meta (
	name TEXT PRIMARY KEY,
	value TEXT NOT NULL
);

-- Who sends and follows: one process at a time.
CREATE TABLE leases (
	name TEXT PRIMARY KEY,
	holder TEXT NOT NULL,
	until BIGINT NOT NULL
);

-- Final blocks that are indexed, without a gap from the first. The last one is the cursor.
CREATE TABLE blocks (
	number BIGINT PRIMARY KEY,
	hash BYTEA NOT NULL,
	parent BYTEA NOT NULL,
	time BIGINT NOT NULL,
	spec_version BIGINT NOT NULL,
	transactions BIGINT NOT NULL,
	events BIGINT NOT NULL
);

-- What somebody asked the gateway to do on the chain.
CREATE TABLE operations (
	id TEXT PRIMARY KEY,
	institution BIGINT NOT NULL,
	-- Which key sends it: INSTITUTION:PROXY TYPE.
	lane TEXT NOT NULL,
	kind TEXT NOT NULL,
	-- What makes it the same operation whoever asks again: the order, the account, the number. NULL if only its id does.
	once TEXT,
	-- The caller's own name for it, as in an order number.
	reference TEXT,
	-- The `Action`, as JSON.
	action TEXT NOT NULL,
	status TEXT NOT NULL,
	-- The transaction that carries it, and its place in that.
	tx BYTEA,
	place BIGINT,
	-- Where it is, once it is in a block.
	block BIGINT,
	extrinsic BIGINT,
	-- The chain's answer, as JSON: what came of it, or the error.
	result TEXT,
	error TEXT,
	-- The access key that asked.
	access_key TEXT,
	created BIGINT NOT NULL,
	updated BIGINT NOT NULL,
	UNIQUE (institution, once)
);
CREATE INDEX operations_by_lane ON operations (lane, status, id);
CREATE INDEX operations_by_tx ON operations (tx, place);
CREATE INDEX operations_by_institution ON operations (institution, id);

-- Transactions that were signed, with the very bytes: they are stored before they are sent.
CREATE TABLE transactions (
	hash BYTEA PRIMARY KEY,
	lane TEXT NOT NULL,
	nonce BIGINT NOT NULL,
	bytes BYTEA NOT NULL,
	-- The final block from which on it lives, and the first block in which it can be no more.
	birth BIGINT NOT NULL,
	death BIGINT NOT NULL,
	-- signed, sent, in_block, final, expired
	status TEXT NOT NULL,
	block BIGINT,
	extrinsic BIGINT,
	created BIGINT NOT NULL
);
CREATE INDEX transactions_by_lane ON transactions (lane, status, nonce);

-- One key each: nonces without a gap.
CREATE TABLE lanes (
	name TEXT PRIMARY KEY,
	institution BIGINT NOT NULL,
	delegate BYTEA NOT NULL,
	-- Why it sends nothing for now.
	paused TEXT
);

-- Requests that carried an Idempotency-Key. What they began is found by what makes it the same, or by the key itself
-- (`once`), so that no answer has to be kept.
CREATE TABLE idempotency (
	institution BIGINT NOT NULL,
	key TEXT NOT NULL,
	-- SHA-256 of method, path and body.
	fingerprint BYTEA NOT NULL,
	created BIGINT NOT NULL,
	PRIMARY KEY (institution, key)
);
CREATE INDEX idempotency_by_age ON idempotency (created);

-- Customers of an institution, by the reference that it has for them. Nothing personal: see `commitment`.
CREATE TABLE customers (
	institution BIGINT NOT NULL,
	reference TEXT NOT NULL,
	account BYTEA NOT NULL,
	created BIGINT NOT NULL,
	PRIMARY KEY (institution, reference)
);
CREATE INDEX customers_by_account ON customers (institution, account);
