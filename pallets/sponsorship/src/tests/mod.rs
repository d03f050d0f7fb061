mod charging;
mod history;
mod invariants;
mod lanes;
mod mock;
mod replay;
mod strangers;
mod vouchers;
