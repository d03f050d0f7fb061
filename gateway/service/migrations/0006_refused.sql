-- Why the node says that a transaction can be in no block, however empty.
ALTER TABLE transactions ADD COLUMN refused TEXT;
