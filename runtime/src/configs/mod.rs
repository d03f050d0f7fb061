//! The configuration of each pallet, by subject.

mod alliance;
mod consensus;
mod delegation;
pub mod governance;
pub mod majority;
mod money;
pub mod motions;
mod sponsorship;
mod system;

pub use delegation::ProxyType;
pub use money::PotAccount;
pub use sponsorship::signer_pays;
pub use system::CallFilter;
