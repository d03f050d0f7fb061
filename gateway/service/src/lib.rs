//! An institution's way into Hanse: HTTP in, signed transactions out, each thing once.
//!
//! | folder | what it does |
//! |---|---|
//! | `api` | what institutions ask for, one file a resource |
//! | `orders` | operations: accepted, signed, stored, sent, settled |
//! | `follow` | final blocks into the index: one transaction of the database a block |
//! | `opening` | balances that customers had before, signed by shop and auditor |
//! | `hooks` | webhooks: queued with the block, delivered until they are answered |
//! | `store` | the database |

// Files that the tests in `tests/` share with unit tests name the crate.
#[cfg(test)]
extern crate self as hanse_gateway;

pub mod api;
pub mod cli;
pub mod compare;
pub mod config;
pub mod export;
pub mod follow;
#[cfg(any(test, feature = "fuzzing"))]
pub mod fuzzing;
pub mod hooks;
pub mod keys;
pub mod model;
pub mod opening;
pub mod orders;
pub mod reconcile;
pub mod store;
