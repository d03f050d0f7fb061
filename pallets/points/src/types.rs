use crate::calendar::Period;
use alloc::{collections::btree_set::BTreeSet, vec::Vec};
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use frame_support::traits::ConstU32;
use hanse_primitives::{
	names, AssetId, Balance, EraIndex, InstitutionId, Moment, Name, ProgramId, Reading, Standstill,
	MAX_AWARDS, MAX_OPEN_VINTAGES,
};
use scale_info::TypeInfo;
use sp_core::H256;
use sp_runtime::{BoundedVec, Perquintill};

/// Ends of periods that are remembered of each program: a year, if its periods are months.
pub const MAX_CLOSINGS: u32 = 12;

/// The short name of a program as wallets show it: 1 to 8 of `A-Z` and `0-9`.
pub type Symbol = BoundedVec<u8, ConstU32<8>>;

/// What an institution promises to the holders of points issued from now on.
#[derive(
	Clone, Copy, Debug, Decode, DecodeWithMemTracking, Encode, Eq, MaxEncodedLen, PartialEq, TypeInfo,
)]
pub struct Terms {
	/// Settlement micro-units owed for one smallest unit: 1 to 10,000.
	pub face_value: u32,
	/// How many digits of the amount wallets show after the point: 0 to 6.
	pub decimals: u8,
	/// How long points go into the same vintage.
	pub period: Period,
	/// Milliseconds from the end of the period to the expiry; at most six of the shortest periods.
	pub validity: Moment,
	/// Milliseconds from an award to the day on which its points can be used: the return window of what
	/// was bought. At most half of the validity.
	pub pending: Moment,
}

/// One open vintage.
#[derive(Clone, Copy, Debug, Decode, Encode, Eq, MaxEncodedLen, PartialEq, TypeInfo)]
pub struct Vintage {
	/// Its asset.
	pub asset: AssetId,
	/// Settlement micro-units owed for one smallest unit.
	pub face_value: u32,
	/// The end of the period in which it is issued.
	pub closes: Moment,
	/// The first moment at which it is expired, on the clock of deadlines less the time for which the program's
	/// own clock stands.
	pub expires: Moment,
}

/// Terms that come into force with the period after the one in which they were revised.
#[derive(Clone, Copy, Debug, Decode, Encode, Eq, MaxEncodedLen, PartialEq, TypeInfo)]
pub struct Revision {
	/// The new terms.
	pub terms: Terms,
	/// The end of the last period under the old ones.
	pub from: Moment,
}

/// A clock that stands.
#[derive(Clone, Copy, Debug, Decode, Encode, Eq, MaxEncodedLen, PartialEq, TypeInfo)]
pub struct Stop {
	/// Since when, on the clock of deadlines.
	pub since: Moment,
	/// One bit for each [`Standstill`] that holds it.
	pub reasons: u8,
}

/// One institution's points.
#[derive(Clone, Debug, Decode, Encode, Eq, MaxEncodedLen, PartialEq, TypeInfo)]
pub struct Program {
	/// Who owes their value.
	pub issuer: InstitutionId,
	/// What is promised for points issued in the period that runs.
	pub terms: Terms,
	/// What is promised afterwards, if that is something else.
	pub revision: Option<Revision>,
	/// The time at which it was created.
	pub created: Moment,
	/// The time at which the first period under these terms began.
	pub started: Moment,
	/// Whether its clock stands.
	pub stopped: Option<Stop>,
	/// The part of the face value that is paid since the issuer's run-off began; all of it if there is none.
	pub rate: Option<Perquintill>,
	/// How many vintages were opened, ever.
	pub opened: u32,
	/// The open vintages, those that expire first in front, then the lower asset.
	pub vintages: BoundedVec<Vintage, ConstU32<MAX_OPEN_VINTAGES>>,
}

impl Program {
	/// What the program's clock shows at `now`.
	pub fn clock(&self, now: Moment) -> Moment {
		self.stopped.map_or(now, |stop| stop.since)
	}

	/// Take up revised terms once their time has come.
	pub fn take_up_revision(&mut self, now: Moment) {
		if let Some(Revision { terms, from }) = self.revision.filter(|revision| revision.from <= now) {
			self.terms = terms;
			self.started = from;
			self.revision = None;
		}
	}

	/// The begin of the period that runs at `now`.
	pub fn period_begin(&self, now: Moment) -> Moment {
		self.terms.period.around(self.started, now).0
	}

	/// The end of the period that runs at `now`.
	pub fn period_end(&self, now: Moment) -> Moment {
		self.terms.period.around(self.started, now).1
	}

	/// When points expire that are issued in a period which ends in `rest` milliseconds, on the clock that shows
	/// `now`.
	pub fn expiry(&self, rest: Moment, now: Moment) -> Moment {
		self.clock(now).saturating_add(rest).saturating_add(self.terms.validity)
	}

	/// The open vintages that are not expired at `now`, those that expire first in front.
	pub fn unexpired(&self, now: Moment) -> impl Iterator<Item = &Vintage> {
		self.unexpired_for(0, now)
	}

	/// Those of them that will not be expired for `lasting` more milliseconds either.
	pub fn unexpired_for(&self, lasting: Moment, now: Moment) -> impl Iterator<Item = &Vintage> {
		let until = self.clock(now).saturating_add(lasting);
		self.vintages.iter().filter(move |vintage| vintage.expires > until)
	}

	/// An open vintage that is not expired at `now`.
	pub fn find(&self, asset: AssetId, now: Moment) -> Option<&Vintage> {
		self.unexpired(now).find(|vintage| vintage.asset == asset)
	}

	/// The part of the face value that is paid.
	pub fn rate(&self) -> Perquintill {
		self.rate.unwrap_or(Perquintill::one())
	}

	/// Hold the clock for `reason`; says whether it ran.
	pub fn stop(&mut self, reason: Standstill, now: Moment) -> bool {
		let ran = self.stopped.is_none();
		self.stopped.get_or_insert(Stop { since: now, reasons: 0 }).reasons |= bit(reason);
		ran
	}

	/// One reason is gone; if it was the last, every expiry moves by the time for which the clock stood, and it
	/// runs again. Says whether it does.
	pub fn resume(&mut self, reason: Standstill, now: Moment) -> bool {
		let Some(stop) = self.stopped.as_mut() else { return false };
		stop.reasons &= !bit(reason);
		if stop.reasons != 0 {
			return false;
		}
		let stood = now.saturating_sub(stop.since);
		self.stopped = None;
		for vintage in &mut self.vintages {
			vintage.expires = vintage.expires.saturating_add(stood);
		}
		true
	}
}

const fn bit(reason: Standstill) -> u8 {
	1 << reason as u8
}

/// How far the members were inspected whose points are outstanding.
#[derive(Clone, Copy, Debug, Decode, Default, Encode, Eq, MaxEncodedLen, PartialEq, TypeInfo)]
pub struct Round {
	/// The era of the round.
	pub era: EraIndex,
	/// Who was inspected last.
	pub last: Option<InstitutionId>,
	/// Whether there are more to inspect.
	pub runs: bool,
}

/// How a program is called.
#[derive(Clone, Debug, Decode, Encode, Eq, MaxEncodedLen, PartialEq, TypeInfo)]
pub struct Label {
	/// Its name.
	pub name: Name,
	/// Its short name.
	pub symbol: Symbol,
}

impl Label {
	/// What a program can be called; `None` if that is no name or no symbol.
	pub fn new(name: &[u8], symbol: &[u8]) -> Option<Label> {
		let is_symbol =
			!symbol.is_empty() && symbol.iter().all(|c| c.is_ascii_uppercase() || c.is_ascii_digit());
		let symbol = is_symbol.then(|| Symbol::try_from(symbol.to_vec()).ok()).flatten()?;
		Some(Label { name: names::name(name)?, symbol })
	}

	/// How name and symbol can be read: at most six.
	pub fn readings(&self) -> BTreeSet<Reading> {
		names::readings(&self.name).into_iter().chain(names::readings(&self.symbol)).collect()
	}
}

/// Points for one order.
#[derive(Clone, Debug, Decode, DecodeWithMemTracking, Encode, Eq, MaxEncodedLen, PartialEq, TypeInfo)]
pub struct Award<AccountId> {
	/// Who earned them.
	pub to: AccountId,
	/// Smallest units.
	#[codec(compact)]
	pub amount: Balance,
	/// The commitment of the order that earned them.
	pub order: H256,
}

/// What one account is to get.
#[derive(Clone, Debug, Decode, Encode, Eq, MaxEncodedLen, PartialEq, TypeInfo)]
pub struct Share<AccountId> {
	/// Who gets it.
	pub to: AccountId,
	/// Smallest units.
	#[codec(compact)]
	pub amount: Balance,
	/// Smallest units that were taken back of it, and are not in `amount` any more.
	#[codec(compact)]
	pub cancelled: Balance,
}

/// Shares that were made together and become usable together.
pub type Shares<AccountId> = BoundedVec<Share<AccountId>, ConstU32<MAX_AWARDS>>;

/// What became of an order for which points were issued: at most 32 bytes, which the trie keeps in place.
#[derive(Clone, Copy, Debug, Decode, Encode, Eq, MaxEncodedLen, PartialEq, TypeInfo)]
pub struct Served {
	/// The era in which it was served, whatever era it named.
	pub era: EraIndex,
	/// The vintage of its points.
	pub asset: AssetId,
	/// Where they were put.
	pub stage: Stage,
}

impl Served {
	/// Whether it can have been served in batch `number`, whose awards mature at `until`.
	pub fn fits(&self, number: u64, until: Option<Moment>) -> bool {
		match self.stage {
			Stage::Minted => until.is_none(),
			Stage::Pending { matures, batch, .. } => batch == number && until == Some(matures),
			Stage::Cancelled => until.is_some(),
		}
	}
}

/// Where the points of an order were put.
#[derive(Clone, Copy, Debug, Decode, Encode, Eq, MaxEncodedLen, PartialEq, TypeInfo)]
pub enum Stage {
	/// Minted at once.
	Minted,
	/// Held back: what names their batch in `Pending`, and their share in it. They are minted from `matures` on.
	Pending {
		/// When they can be used, on the clock of deadlines.
		matures: Moment,
		/// The number of the batch.
		batch: u64,
		/// The place in the batch.
		share: u16,
	},
	/// Taken back in whole.
	Cancelled,
}

/// Orders that were served together.
#[derive(Clone, Debug, Decode, Encode, Eq, MaxEncodedLen, PartialEq, TypeInfo)]
pub struct ServedBatch {
	/// The program.
	pub program: ProgramId,
	/// When their awards can be used, on the clock of deadlines, if that was not at once.
	pub matures: Option<Moment>,
	/// Their commitments.
	pub orders: BoundedVec<H256, ConstU32<MAX_AWARDS>>,
}

/// An award of a batch whose order was served before.
#[derive(Clone, Copy, Debug, Decode, DecodeWithMemTracking, Encode, Eq, PartialEq, TypeInfo)]
pub struct Skipped {
	/// Its place in the batch, from 0.
	pub place: u16,
	/// The commitment of its order.
	pub order: H256,
}

/// What can be read of an order that was served.
#[derive(Clone, Copy, Debug, Decode, Encode, Eq, PartialEq, TypeInfo)]
pub struct OrderStatus {
	/// The era in which it was served.
	pub era: EraIndex,
	/// The vintage of its points.
	pub asset: AssetId,
	/// Where they are.
	pub place: AwardPlace,
}

/// Where the points of an order are.
#[derive(Clone, Copy, Debug, Decode, Encode, Eq, PartialEq, TypeInfo)]
pub enum AwardPlace {
	/// In the holder's account, unless they were spent or expired since.
	Minted,
	/// They wait.
	Pending {
		/// Smallest units, less what was taken back.
		amount: Balance,
		/// When they can be used.
		until: Moment,
	},
	/// They were taken back in whole.
	Cancelled,
}

/// What happened to a program's points, in smallest units: an auditor's roll-forward.
#[derive(Clone, Copy, Debug, Decode, Default, Encode, Eq, MaxEncodedLen, PartialEq, TypeInfo)]
pub struct Flows {
	/// Issued for orders.
	pub issued: Balance,
	/// Spent at the issuer.
	pub redeemed_at_home: Balance,
	/// Spent at other members.
	pub redeemed_at_partners: Balance,
	/// Made against points of other programs.
	pub exchanged_in: Balance,
	/// Burned for points of other programs.
	pub exchanged_out: Balance,
	/// Breakage.
	pub expired: Balance,
	/// Awards that were taken back while they were pending.
	pub cancelled: Balance,
	/// Given back for what was spent, or carried on for who was halted when it expired.
	pub reinstated: Balance,
}

impl Flows {
	/// What must be in circulation, pending awards included; `None` if more left than came, which cannot be.
	pub fn in_circulation(&self) -> Option<Balance> {
		self.issued
			.checked_add(self.exchanged_in)?
			.checked_add(self.reinstated)?
			.checked_sub(self.redeemed_at_home)?
			.checked_sub(self.redeemed_at_partners)?
			.checked_sub(self.exchanged_out)?
			.checked_sub(self.expired)?
			.checked_sub(self.cancelled)
	}

	/// What flowed after `earlier`.
	pub fn since(&self, earlier: &Flows) -> Flows {
		Flows {
			issued: self.issued.saturating_sub(earlier.issued),
			redeemed_at_home: self.redeemed_at_home.saturating_sub(earlier.redeemed_at_home),
			redeemed_at_partners: self.redeemed_at_partners.saturating_sub(earlier.redeemed_at_partners),
			exchanged_in: self.exchanged_in.saturating_sub(earlier.exchanged_in),
			exchanged_out: self.exchanged_out.saturating_sub(earlier.exchanged_out),
			expired: self.expired.saturating_sub(earlier.expired),
			cancelled: self.cancelled.saturating_sub(earlier.cancelled),
			reinstated: self.reinstated.saturating_sub(earlier.reinstated),
		}
	}
}

/// The value of everything that an institution ever made and of what lapsed of it, in settlement
/// micro-units. What is neither outstanding nor lapsed was spent.
#[derive(Clone, Copy, Debug, Decode, Default, Encode, Eq, MaxEncodedLen, PartialEq, TypeInfo)]
pub struct Made {
	/// Issued, exchanged in and reinstated.
	#[codec(compact)]
	pub made: Balance,
	/// Expired or cancelled.
	#[codec(compact)]
	pub lapsed: Balance,
}

/// What an institution issued of late.
#[derive(Clone, Copy, Debug, Decode, Default, Encode, Eq, MaxEncodedLen, PartialEq, TypeInfo)]
pub struct Growth {
	/// Settlement micro-units, less what has worn off since.
	#[codec(compact)]
	pub issued: Balance,
	/// When it was counted last.
	#[codec(compact)]
	pub at: Moment,
}

/// What is owed for the points that expire at one moment.
#[derive(Clone, Copy, Debug, Decode, Encode, Eq, MaxEncodedLen, PartialEq, TypeInfo)]
pub struct Due {
	/// The first moment at which they are expired.
	pub expires: Moment,
	/// Smallest units, pending awards included.
	pub points: Balance,
	/// Settlement micro-units.
	pub value: Balance,
}

/// A program's books at the end of one of its periods.
#[derive(Clone, Debug, Decode, Encode, Eq, MaxEncodedLen, PartialEq, TypeInfo)]
pub struct Closing {
	/// The end of the period.
	pub ends: Moment,
	/// All flows up to then.
	pub flows: Flows,
	/// The liability by expiry.
	pub due: BoundedVec<Due, ConstU32<MAX_OPEN_VINTAGES>>,
}

/// The roll-forward of a program's points over one period.
#[derive(Clone, Debug, Decode, Encode, Eq, PartialEq, TypeInfo)]
pub struct RollForward {
	/// The period's begin.
	pub from: Moment,
	/// The period's end; up to now if it still runs.
	pub until: Moment,
	/// Smallest units in circulation at its begin.
	pub opening: Balance,
	/// What flowed in it.
	pub flows: Flows,
	/// Smallest units in circulation at its end.
	pub closing: Balance,
	/// The liability at its end, by expiry.
	pub due: Vec<Due>,
}

/// What an account holds of one vintage.
#[derive(Clone, Copy, Debug, Decode, Encode, Eq, PartialEq, TypeInfo)]
pub struct Holding {
	/// The program.
	pub program: ProgramId,
	/// The vintage.
	pub asset: AssetId,
	/// Smallest units that can be used.
	pub amount: Balance,
	/// Smallest units of awards that cannot be used yet.
	pub pending: Balance,
	/// The first moment at which they are expired; later, if the program's clock stands.
	pub expires: Moment,
	/// What all of them would pay, in settlement micro-units.
	pub value: Balance,
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
	pub due: Vec<Due>,
}

/// What stands behind an institution's points, and what it owes for them, in settlement micro-units.
#[derive(Clone, Debug, Decode, Encode, Eq, PartialEq, TypeInfo)]
pub struct Statement {
	/// Its bond.
	pub bond: Balance,
	/// Its reserve.
	pub reserve: Balance,
	/// The face value of all its points.
	pub outstanding: Balance,
	/// Of that, what is authorised and may come back; everything else is due by some expiry.
	pub authorised: Balance,
	/// The highest outstanding value that bond and free reserve allow.
	pub cap: Balance,
	/// The lowest free reserve for what is outstanding.
	pub minimum_reserve: Balance,
	/// Its programs.
	pub programs: Vec<ProgramStatement>,
}
