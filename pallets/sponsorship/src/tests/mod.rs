mod charging;
mod history;
mod invariants;
mod mock;
mod replay;
mod strangers;
