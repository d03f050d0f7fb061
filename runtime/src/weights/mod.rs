//! What calls and hooks weigh, as measured on this runtime by `scripts/bench weights`.

mod authorities;
mod base;
mod clearing;
mod collective;
mod conduct;
mod customers;
mod database;
mod exchange;
mod frame_system_extensions;
mod institutions;
mod points;
mod rulebook;
mod sponsorship;
mod supervision;

pub use database::{Few, Many, Values};

use frame_support::weights::Weight;

/// Picoseconds in a nanosecond.
const NANOSECOND: u64 = 1_000;

/// The measured weights of all pallets.
pub struct Measured;

/// So many nanoseconds of work, and `[reads, writes]` of items of which there are few (of members, programs) and of
/// those of which there are many (of people, orders, moments). A block pays for the values of which there is one each.
fn weight(nanoseconds: u64, [few_reads, few_writes]: [u64; 2], [reads, writes]: [u64; 2]) -> Weight {
	Weight::from_parts(nanoseconds.saturating_mul(NANOSECOND), 0)
		.saturating_add(Few::get().reads_writes(few_reads, few_writes))
		.saturating_add(Many::get().reads_writes(reads, writes))
}
