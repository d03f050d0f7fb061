//! The configuration of each pallet, by subject.

pub mod alliance;
mod consensus;
mod delegation;
pub mod governance;
mod lanes;
pub mod majority;
mod money;
pub mod motions;
pub mod origins;
mod sponsorship;
mod system;

pub use delegation::ProxyType;
pub use lanes::AllianceCalls;
pub use money::PotAccount;
pub use sponsorship::{extensions, fee_of_signer, Fees};
pub use system::{BaseCosts, CallFilter};
