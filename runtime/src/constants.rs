//! Every number of the runtime that no vote changes, with its unit. What the members agreed on is in
//! the rulebook.

use crate::{Balance, BlockNumber};
use frame_support::PalletId;
pub use hanse_primitives::UNIT;
use hanse_primitives::{Duration, DAY};

/// A hundredth of a settlement unit.
pub const CENT: Balance = UNIT / 100;
/// The least that keeps an account which holds nothing else, in micro-units.
pub const EXISTENTIAL_DEPOSIT: Balance = CENT;

/// Milliseconds between blocks. Fixed for ever: nodes read it at start.
pub const SLOT_DURATION: Duration = 1_000;
/// Blocks whose hashes a mortal transaction may refer to: 68 minutes.
pub const BLOCK_HASH_COUNT: BlockNumber = 4_096;

/// Owns the assets of all vintages.
pub const POINTS_PALLET_ID: PalletId = PalletId(*b"hanse/vi");
/// Receives fees, tips and dust for the members.
pub const POT_PALLET_ID: PalletId = PalletId(*b"hanse/pt");

/// Blocks for which a motion is open: a week.
pub const MOTION_DURATION: BlockNumber = 7 * 24 * 60 * 60;
/// What a motion's proposer holds while it is open, in micro-units.
pub const MOTION_DEPOSIT: Balance = 10 * UNIT;
/// Blocks for which safe mode lasts unless the members end it: three days.
pub const SAFE_MODE_DURATION: BlockNumber = 3 * 24 * 60 * 60;
/// Milliseconds after which an application lapses: thirty days.
pub const APPLICATION_LIFETIME: Duration = 30 * DAY;

/// Blocks between the announcement of a forced change of authorities and its coming into force: enough
/// that a fork at the announcement is over.
pub const FORCED_CHANGE_DELAY: BlockNumber = 8;
/// Blocks for which the report of an equivocation waits in the pool.
pub const REPORT_LONGEVITY: u64 = 600;

/// The shortest period of a program, in milliseconds.
pub const MIN_PERIOD: Duration = 10_000;
/// What a call of an unregistered account moves at least so that an institution pays its fee, in micro-units.
pub const MIN_STRANGER_VALUE: Balance = 10 * CENT;
/// The lowest price, in micro-units.
pub const MIN_PRICE: Balance = CENT;
