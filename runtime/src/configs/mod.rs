//! The configuration of each pallet, by subject.

mod alliance;
mod consensus;
mod money;
mod system;

pub use alliance::EraClock;
pub use money::PotAccount;
pub use system::{CallFilter, ProxyType};
