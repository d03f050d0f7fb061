//! What calls and hooks cost, measured on this runtime: each benchmark is one function of a pallet's `WeightInfo`.
//!
//! They are here and not in the pallets, since the worst case of a call is made by its neighbours: members,
//! customers, points and claims. The chain that they begin with has as many members and authorities as there can
//! be. `scripts/bench weights` writes what they measure into `runtime/src/weights`.

#[cfg(substrate_runtime)]
mod anew;
mod authorities;
mod base;
mod clearing;
mod conduct;
mod customers;
mod exchange;
mod extensions;
mod fees;
mod institutions;
mod motions;
mod points;
mod rulebook;
mod settlement;
mod supervision;
mod world;

pub use world::{genesis, PRESET};

use crate::{AllPalletsWithSystem, Runtime};
use alloc::{string::String, vec::Vec};
use frame_benchmarking::{BenchmarkBatch, BenchmarkConfig, BenchmarkList};
use frame_support::{
	storage::unhashed,
	traits::{StorageInfo, StorageInfoTrait, WhitelistedStorageKeys},
};

/// `frame-system`, as the macro of the SDK calls it: it sets the number of a block where there is none, which the
/// pallet itself can do only with a feature that every other pallet would then need. Here there is always a block.
mod system {
	pub use ::frame_system::{Account, Call, Config};

	pub struct Pallet<T>(core::marker::PhantomData<T>);

	impl<T: Config> Pallet<T> {
		pub fn block_number() -> frame_system::pallet_prelude::BlockNumberFor<T> {
			frame_system::Pallet::<T>::block_number()
		}

		pub fn set_block_number(_: frame_system::pallet_prelude::BlockNumberFor<T>) {
			frame_support::defensive!("a benchmark begins without a block");
		}
	}
}

/// Where the state has this key, the accounts of members are left out of the counts. So whoever counts with it and without
/// tells them from those of customers, which are in the same maps.
const WITHOUT_MEMBERS: &[u8] = b":benchmarks:without-members";

/// What the macro of the SDK wants of a pallet with benchmarks.
pub trait Config: frame_system::Config {}
impl Config for Runtime {}

frame_benchmarking::define_benchmarks!(
	[base, crate::benchmarks::base::Pallet<Runtime>]
	[frame_system_extensions, crate::benchmarks::extensions::Pallet<Runtime>]
	[pallet_authorities, crate::benchmarks::authorities::Pallet<Runtime>]
	[pallet_clearing, crate::benchmarks::clearing::Pallet<Runtime>]
	[pallet_clearing, crate::benchmarks::settlement::Pallet<Runtime>]
	[pallet_collective, crate::benchmarks::motions::Pallet<Runtime>]
	[pallet_conduct, crate::benchmarks::conduct::Pallet<Runtime>]
	[pallet_customers, crate::benchmarks::customers::Pallet<Runtime>]
	[pallet_exchange, crate::benchmarks::exchange::Pallet<Runtime>]
	[pallet_institutions, crate::benchmarks::institutions::Pallet<Runtime>]
	[pallet_points, crate::benchmarks::points::Pallet<Runtime>]
	[pallet_rulebook, crate::benchmarks::rulebook::Pallet<Runtime>]
	[pallet_sponsorship, crate::benchmarks::fees::Pallet<Runtime>]
	[pallet_supervision, crate::benchmarks::supervision::Pallet<Runtime>]
);

/// All benchmarks, and what is stored where.
pub fn metadata(extra: bool) -> (Vec<BenchmarkList>, Vec<StorageInfo>) {
	let mut list = Vec::new();
	list_benchmarks!(list, extra);
	(list, AllPalletsWithSystem::storage_info())
}

/// Runs one of them.
pub fn dispatch(config: BenchmarkConfig) -> Result<Vec<BenchmarkBatch>, String> {
	#[cfg(substrate_runtime)]
	anew::measure();
	let mut whitelist = AllPalletsWithSystem::whitelisted_storage_keys();
	if unhashed::exists(WITHOUT_MEMBERS) {
		whitelist.extend(world::accounts_of_members());
	}
	let mut batches = Vec::new();
	let params = (&config, &whitelist);
	add_benchmarks!(params, batches);
	Ok(batches)
}
