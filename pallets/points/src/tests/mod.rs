mod burn;
mod exchange_in;
mod expiry;
mod invariants;
mod issue;
mod mock;
mod programs;
