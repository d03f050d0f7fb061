//! Each measurement begins as a transaction in a full block does: with the values of which there is one each kept, since
//! others have read them, and nothing else.

use crate::AllPalletsWithSystem;
use alloc::vec::Vec;
use frame_benchmarking::benchmarking::{host_reset_read_write_count, host_wipe_db};
use frame_support::{storage::unhashed, traits::StorageInfoTrait};
use hanse_cache::forget;
use spin::LazyLock;

/// The host's functions by which a measurement begins, and the state is what it was at first.
static HOST: LazyLock<[fn(); 2]> = LazyLock::new(|| [host_reset_read_write_count.get(), host_wipe_db.get()]);

/// The keys of the values of which there is one each.
static VALUES: LazyLock<Vec<Vec<u8>>> = LazyLock::new(|| {
	let all = AllPalletsWithSystem::storage_info();
	all.into_iter().filter(|item| item.max_values == Some(1)).map(|item| item.prefix).collect()
});

/// From here to the end of this call of the runtime.
pub fn measure() {
	LazyLock::force(&HOST);
	// What would undo it is not dropped.
	core::mem::forget((
		host_reset_read_write_count.replace_implementation(|| {
			forget();
			for key in &*VALUES {
				unhashed::exists(key);
			}
			HOST[0]()
		}),
		host_wipe_db.replace_implementation(|| {
			forget();
			HOST[1]()
		}),
	));
}
