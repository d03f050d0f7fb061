//! Each measurement begins with nothing kept of the state: neither what prepared it nor the state before counts.

use frame_benchmarking::benchmarking::{host_reset_read_write_count, host_wipe_db};
use hanse_cache::forget;
use spin::LazyLock;

/// The host's functions by which a measurement begins, and the state is what it was at first.
static HOST: LazyLock<[fn(); 2]> = LazyLock::new(|| [host_reset_read_write_count.get(), host_wipe_db.get()]);

/// From here to the end of this call of the runtime.
pub fn measure() {
	LazyLock::force(&HOST);
	// What would undo it is not dropped.
	core::mem::forget((
		host_reset_read_write_count.replace_implementation(|| {
			forget();
			HOST[0]()
		}),
		host_wipe_db.replace_implementation(|| {
			forget();
			HOST[1]()
		}),
	));
}
