-- With how many others at most an operation shares a transaction, since a larger one was refused as a whole.
ALTER TABLE operations ADD COLUMN most BIGINT;
CREATE INDEX operations_open ON operations (institution, lane)
	WHERE status IN ('accepted', 'signed', 'sent', 'in_block');
CREATE INDEX transactions_under_way ON transactions (death) WHERE status IN ('signed', 'sent', 'in_block');
