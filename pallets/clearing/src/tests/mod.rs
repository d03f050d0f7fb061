mod invariants;
mod mock;
mod owe;
mod reserve;
