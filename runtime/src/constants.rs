//! Every number of the runtime, with its unit. Those under [`rules`] are what members agreed on.

use crate::{Balance, BlockNumber};
use frame_support::PalletId;
use hanse_primitives::Moment;

/// One settlement unit: 6 decimals.
pub const UNIT: Balance = 1_000_000;
/// A hundredth of a settlement unit.
pub const CENT: Balance = UNIT / 100;
/// The least that keeps an account which holds nothing else, in micro-units.
pub const EXISTENTIAL_DEPOSIT: Balance = CENT;

/// Milliseconds between blocks. Fixed for ever: nodes read it at start.
pub const SLOT_DURATION: Moment = 1_000;
/// Blocks whose hashes a mortal transaction may refer to: 68 minutes.
pub const BLOCK_HASH_COUNT: BlockNumber = 4_096;
/// Authorities at most.
pub const MAX_AUTHORITIES: u32 = 64;

/// Owns the assets of all vintages.
pub const POINTS_PALLET_ID: PalletId = PalletId(*b"hanse/vi");
/// Receives fees, tips and dust for the members.
pub const POT_PALLET_ID: PalletId = PalletId(*b"hanse/pt");

/// What the members agreed on: the same for every one of them.
pub mod rules {
	use super::*;

	/// What every member keeps as a bond, in micro-units.
	pub const ADMISSION_BOND: Balance = 10_000 * UNIT;
	/// Outstanding value at most, in per cent of bond and reserve.
	pub const LIABILITY_RATIO: u32 = 400;
	/// The length of an accounting era, in milliseconds: a day.
	pub const ERA: Moment = 24 * 60 * 60 * 1_000;
	/// The shortest period of a program, in milliseconds.
	pub const MIN_PERIOD: Moment = 10_000;
	/// The longest validity of points after the end of their period, in milliseconds: five years.
	pub const MAX_VALIDITY: Moment = 5 * 365 * ERA;
	/// The lowest price, in micro-units.
	pub const MIN_PRICE: Balance = CENT;
	/// Eras for which receipts are kept.
	pub const REFUND_WINDOW: u32 = 30;
}
