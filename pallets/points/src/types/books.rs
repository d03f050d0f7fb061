//! Books of programs, and what can be read of holders and issuers.

use super::{Revision, Symbol, Terms, Vintage};
use alloc::vec::Vec;
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use frame_support::traits::ConstU32;
use hanse_primitives::{AssetId, InstitutionId, Moment, Money, Name, Points, ProgramId, MAX_OPEN_VINTAGES};
use scale_info::TypeInfo;
use sp_runtime::{
	traits::{EnsureAdd, EnsureSub},
	ArithmeticError, BoundedVec, Perquintill,
};

/// Ends of periods that are remembered of each program: a year, if its periods are months.
pub const MAX_CLOSINGS: u32 = 12;

/// What happened to a program's points, in smallest units: an auditor's roll-forward.
#[derive(Clone, Copy, Debug, Decode, Default, Encode, Eq, MaxEncodedLen, PartialEq, TypeInfo)]
pub struct Flows {
	/// Issued for orders.
	pub issued: Points,
	/// Spent at the issuer.
	pub redeemed_at_home: Points,
	/// Spent at other members.
	pub redeemed_at_partners: Points,
	/// Made against points of other programs.
	pub exchanged_in: Points,
	/// Burned for points of other programs.
	pub exchanged_out: Points,
	/// Breakage.
	pub expired: Points,
	/// Awards that were taken back while they were pending.
	pub cancelled: Points,
	/// Given back for what was spent, or carried on for a holder who was halted when it expired.
	pub reinstated: Points,
}

impl Flows {
	/// What must be in circulation, pending awards included. Fails if more left than came, which cannot be.
	pub fn in_circulation(&self) -> Result<Points, ArithmeticError> {
		let came = self.issued.ensure_add(self.exchanged_in)?.ensure_add(self.reinstated)?;
		let redeemed = self.redeemed_at_home.ensure_add(self.redeemed_at_partners)?;
		let left = redeemed.ensure_add(self.exchanged_out)?.ensure_add(self.expired)?;
		came.ensure_sub(left.ensure_add(self.cancelled)?)
	}

	/// What flowed after `earlier`. Fails if there was more then, which cannot be.
	pub fn since(&self, earlier: &Flows) -> Result<Flows, ArithmeticError> {
		Ok(Flows {
			issued: self.issued.ensure_sub(earlier.issued)?,
			redeemed_at_home: self.redeemed_at_home.ensure_sub(earlier.redeemed_at_home)?,
			redeemed_at_partners: self.redeemed_at_partners.ensure_sub(earlier.redeemed_at_partners)?,
			exchanged_in: self.exchanged_in.ensure_sub(earlier.exchanged_in)?,
			exchanged_out: self.exchanged_out.ensure_sub(earlier.exchanged_out)?,
			expired: self.expired.ensure_sub(earlier.expired)?,
			cancelled: self.cancelled.ensure_sub(earlier.cancelled)?,
			reinstated: self.reinstated.ensure_sub(earlier.reinstated)?,
		})
	}
}

/// What is owed for the points that expire at one moment.
#[derive(Clone, Copy, Debug, Decode, Encode, Eq, MaxEncodedLen, PartialEq, TypeInfo)]
pub struct ExpiryBucket {
	/// The first moment at which they are expired.
	pub expires: Moment,
	/// Smallest units, pending awards included.
	pub points: Points,
	/// Settlement micro-units.
	pub value: Money,
}

/// A program's books at the end of one of its periods.
#[derive(Clone, Debug, Decode, Encode, Eq, MaxEncodedLen, PartialEq, TypeInfo)]
pub struct PeriodClosing {
	/// The end of the period.
	pub ends: Moment,
	/// All flows up to then.
	pub flows: Flows,
	/// The liability by expiry.
	pub due: BoundedVec<ExpiryBucket, ConstU32<MAX_OPEN_VINTAGES>>,
}

/// The roll-forward of a program's points over one period.
#[derive(Clone, Debug, Decode, Encode, Eq, PartialEq, TypeInfo)]
pub struct RollForward {
	/// The period's begin.
	pub from: Moment,
	/// The period's end; up to now if it still runs.
	pub until: Moment,
	/// Smallest units in circulation at its begin.
	pub opening: Points,
	/// What flowed in it.
	pub flows: Flows,
	/// Smallest units in circulation at its end.
	pub closing: Points,
	/// The liability at its end, by expiry.
	pub due: Vec<ExpiryBucket>,
}

/// What a block found that cannot be, and what becomes of it. It is a fault of the chain or of its storage: whoever
/// watches a node checks it at once.
#[derive(Clone, Debug, Decode, DecodeWithMemTracking, Encode, Eq, PartialEq, TypeInfo)]
pub enum PointsInconsistency<AccountId> {
	/// A vintage that is due cannot be booked as breakage. It lives a day longer, and is tried again.
	Expiry { asset: AssetId },
	/// What a halted customer has of a vintage that expired cannot be carried into another: it is breakage.
	Carry { asset: AssetId, holder: AccountId },
	/// An award of so many smallest units cannot be made usable. It stays pending, and is tried again a day later,
	/// unless its vintage has expired.
	Award { asset: AssetId, to: AccountId, amount: Points },
	/// A batch of awards cannot be read.
	Awards { asset: AssetId, batch: u64 },
	/// A list of orders that were served cannot be read.
	Orders { batch: u64 },
	/// The books of a period cannot be closed. They are closed with the next one's.
	Period { program: ProgramId },
	/// What a vintage that expired left behind cannot be swept. It stays.
	Sweep { asset: AssetId },
	/// The reserve of a member cannot be reviewed in this era.
	Reserve { institution: InstitutionId },
}

/// What an account holds of one vintage.
#[derive(Clone, Copy, Debug, Decode, Encode, Eq, PartialEq, TypeInfo)]
pub struct Holding {
	/// The program.
	pub program: ProgramId,
	/// The vintage.
	pub asset: AssetId,
	/// Smallest units that can be used.
	pub amount: Points,
	/// Smallest units of awards that cannot be used yet.
	pub pending: Points,
	/// The first moment at which they are expired; later, if the program's clock stands.
	pub expires: Moment,
	/// What all of them would pay, in settlement micro-units.
	pub value: Money,
}

/// What can be read of a program.
#[derive(Clone, Debug, Decode, Encode, Eq, PartialEq, TypeInfo)]
pub struct ProgramInfo {
	/// The program.
	pub program: ProgramId,
	/// Who owes its points' value.
	pub issuer: InstitutionId,
	/// What it is called.
	pub name: Name,
	/// What wallets call it, before the period of a vintage.
	pub symbol: Symbol,
	/// What is promised for points issued now.
	pub terms: Terms,
	/// The begin of the period that runs.
	pub begins: Moment,
	/// Its end.
	pub ends: Moment,
	/// What is promised for points issued afterwards, and from when, if that is something else.
	pub revision: Option<Revision>,
	/// The open vintages, those that expire first in front; the one of the period that runs closes at `ends`,
	/// and is not there before its first points are.
	pub vintages: Vec<Vintage>,
	/// Whether nothing of it expires for now.
	pub stands: bool,
	/// The part of the face value that is paid.
	pub rate: Perquintill,
}

/// Some of the programs.
#[derive(Clone, Debug, Decode, Encode, Eq, PartialEq, TypeInfo)]
pub struct ProgramPage {
	/// By id.
	pub programs: Vec<ProgramInfo>,
	/// The program from which the next page goes on, if there is one.
	pub next: Option<ProgramId>,
}

/// A part of what an account holds.
#[derive(Clone, Debug, Decode, Encode, Eq, PartialEq, TypeInfo)]
pub struct Portfolio {
	/// By program, those that expire first in front.
	pub holdings: Vec<Holding>,
	/// The program from which the next page goes on, if there is one.
	pub next: Option<ProgramId>,
}

/// One program in its institution's statement.
#[derive(Clone, Debug, Decode, Encode, Eq, PartialEq, TypeInfo)]
pub struct ProgramStatement {
	/// The program.
	pub program: ProgramId,
	/// What happened to its points, ever.
	pub flows: Flows,
	/// The liability by expiry.
	pub due: Vec<ExpiryBucket>,
}

/// What stands behind an institution's points, and what it owes for them, in settlement micro-units.
#[derive(Clone, Debug, Decode, Encode, Eq, PartialEq, TypeInfo)]
pub struct LiabilityStatement {
	/// Its bond.
	pub bond: Money,
	/// Its reserve.
	pub reserve: Money,
	/// The face value of all its points.
	pub outstanding: Money,
	/// Of that, what is authorised and may come back; everything else is due by some expiry.
	pub authorised: Money,
	/// The highest outstanding value that bond and free reserve allow.
	pub cap: Money,
	/// The lowest free reserve for what is outstanding.
	pub minimum_reserve: Money,
	/// Its programs.
	pub programs: Vec<ProgramStatement>,
}
