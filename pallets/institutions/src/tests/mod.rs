mod founders;
mod invariants;
mod mock;
