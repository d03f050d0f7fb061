//! The Hanse ledger's state transition: which pallets there are, in which order, and what version.
//!
//! Where to change what: numbers in [`constants`], the configuration of each pallet in `configs` by
//! subject, what nodes and wallets may ask in `apis`, who founds a development chain in
//! [`genesis_presets`].
#![cfg_attr(not(feature = "std"), no_std)]
#![recursion_limit = "256"]

#[cfg(feature = "std")]
include!(concat!(env!("OUT_DIR"), "/wasm_binary.rs"));

extern crate alloc;
// Its allocator, which is used by being there.
#[cfg(substrate_runtime)]
extern crate hanse_arena as _;

mod apis;
pub mod authoring;
#[cfg(feature = "runtime-benchmarks")]
mod benchmarks;
pub mod configs;
pub mod constants;
pub mod genesis_presets;
pub mod hooks;
#[cfg(substrate_runtime)]
mod host;
#[cfg(feature = "std")]
pub mod native;
pub mod reads;
pub mod weights;

use alloc::{borrow::Cow, vec::Vec};
use sp_runtime::{
	generic, impl_opaque_keys,
	traits::{BlakeTwo256, IdentifyAccount, Verify},
	MultiAddress, MultiSignature,
};
use sp_version::RuntimeVersion;

#[cfg(feature = "std")]
pub use apis::RuntimeApi;
pub use hanse_primitives::Balance;
pub use pallet_rulebook::Rules;

/// How transactions are signed: sr25519, ed25519 or ECDSA, as wallets choose.
pub type Signature = MultiSignature;
/// The hash of a public key.
pub type AccountId = <<Signature as Verify>::Signer as IdentifyAccount>::AccountId;
/// How transactions name an account.
pub type Address = MultiAddress<AccountId, ()>;
/// The number of a block.
pub type BlockNumber = u32;
/// What hashes blocks and state.
pub type Hash = sp_core::H256;
/// The transaction count of an account, as clients see it.
pub type Nonce = u32;
/// A block's header.
pub type Header = generic::Header<BlockNumber, BlakeTwo256>;
/// A block.
pub type Block = generic::Block<Header, UncheckedExtrinsic>;

/// The pipeline that every wallet knows; nothing may be added to it that it would see.
pub type TxExtension = (
	frame_system::CheckNonZeroSender<Runtime>,
	frame_system::CheckSpecVersion<Runtime>,
	frame_system::CheckTxVersion<Runtime>,
	frame_system::CheckGenesis<Runtime>,
	frame_system::CheckMortality<Runtime>,
	frame_system::CheckNonce<Runtime>,
	frame_system::CheckWeight<Runtime>,
	// To everybody outside `ChargeTransactionPayment`.
	pallet_sponsorship::ChargeFee<Runtime>,
	frame_metadata_hash_extension::CheckMetadataHash<Runtime>,
	frame_system::WeightReclaim<Runtime>,
);

/// A transaction as it comes from outside.
pub type UncheckedExtrinsic = generic::UncheckedExtrinsic<Address, RuntimeCall, Signature, TxExtension>;

/// What executes blocks.
pub type Executive = frame_executive::Executive<
	Runtime,
	Block,
	frame_system::ChainContext<Runtime>,
	Runtime,
	hooks::MeteredHooks,
>;

/// Blocks as the node handles them: with transactions that it does not look into.
pub mod opaque {
	use super::*;
	pub use sp_runtime::OpaqueExtrinsic as UncheckedExtrinsic;

	/// A block with opaque transactions.
	pub type Block = generic::Block<Header, UncheckedExtrinsic>;
}

impl_opaque_keys! {
	/// What an authority signs with.
	pub struct SessionKeys {
		/// Blocks.
		pub aura: Aura,
		/// Finality votes.
		pub grandpa: Grandpa,
	}
}

/// The version with this `spec_version`. The macro of the SDK reads literals, so it takes no constant.
macro_rules! version {
	($spec_version:tt) => {
		/// What runtime this is.
		#[sp_version::runtime_version]
		pub const VERSION: RuntimeVersion = RuntimeVersion {
			spec_name: Cow::Borrowed("hanse"),
			impl_name: Cow::Borrowed("hanse"),
			authoring_version: 1,
			spec_version: $spec_version,
			impl_version: 1,
			apis: apis::RUNTIME_API_VERSIONS,
			// Raise it with every change of a call's encoding.
			transaction_version: 6,
			system_version: 1,
		};
	};
}
// Raise it with every change of behaviour.
#[cfg(not(feature = "next-version"))]
version!(7);
// Larger than any that there will be: what tests upgrade to.
#[cfg(feature = "next-version")]
version!(1_000_000);

/// The pallets. Their order is that of hooks and of genesis: time first, then money, then who belongs and
/// by which rules, then who makes blocks, then what they do.
#[frame_support::runtime]
mod runtime {
	#[runtime::runtime]
	#[runtime::derive(
		RuntimeCall,
		RuntimeEvent,
		RuntimeError,
		RuntimeOrigin,
		RuntimeFreezeReason,
		RuntimeHoldReason,
		RuntimeSlashReason,
		RuntimeLockId,
		RuntimeTask,
		RuntimeViewFunction
	)]
	pub struct Runtime;

	// Accounts and time.
	#[runtime::pallet_index(0)]
	pub type System = frame_system;
	#[runtime::pallet_index(1)]
	pub type Timestamp = pallet_timestamp;
	#[runtime::pallet_index(2)]
	pub type Aura = pallet_aura;
	#[runtime::pallet_index(3)]
	pub type Authorship = pallet_authorship;

	// Money.
	#[runtime::pallet_index(10)]
	pub type Balances = pallet_balances;
	#[runtime::pallet_index(11)]
	pub type TransactionPayment = pallet_transaction_payment;
	#[runtime::pallet_index(12)]
	pub type Assets = pallet_assets;

	// The members, and how they decide.
	#[runtime::pallet_index(20)]
	pub type Rulebook = pallet_rulebook;
	#[runtime::pallet_index(21)]
	pub type Alliance = pallet_collective;
	#[runtime::pallet_index(22)]
	pub type Institutions = pallet_institutions;
	#[runtime::pallet_index(23)]
	pub type Authorities = pallet_authorities;

	// Consensus, which follows the members.
	#[runtime::pallet_index(30)]
	pub type Offences = pallet_offences;
	#[runtime::pallet_index(31)]
	pub type Historical = pallet_session::historical;
	#[runtime::pallet_index(32)]
	pub type Session = pallet_session;
	#[runtime::pallet_index(33)]
	pub type Grandpa = pallet_grandpa;

	// What they do together.
	#[runtime::pallet_index(40)]
	pub type Clearing = pallet_clearing;
	#[runtime::pallet_index(41)]
	pub type Points = pallet_points;
	#[runtime::pallet_index(42)]
	pub type Exchange = pallet_exchange;
	#[runtime::pallet_index(43)]
	pub type Customers = pallet_customers;
	#[runtime::pallet_index(44)]
	pub type Sponsorship = pallet_sponsorship;

	// What follows from what they do, and who watches.
	#[runtime::pallet_index(45)]
	pub type Conduct = pallet_conduct;
	#[runtime::pallet_index(46)]
	pub type Supervision = pallet_supervision;

	// Keys inside an institution.
	#[runtime::pallet_index(50)]
	pub type Utility = pallet_utility;
	#[runtime::pallet_index(51)]
	pub type Multisig = pallet_multisig;
	#[runtime::pallet_index(52)]
	pub type Proxy = pallet_proxy;

	// Brakes.
	#[runtime::pallet_index(60)]
	pub type SafeMode = pallet_safe_mode;
	#[runtime::pallet_index(61)]
	pub type TxPause = pallet_tx_pause;
}
