//! Webhooks: messages of Standard Webhooks 1.0, queued in the database's transaction of the block that they tell of,
//! and delivered until they are answered. See <https://www.standardwebhooks.com>.

pub mod address;
pub mod deliver;
pub mod endpoints;
pub mod kinds;
pub mod queue;
pub mod retry;
pub mod signature;
#[cfg(test)]
mod tests;

pub use deliver::Deliverer;
pub use endpoints::{Delivery, Endpoint, Endpoints};
