//! What calls and hooks weigh, as measured on this runtime by `scripts/bench weights`.

mod authorities;
mod clearing;
mod collective;
mod conduct;
mod customers;
mod database;
mod exchange;
mod institutions;
mod points;
mod rulebook;
mod sponsorship;
mod supervision;

pub use database::Database;

use crate::Runtime;
use frame_support::{traits::Get, weights::Weight};

/// Picoseconds in a nanosecond.
const NANOSECOND: u64 = 1_000;

/// The measured weights of all pallets.
pub struct Measured;

/// So many nanoseconds of work, and items read and written.
fn weight(nanoseconds: u64, reads: u64, writes: u64) -> Weight {
	let work = Weight::from_parts(nanoseconds.saturating_mul(NANOSECOND), 0);
	work.saturating_add(<Runtime as frame_system::Config>::DbWeight::get().reads_writes(reads, writes))
}
