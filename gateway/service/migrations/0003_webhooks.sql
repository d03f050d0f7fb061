-- Where webhooks go. `sequence` is the number that the endpoint's last message got: there are no gaps.
CREATE TABLE endpoints (
	id TEXT PRIMARY KEY,
	institution BIGINT NOT NULL,
	url TEXT NOT NULL,
	-- Types that it wants, as a JSON list of names or of `award.*`; an empty list is all of them.
	types TEXT NOT NULL,
	secret TEXT NOT NULL,
	-- The secret before, which signs too until a moment.
	old_secret TEXT,
	old_until BIGINT,
	sequence BIGINT NOT NULL,
	-- Why nothing is sent there any more.
	disabled TEXT,
	created BIGINT NOT NULL
);
CREATE INDEX endpoints_by_institution ON endpoints (institution, created);

-- Messages, one row for each endpoint that gets it: queued with the block that they tell of.
CREATE TABLE deliveries (
	endpoint TEXT NOT NULL,
	sequence BIGINT NOT NULL,
	type TEXT NOT NULL,
	-- The very bytes that are signed and sent.
	body TEXT NOT NULL,
	-- waiting, delivered, dead
	status TEXT NOT NULL,
	attempts BIGINT NOT NULL,
	-- When it is sent next.
	next BIGINT NOT NULL,
	-- What the endpoint answered last, or why it did not.
	answer BIGINT,
	error TEXT,
	created BIGINT NOT NULL,
	updated BIGINT NOT NULL,
	PRIMARY KEY (endpoint, sequence)
);
CREATE INDEX deliveries_due ON deliveries (status, next, endpoint);

-- Vintages of which it was told that they expire, so that it is told once.
CREATE TABLE expiring (
	asset BIGINT PRIMARY KEY,
	told BIGINT NOT NULL
);
