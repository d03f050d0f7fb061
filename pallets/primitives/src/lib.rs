//! Words that Hanse's pallets share: ids, amounts and the traits between neighbours.
//!
//! Amounts are of two kinds and both are a [`Balance`]: [`Money`] counts *settlement micro-units* (a millionth
//! of the settlement unit, the native token), [`Points`] counts *smallest units* of a program's points. Times are
//! a [`Moment`] or a [`Duration`]. A signature says which; [`math`] has the one rounding arithmetic.
#![cfg_attr(not(feature = "std"), no_std)]

extern crate alloc;

pub mod due;
mod flags;
pub mod math;
pub mod names;
mod traits;

pub use flags::{Flag, FlagSet};
pub use names::{Name, Reading};
pub use traits::*;

use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use scale_info::TypeInfo;
use sp_core::H256;

/// What currencies and assets count in: [`Money`] or [`Points`].
pub type Balance = u128;
/// Settlement micro-units.
pub type Money = Balance;
/// One settlement unit, in micro-units: it has 6 decimals.
pub const UNIT: Money = 1_000_000;
/// Smallest units of the points of one program.
pub type Points = Balance;
/// A member or applicant of the alliance. Ids start at 1 and are never used again.
pub type InstitutionId = u32;
/// One institution's loyalty program. Ids start at 1 and are never used again.
pub type ProgramId = u16;
/// The `pallet-assets` id of a vintage; see [`asset_id`].
pub type AssetId = u32;
/// Milliseconds since the Unix epoch.
pub type Moment = u64;
/// A length of time, in milliseconds.
pub type Duration = u64;
/// A day.
pub const DAY: Duration = 24 * 60 * 60 * 1_000;
/// The day in which a moment lies, counted from the Unix epoch.
pub const fn day_of(moment: Moment) -> u32 {
	let day = moment / DAY;
	if day > u32::MAX as u64 {
		u32::MAX
	} else {
		day as u32
	}
}
/// The number of an accounting era.
pub type EraIndex = u32;
/// A person, as a keyed hash whose key the members keep off chain.
pub type Tag = H256;

/// Members of the alliance at most.
pub const MAX_MEMBERS: u32 = 256;
/// Motions that are open at the same time at most.
pub const MAX_MOTIONS: u32 = 32;
/// Motions of one member that are open at the same time at most.
pub const MAX_MOTIONS_OF_ONE: u32 = 2;
/// Authorities at most.
pub const MAX_AUTHORITIES: u32 = 64;
/// Authorities below which a member that runs one may not stop or leave: 3f + 1 with f = 1.
pub const MIN_AUTHORITIES: u32 = 4;
/// Programs of one institution at most.
pub const MAX_PROGRAMS: u32 = 16;
/// Vintages of one program that are open at the same time at most.
pub const MAX_OPEN_VINTAGES: u32 = 8;
/// Programs that one payment draws on at most.
pub const MAX_LEGS: u32 = 8;
/// Awards in one batch at most.
pub const MAX_AWARDS: u32 = 500;
/// Burns that one payment makes at most: every open vintage of every leg.
pub const MAX_BURNS: u32 = MAX_LEGS * MAX_OPEN_VINTAGES;
/// Captures of one authorisation at most. The last of them gives the rest back.
pub const MAX_CAPTURES: u8 = 16;
/// Parts of one receipt at most: every burn, and one more for each capture, which may end within a burn.
pub const MAX_PARTS: u32 = MAX_BURNS + MAX_CAPTURES as u32;

/// Accounts that can stand behind one another after lost keys at most.
pub const MAX_SUCCESSIONS: u32 = 8;

/// A business event of the outside world, committed to and named once.
///
/// The commitment is a hash of the shop's own order number with a 128-bit salt, so that nothing about
/// the customer is on chain. It is the commitment that names the order, to whoever it is about: paid once at a
/// merchant by each payer, awarded once of a program, whatever open era a retry names. The era only says until
/// when the order can be delivered: the chain takes it for as many eras as a rule says. So "was this order
/// already served?" needs a memory of that many eras, not of all time.
#[derive(
	Clone, Copy, Debug, Decode, DecodeWithMemTracking, Encode, Eq, MaxEncodedLen, PartialEq, TypeInfo,
)]
pub struct Order {
	/// The era in which the order was placed.
	pub era: EraIndex,
	/// The salted hash of the order.
	pub commitment: H256,
}

/// Points of one vintage that were burned, and what they paid.
#[derive(
	Clone, Copy, Debug, Decode, DecodeWithMemTracking, Encode, Eq, MaxEncodedLen, PartialEq, TypeInfo,
)]
pub struct Burn {
	/// The vintage.
	pub asset: AssetId,
	/// Smallest units burned.
	#[codec(compact)]
	pub points: Points,
	/// Settlement micro-units that the issuer owes for them.
	#[codec(compact)]
	pub value: Money,
}

/// Something that a member did or left undone, seen by the chain itself.
#[derive(
	Clone,
	Copy,
	Debug,
	Decode,
	DecodeWithMemTracking,
	Encode,
	Eq,
	MaxEncodedLen,
	Ord,
	PartialEq,
	PartialOrd,
	TypeInfo,
)]
pub enum OffenceKind {
	/// Its authority voted for two different blocks in one round of GRANDPA.
	Equivocation,
	/// Its authority made too small a share of the blocks of a session.
	Offline,
	/// It was overdue at the end of a clearing cycle.
	OverdueFirst,
	/// It was overdue at a second end of a cycle in a row.
	OverdueSecond,
	/// It was overdue at a third end of a cycle in a row.
	OverdueThird,
	/// Its bond was below the rule at the end of an era.
	UnderBonded,
	/// Its reserve was below the rule at the end of an era.
	UnderReserved,
	/// It did not answer a supervisor's request in time.
	UnansweredDisclosure,
	/// It did not answer a customer's complaint in time.
	UnansweredComplaint,
	/// The members found for the customer who complained.
	UpheldComplaint,
}

/// Where points are spent, which decides the flow counter they go to.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Venue {
	/// At this merchant's till.
	Merchant(InstitutionId),
	/// Against the points of another program.
	Exchange,
}

/// The asset of the `sequence`-th vintage of `program`. Derived, so that nothing needs to be looked up.
pub const fn asset_id(program: ProgramId, sequence: u16) -> AssetId {
	((program as AssetId) << 16) | sequence as AssetId
}

/// The program that the vintage `asset` belongs to.
pub const fn program_of(asset: AssetId) -> ProgramId {
	(asset >> 16) as ProgramId
}

#[cfg(test)]
mod tests {
	use super::*;

	#[test]
	fn the_program_of_a_vintage_is_in_its_asset_id() {
		for (program, sequence) in [(1, 0), (1, u16::MAX), (u16::MAX, 0), (u16::MAX, u16::MAX)] {
			assert_eq!(program_of(asset_id(program, sequence)), program);
		}
		assert_ne!(asset_id(1, 0), asset_id(1, 1));
	}
}
