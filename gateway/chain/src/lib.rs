//! The chain as the gateway sees it: types from the checked-in metadata, signing, reads, and whole final blocks.

mod account;
mod batches;
mod block;
mod described;
mod envelope;
pub mod errors;
mod heads;
pub mod json;
mod ledger;
mod nested;
mod node;
pub mod reads;
pub mod sign;
mod state;

pub use account::AccountId;
pub use batches::{Award, Batch, batches, hash_of as batch_hash};
pub use block::{BlockError, BlockEvent, BlockTransaction, Blocks, FinalBlock};
pub use envelope::{Envelope, EnvelopeError};
pub use heads::{Head, Heads};
pub use ledger::{Ledger, Line};
pub use nested::{Nested, nested};
pub use node::{AtBlock, Node, NodeError, Submitted};
pub use state::{PairPosition, PendingOf, Positions, Readings};

/// Types of calls, events, storage and reads, from the metadata that all clients share.
#[subxt::subxt(
	runtime_metadata_path = "../../clients/sdk/metadata.scale",
	derive_for_all_types = "Clone, PartialEq, Eq"
)]
pub mod hanse {}

pub type InstitutionId = u32;
pub type ProgramId = u16;
pub type EraIndex = u32;
/// A vintage.
pub type AssetId = u32;
/// Milliseconds since 1970.
pub type Moment = u64;
/// The chain's own configuration: that of every Substrate chain with accounts of 32 bytes.
pub type Config = subxt::PolkadotConfig;

/// The hash under which the chain keeps a document: BLAKE2b-256.
pub fn document_hash(bytes: &[u8]) -> [u8; 32] {
	sp_crypto_hashing::blake2_256(bytes)
}
