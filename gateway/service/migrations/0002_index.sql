-- What final blocks say, kept so that it can be asked. All of it comes from the chain, and comes out the same when it
-- is built again. Amounts are smallest units of points, values are settlement micro-units.

-- Events of the chain but for those of its housekeeping, with their fields as JSON.
CREATE TABLE events (
	block BIGINT NOT NULL,
	position BIGINT NOT NULL,
	-- NULL for what the chain did by itself.
	extrinsic BIGINT,
	pallet TEXT NOT NULL,
	name TEXT NOT NULL,
	data TEXT NOT NULL,
	PRIMARY KEY (block, position)
);
CREATE INDEX events_by_name ON events (pallet, name, block);

CREATE INDEX blocks_by_time ON blocks (time);

CREATE TABLE programs (
	program BIGINT PRIMARY KEY,
	institution BIGINT NOT NULL,
	-- Terms in force when it was created, as JSON.
	terms TEXT NOT NULL,
	-- The vintage into which points go that are made now.
	current BIGINT,
	block BIGINT NOT NULL
);

CREATE TABLE vintages (
	asset BIGINT PRIMARY KEY,
	program BIGINT NOT NULL,
	face_value BIGINT NOT NULL,
	-- By the clock on the wall, if the program's clock does not stand meanwhile.
	expires BIGINT NOT NULL,
	opened BIGINT NOT NULL,
	supply BIGINT NOT NULL,
	pending BIGINT NOT NULL,
	-- The block in which it expired, and what was left of it then.
	expired BIGINT,
	lapsed BIGINT
);
CREATE INDEX vintages_by_program ON vintages (program, asset);

-- Who has what of vintages that are open.
CREATE TABLE holdings (
	asset BIGINT NOT NULL,
	account BYTEA NOT NULL,
	amount BIGINT NOT NULL,
	pending BIGINT NOT NULL,
	PRIMARY KEY (asset, account)
);
CREATE INDEX holdings_by_account ON holdings (account, asset);

-- What ever happened to each program's points, up to and with each block in which something did.
CREATE TABLE flows (
	program BIGINT NOT NULL,
	block BIGINT NOT NULL,
	time BIGINT NOT NULL,
	issued BIGINT NOT NULL,
	redeemed_at_home BIGINT NOT NULL,
	redeemed_at_partners BIGINT NOT NULL,
	exchanged_in BIGINT NOT NULL,
	exchanged_out BIGINT NOT NULL,
	expired BIGINT NOT NULL,
	cancelled BIGINT NOT NULL,
	reinstated BIGINT NOT NULL,
	-- Of that, what was carried out of a vintage that expired while its holder was halted.
	carried BIGINT NOT NULL,
	PRIMARY KEY (program, block)
);

-- Payments, and authorisations of which some or nothing was captured.
CREATE TABLE payments (
	block BIGINT NOT NULL,
	position BIGINT NOT NULL,
	extrinsic BIGINT,
	time BIGINT NOT NULL,
	merchant BIGINT NOT NULL,
	payer BYTEA NOT NULL,
	era BIGINT NOT NULL,
	commitment BYTEA NOT NULL,
	-- paid, authorised, captured (in part, and more may be), void
	status TEXT NOT NULL,
	-- What was authorised; NULL for a payment at once.
	authorised BIGINT,
	-- What was paid or captured, and how much of that was refunded.
	price BIGINT NOT NULL,
	refunded BIGINT NOT NULL,
	-- The last block that changed it.
	changed BIGINT NOT NULL,
	PRIMARY KEY (block, position)
);
CREATE INDEX payments_by_order ON payments (merchant, payer, commitment, block);
CREATE INDEX payments_by_merchant ON payments (merchant, block, position);

-- What the first ever came to owe the second, and how that was met: set off, on the line, and the rest in money.
CREATE TABLE turnovers (
	debtor BIGINT NOT NULL,
	creditor BIGINT NOT NULL,
	value BIGINT NOT NULL,
	set_off BIGINT NOT NULL,
	line BIGINT NOT NULL,
	PRIMARY KEY (debtor, creditor)
);

-- What members owe each other on lines: positive if the lower id owes.
CREATE TABLE positions (
	low BIGINT NOT NULL,
	high BIGINT NOT NULL,
	value BIGINT NOT NULL,
	PRIMARY KEY (low, high)
);

CREATE TABLE cycles (
	cycle BIGINT PRIMARY KEY,
	block BIGINT NOT NULL,
	time BIGINT NOT NULL,
	positions BIGINT NOT NULL,
	moved BIGINT NOT NULL
);

-- What the end of a cycle took off a position, in the block in which it was taken off.
CREATE TABLE settlements (
	block BIGINT NOT NULL,
	debtor BIGINT NOT NULL,
	creditor BIGINT NOT NULL,
	value BIGINT NOT NULL,
	PRIMARY KEY (block, debtor, creditor)
);

-- Fees that each institution paid for customers, by day of UTC.
CREATE TABLE sponsored (
	sponsor BIGINT NOT NULL,
	day BIGINT NOT NULL,
	fees BIGINT NOT NULL,
	transactions BIGINT NOT NULL,
	PRIMARY KEY (sponsor, day)
);

-- Accounts that were recovered, and what took their place.
CREATE TABLE successors (
	old BYTEA PRIMARY KEY,
	new BYTEA NOT NULL,
	block BIGINT NOT NULL
);

-- What happened to an account, for its wallet.
CREATE TABLE history (
	account BYTEA NOT NULL,
	block BIGINT NOT NULL,
	position BIGINT NOT NULL,
	-- Apart where one event is several things.
	part BIGINT NOT NULL,
	time BIGINT NOT NULL,
	kind TEXT NOT NULL,
	program BIGINT,
	asset BIGINT,
	-- More or fewer points.
	points BIGINT,
	-- The merchant, the sponsor, the registrar.
	institution BIGINT,
	value BIGINT,
	commitment BYTEA,
	-- From whom, to whom.
	other BYTEA,
	PRIMARY KEY (account, block, position, part)
);
