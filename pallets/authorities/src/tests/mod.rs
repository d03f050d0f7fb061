mod invariants;
mod mock;
mod offences;
mod operate;
mod plan;
mod restart;
mod service;
mod sessions;
